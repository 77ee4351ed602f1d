// caseflow.js: small helps over pages that work without it.

const PAUSE = 400;       // ms of quiet before the server is asked
const RELEASE = 10000;   // ms after which a pressed button answers again (a download leaves the page standing)

const touched = new Set();      // forms changed since they were opened
const sending = new Map();      // forms on their way -> the button that sent them

const posts = (form) => (form.getAttribute("method") || "").toLowerCase() === "post";


// Keep one part of the page in step with a form: the deadline while one registers, an applicant seen before,
// what an act would do. `ask` gives the address and the options of the request.

function follow(form, ask, target) {
  let timer;
  let request;

  async function refresh() {
    request?.abort();
    request = new AbortController();
    try {
      const [address, options] = ask();
      const answer = await fetch(address, { ...options, headers: { Accept: "text/html" }, signal: request.signal });
      if (answer.ok && !answer.redirected) show(target, await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") console.warn(error);
    }
  }

  form.addEventListener("input", (event) => {
    if (target.contains(event.target)) return;
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
}

function show(target, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const part = page.getElementById(target.id) || page.body;
  if (target.innerHTML !== part.innerHTML) target.innerHTML = part.innerHTML;
}

const texts = (form) => [...new FormData(form)].filter(([, value]) => typeof value === "string");

for (const name of ["preview", "offer", "similar"]) {
  const target = document.getElementById(name);
  if (!target) continue;
  for (const form of document.querySelectorAll(`form[data-${name}]`)) {
    follow(form, () => [form.dataset[name], { method: "POST", body: new URLSearchParams(texts(form)) }], target);
  }
}

// A part that takes a moment to look up comes after the page; without this a link leads to it.
for (const target of document.querySelectorAll("[data-load]")) {
  fetch(target.dataset.load, { headers: { Accept: "text/html" } })
    .then(async (answer) => answer.ok && !answer.redirected && show(target, await answer.text()))
    .catch((error) => console.warn(error));
}

// Published replies that may be what is being asked for, by what is wanted alone: nothing of who asks is sent.
for (const form of document.querySelectorAll("form[data-matching]")) {
  const fields = ["csrf_token", ...form.dataset.matchingFields.split(" ")];
  const asked = () => new URLSearchParams(texts(form).filter(([name]) => fields.includes(name)));
  follow(form, () => [form.dataset.matching, { method: "POST", body: asked() }], document.getElementById("matching"));
}

// What an act would do to the due day is asked with the days and figures alone: no words of a person in an address.
for (const form of document.querySelectorAll("form[data-what-if]")) {
  const fields = form.dataset.fields.split(" ");
  const asked = () => new URLSearchParams(texts(form).filter(([name]) => fields.includes(name)));
  follow(form, () => [`${form.dataset.whatIf}?${asked()}`, {}], document.getElementById("what-if"));
}


// Send a form once. The button is closed only after the browser has taken its name and value.

function release(form) {
  const button = sending.get(form);
  if (button) button.disabled = false;
  sending.delete(form);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!posts(form)) return;
  if (sending.has(form)) {
    event.preventDefault();
    return;
  }
  touched.delete(form);
  sending.set(form, event.submitter);
  setTimeout(() => {
    if (event.defaultPrevented) release(form);
    else if (event.submitter) event.submitter.disabled = true;
  });
  setTimeout(release, RELEASE, form);
});

window.addEventListener("pageshow", (event) => {
  if (event.persisted) [...sending.keys()].forEach(release);
});


// Ask before typed work is lost. Signing in is not work.

function touch(form) {
  if (form && posts(form) && !form.querySelector("[type=password]")) touched.add(form);
}

document.addEventListener("input", (event) => touch(event.target.form));
document.querySelectorAll("[aria-invalid=true]").forEach((control) => touch(control.closest("form")));

window.addEventListener("beforeunload", (event) => {
  if (touched.size) event.preventDefault();
});


// Print, and filters that apply themselves.

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("form[data-autosubmit] select")) event.target.form.requestSubmit();
});


// Files: dropped onto the form, and how far the sending has come. Without this the form sends itself.

function upload(form) {
  const drop = form.querySelector(".drop");
  const files = form.querySelector("input[type=file]");
  const bar = form.querySelector("progress");
  const told = form.querySelector("[data-told]");

  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.classList.add("over");
  });
  for (const over of ["dragleave", "drop"]) drop.addEventListener(over, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    files.files = event.dataTransfer.files;
    files.dispatchEvent(new Event("change", { bubbles: true }));
  });

  const tooLarge = () => {
    const large = [...files.files].filter((file) => file.size > Number(form.dataset.largest));
    return large.map((file) => file.name).join("、");
  };

  files.addEventListener("change", () => {
    const names = tooLarge();
    told.textContent = names ? `太大，不能上传：${names}` : "";
  });

  form.addEventListener("submit", (event) => {
    if (!files.files.length) return;
    event.preventDefault();
    const names = tooLarge();
    if (names) {
      told.textContent = `没有上传，什么都没有存入。太大，重新选文件：${names}`;
      return;
    }
    const button = event.submitter ?? form.querySelector("[type=submit]");
    if (button.disabled) return;
    button.disabled = true;
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", ({ loaded, total }) => {
      bar.hidden = false;
      bar.value = Math.round((100 * loaded) / total);
      told.textContent = loaded < total ? `正在上传，已完成 ${bar.value}%` : "已经传完，正在保存";
    });
    const fail = () => {
      bar.hidden = true;
      told.textContent = "没有传上去：网络断了，或者文件太大。什么都没有存入，再试一次";
      button.disabled = false;
    };
    request.addEventListener("load", () => {
      const main = mainOf(request.responseText);
      if (!main) return fail(); // refused by the web server before the application saw it
      touched.delete(form);
      arrive(main);
    });
    request.addEventListener("error", fail);
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}

// The page that answers a sending takes the place of the one that sent, messages and all.
const mainOf = (html) => new DOMParser().parseFromString(html, "text/html").getElementById("main");

function arrive(main) {
  document.getElementById("main").replaceWith(main);
  uploads(main);
  scrollTo(0, 0);
  main.focus();
}

const uploads = (part) => part.querySelectorAll("form[data-upload]").forEach(upload);

uploads(document);

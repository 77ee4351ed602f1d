// counter.js: helps over the public's form, which works without them. A draft stays in this browser and nowhere else.

const NAME = "caseflow-application";
const NEVER = new Set(["csrf_token", "key", "certificate_number", "phone"]);
const PAUSE = 500;       // ms of quiet before a draft is kept
const MEGABYTE = 2 ** 20;

// A browser may have no room for us, or be told to give none.
function shelf(act) {
  try {
    return act(localStorage);
  } catch {
    return null;
  }
}

const kept = () => shelf((storage) => JSON.parse(storage.getItem(NAME)));
const discard = () => shelf((storage) => storage.removeItem(NAME));
const keep = (form) => shelf((storage) => storage.setItem(NAME, JSON.stringify({ at: Date.now(), typed: typed(form) })));

const typed = (form) =>
  [...new FormData(form)].filter(([name, value]) => !NEVER.has(name) && typeof value === "string" && value !== "");

function restore(form, draft) {
  for (const [name, value] of draft.typed) {
    if (NEVER.has(name)) continue;
    const field = form.elements.namedItem(name);
    if (!field) continue;
    if (field.type === "checkbox") field.checked = true;
    else field.value = value;
  }
}

function drafts(box, form) {
  if (shelf((storage) => storage.setItem(`${NAME}-try`, "1") ?? true) === null) return;
  shelf((storage) => storage.removeItem(`${NAME}-try`));
  const wanted = box.querySelector("input");
  const found = box.querySelector("[data-found]");
  const draft = kept();
  let timer;
  box.hidden = false;
  wanted.checked = Boolean(draft);

  const empty = !typed(form).some(([name]) => !["office", "applicant_class"].includes(name));
  if (draft && empty) {
    found.querySelector("[data-when]").textContent = new Date(draft.at).toLocaleString("zh-CN", { dateStyle: "medium", timeStyle: "short" });
    found.hidden = false;
  }
  const later = () => {
    clearTimeout(timer);
    if (wanted.checked) timer = setTimeout(keep, PAUSE, form);
  };
  form.addEventListener("input", later);
  form.addEventListener("submit", () => wanted.checked && keep(form));
  wanted.addEventListener("change", () => (wanted.checked ? keep(form) : discard()));
  found.querySelector("[data-restore]").addEventListener("click", () => {
    restore(form, draft);
    found.hidden = true;
    form.elements.namedItem("name").focus();
  });
  found.querySelector("[data-discard]").addEventListener("click", () => {
    discard();
    wanted.checked = false;
    found.hidden = true;
    wanted.focus();
  });
}

// Files that are too large together are told of before they are sent: the server would take nothing of it.
function weigh(form) {
  form.addEventListener("submit", (event) => {
    if (event.submitter?.name === "change") return;
    const files = [...form.querySelectorAll("input[type=file]")].flatMap((input) => [...input.files]);
    const size = files.reduce((sum, file) => sum + file.size, 0);
    if (size <= Number(form.dataset.most) * MEGABYTE) return;
    event.preventDefault();
    form.querySelector("[data-told]").textContent = `没有提交：文件一共 ${Math.ceil(size / MEGABYTE)} MB，超过 ${form.dataset.most} MB，少选几个或者缩小以后再提交`;
  });
}

const box = document.querySelector("[data-draft]");
const form = document.querySelector("form[data-drafted]");
if (box && form) drafts(box, form);
document.querySelectorAll("form[data-most]").forEach(weigh);
if (document.querySelector("[data-taken]")) discard();

"""The process of the S3 server: moto's application, on the port it is given.

What it holds stays while it is "down": each line read from its input shuts the port, or opens it again. It
ends with its input.
"""

from __future__ import annotations

import sys
import threading
import time

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import BaseWSGIServer, make_server


def serve(port: int) -> BaseWSGIServer:
    """Open the port, as soon as nobody else's line out has it, and answer in a thread."""
    while True:
        try:
            server = make_server("127.0.0.1", port, application, threaded=True)
        except (OSError, SystemExit):
            time.sleep(0.1)
        else:
            break
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", flush=True)
    return server


application = DomainDispatcherApplication(create_backend_app)

if __name__ == "__main__":
    port = int(sys.argv[1])
    server = serve(port)
    for number, _ in enumerate(sys.stdin):
        if number % 2:
            server = serve(port)
        else:
            server.shutdown()
            server.server_close()
            print("down", flush=True)

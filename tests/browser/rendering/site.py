"""A page that has the renderer and nothing else, under the strictest policy that it has to work with."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).parents[3]
NONCE = "a-nonce"
POLICY = (
    f"default-src 'none'; script-src 'nonce-{NONCE}' 'strict-dynamic'; style-src 'self'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'"
)
VENDORED = {
    "vendor/markdown-it": "/static/vendor/markdown-it/markdown-it.esm.min.mjs",
    "vendor/katex": "/static/vendor/katex/katex.min.js",
    "vendor/highlight": "/static/vendor/highlight/highlight.min.js",
}


def import_map() -> dict[str, str]:
    ours = sorted((ROOT / "static/js/lib").glob("*.js"))
    return VENDORED | {f"lib/{path.stem}": f"/static/js/lib/{path.name}" for path in ours}


def page() -> bytes:
    sheets = sorted((ROOT / "static/css").glob("*.css"), key=lambda path: path.name != "layers.css")
    links = "\n".join(f'<link rel="stylesheet" href="/static/css/{path.name}">' for path in sheets)
    html = (Path(__file__).parent / "page.html").read_text()
    filled = html.replace("NONCE", NONCE).replace("STYLES", links)
    return filled.replace("IMPORTS", json.dumps({"imports": import_map()})).encode()


class Handler(SimpleHTTPRequestHandler):
    extensions_map = SimpleHTTPRequestHandler.extensions_map | {".mjs": "text/javascript"}
    protocol_version = "HTTP/1.1"

    def __init__(self, *args: object) -> None:
        super().__init__(*args, directory=str(ROOT))  # type: ignore[arg-type]

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != "/":
            return super().do_GET()
        body = page()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def end_headers(self) -> None:
        self.send_header("Content-Security-Policy", POLICY)
        super().end_headers()

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serve() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()

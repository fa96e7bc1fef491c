"""What the server of ``serve`` does beside what MkDocs' own does.

While something is broken it answers with the error instead of letting the browser wait; pages run
under the policy that readers' browsers hold; and when the press itself has changed, it ends with
`RESTART`, so that whoever started it starts it again.
"""

from __future__ import annotations

import html
import re
import traceback
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from mkdocs.livereload import _SCRIPT_TEMPLATE, LiveReloadServer

from ..base.book_paths import PACKAGE

RESTART = 75  # "try again", among the exit codes of BSD
PRESS = PACKAGE / "press"
CALL = re.compile(r"/livereload/page/(?P<epoch>\d+)/(?P<request>\d+)\.js")
PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>The book cannot be shown</title></head>
<body><h1>The book cannot be shown</h1>
<pre>{error}</pre>
<p>Mend it and save: this page then gives way to the book.</p></body>
</html>
"""


class LivePages:
    """The pages of ``server``; ``last_error`` gives what the hook heard of the last build."""

    def __init__(self, server: LiveReloadServer, last_error: Callable[[], str]) -> None:
        self.server, self.last_error = server, last_error
        self.error = ""
        self.started = _newest(PRESS)
        self.build = server.builder
        server.builder = self.rebuild
        server._inject_js_into_html = self.with_script
        server.set_app(self.answer)

    def rebuild(self) -> None:
        """Build, and keep the error for the pages."""
        if _newest(PRESS) > self.started:
            raise SystemExit(RESTART)
        try:
            self.build()
        except Exception as error:
            self.error = self.last_error()
            if not self.error:
                traceback.print_exc()
                self.error = f"{type(error).__name__}: {error}"
        else:
            self.error = ""

    def with_script(self, content: bytes, epoch: int) -> bytes:
        """The page ``content`` with a script that waits for the next build.

        In a file of its own: the policy allows no script inside a page.
        """
        before, end, after = content.rpartition(b"</body>")
        script = f'<script src="/livereload/page/{epoch}/{epoch}.js"></script>'
        return before + script.encode() + end + after

    def answer(self, environ: dict[str, Any], start: Callable[..., object]) -> Iterable[bytes]:
        """Answer a request."""
        path = environ["PATH_INFO"]
        if match := CALL.fullmatch(path):
            script = _SCRIPT_TEMPLATE.substitute(epoch=match["epoch"], request_id=match["request"])
            return _whole(start, "200 OK", "text/javascript; charset=utf-8", script.encode())
        is_page = path.endswith(("/", ".html")) and not path.startswith("/livereload/")
        if self.error and is_page:
            page = PAGE.format(error=html.escape(self.error)).encode()
            page = self.with_script(page, self.server._visible_epoch)
            return _whole(start, "500 Internal Server Error", "text/html; charset=utf-8", page)
        return self.server.serve_request(environ, start)


def _whole(start: Callable[..., object], status: str, kind: str, body: bytes) -> list[bytes]:
    start(
        status,
        [
            ("Content-Type", kind),
            ("Content-Length", str(len(body))),
            ("Cache-Control", "no-store"),
        ],
    )
    return [body]


def _newest(folder: Path) -> float:
    """When a file below ``folder`` was last changed; compiled files do not count."""
    files = (path for path in folder.rglob("*") if path.suffix not in {".pyc", ""})
    return max((path.stat().st_mtime for path in files if path.is_file()), default=0.0)

"""What DEPLOY.md prints for a server, run by that server as it is printed."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PRINTED = re.compile(r"```nginx\n(.*?)```", re.DOTALL)
CONF = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{}}
http {{
  access_log off;
  {temporary}
  server {{
    listen 127.0.0.1:{port};
    root {site};
    {printed}
  }}
}}
"""
HEADERS = (
    "Content-Security-Policy",
    "Strict-Transport-Security",
    "X-Content-Type-Options",
    "Referrer-Policy",
    "Cross-Origin-Opener-Policy",
    "Permissions-Policy",
    "Access-Control-Allow-Origin",  # Colab fetches notebooks
)


# The addresses of which DEPLOY.md says that a path below the host goes before them.
ABSOLUTE = re.compile(r"(?<=error_page 404 )/|(?<=location )/(?=\w)")


@pytest.fixture(scope="module", params=["", "courses/attention/"], ids=["top", "below a path"])
def address(request, site, tmp_path_factory) -> Iterator[str]:
    """The site, served by nginx with the lines that DEPLOY.md gives; ends with a slash."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/local/sbin:/usr/bin:/usr/local/bin")
    types = Path("/etc/nginx/mime.types")
    if not program or not types.exists():
        pytest.skip("no nginx here: 'apt install nginx'")
    (printed,) = PRINTED.findall((ROOT / ".github" / "DEPLOY.md").read_text("utf-8"))
    folder = tmp_path_factory.mktemp("nginx")
    below = request.param
    if below:
        printed, count = ABSOLUTE.subn(f"/{below}", printed)
        assert count == 5  # of the root's page, and of place and page of each language
        (folder / "host" / below).parent.mkdir(parents=True)
        (folder / "host" / below.rstrip("/")).symlink_to(site)
        site = folder / "host"
    shutil.copy(types, folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};"
        for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    known = {"folder": folder, "port": port, "site": site, "temporary": temporary}
    # Started by root, it would serve as a user who may not read this folder.
    user = "user root;\n" if hasattr(os, "geteuid") and os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(user + CONF.format(printed=printed, **known), "utf-8")
    command = [program, "-p", str(folder), "-c", str(folder / "nginx.conf")]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as server:
        try:
            for _ in range(100):
                with socket.socket() as client:
                    if not client.connect_ex(("127.0.0.1", port)):
                        break
                assert server.poll() is None, server.stderr.read() if server.stderr else ""
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}/{below}"
        finally:
            server.terminate()


def ask(address: str, *, compressed: bool = False) -> tuple[int, Message, bytes]:
    """Status, headers and body of what is at ``address``."""
    coding = {"Accept-Encoding": "gzip"} if compressed else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(address, headers=coding)) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("", "text/html; charset=utf-8"),
        ("zh/", "text/html; charset=utf-8"),
        ("en/nadaraya-watson.html", "text/html; charset=utf-8"),
        ("en/figures/toy-data.svg", "image/svg+xml; charset=utf-8"),
        ("en/figures/toy-data.csv", "text/csv; charset=utf-8"),
        ("en/figures/toy-data.pdf", "application/pdf"),
        ("en/figures/index.json", "application/json; charset=utf-8"),
        ("zh/notebooks/nadaraya-watson.ipynb", "application/x-ipynb+json"),
        ("zh/assets/attnbook/attnbook.js", "application/javascript; charset=utf-8"),
    ],
)
def test_files_have_their_types_and_the_headers(address, path, kind):
    status, headers, _ = ask(address + path)
    assert (status, headers["Content-Type"]) == (200, kind)
    assert all(headers[name] for name in HEADERS)


def test_files_with_a_hash_are_kept_and_have_the_headers_too(address, site):
    sheet = next((site / "zh" / "assets").rglob("book.*.css")).relative_to(site).as_posix()
    status, headers, _ = ask(address + sheet)
    assert (status, headers["Content-Type"]) == (200, "text/css; charset=utf-8")
    assert headers["Cache-Control"] == "max-age=31536000"
    assert all(headers[name] for name in HEADERS)


def test_text_is_compressed(address):
    for path in ("zh/nadaraya-watson.html", "zh/assets/attnbook/attnbook.js"):
        _, headers, body = ask(address + path, compressed=True)
        assert headers["Content-Encoding"] == "gzip"
        assert len(body) < len(ask(address + path)[2]) / 2


@pytest.mark.parametrize(
    ("path", "page"),
    [("nowhere", "404.html"), ("zh/nowhere", "zh/404.html"), ("en/a/b.html", "en/404.html")],
)
def test_what_is_not_there_is_told_in_the_language_of_the_address(address, site, path, page):
    status, headers, body = ask(address + path)
    assert status == 404
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert body == (site / page).read_bytes()

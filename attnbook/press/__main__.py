"""The command line: ``python -m attnbook.press build``, and what else ``--help`` lists."""

from __future__ import annotations

import argparse
import functools
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from .base import chromium, safe_files
from .base.book_paths import CHECKOUT, Layout
from .base.errors import PressError, PressErrors, shown
from .base.imprint import Imprint
from .checks import read_book
from .editions import offline_zip, pdf_print
from .execution import executed_book
from .execution.chapter_cache import prune
from .execution.progress import report
from .pages import stage
from .receipts import published_releases
from .site import build_site
from .words.page_words import LANGUAGES

# Unbuffered: a log shows what is happening, too.
say = functools.partial(print, flush=True)

Edition = Callable[[Layout, Path, Imprint, Path], Iterator[Path]]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a mistake in the book ends it with 1 and a message that says where."""
    options = _parser().parse_args(arguments)
    place = (getattr(options, "site", None) or Layout(options.root).site).resolve()
    before = _identity(place)
    try:
        return options.run(options)
    except PressError as error:
        count = len(error.errors) if isinstance(error, PressErrors) else 1
        told, code = f"{error}\n\n{count} error{'s' * (count > 1)}", 1
    except KeyboardInterrupt:
        told, code = "interrupted", 130
    after = _identity(place)
    if after is None:
        end = "nothing was built"
    else:
        end = (
            f"{shown(place)}/ {'is as it was' if after == before else 'was built anew before that'}"
        )
    print(f"\n{told}; {end}.", file=sys.stderr)
    return code


def _identity(folder: Path) -> tuple[int, int] | None:
    """What tells a folder from the one that takes its place; None if there is none."""
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m attnbook.press", description=__doc__)
    parser.add_argument("--root", type=Path, default=CHECKOUT, help="the folder with mkdocs.yml")
    commands = parser.add_subparsers(required=True, metavar="command")

    build = commands.add_parser("build", help="execute, weave and build both languages")
    build.add_argument("--site", type=Path, help="where the site goes (default: site/)")
    build.set_defaults(run=_build)

    pdf = commands.add_parser("pdf", help="build the site and print the book, a PDF per language")
    pdf.add_argument("--site", type=Path, help="print this built site instead of building one")
    pdf.add_argument("--to", type=Path, help="the folder of the PDFs (default: dist/)")
    pdf.set_defaults(run=_pdf)

    epub = commands.add_parser("epub", help="build the site and make an EPUB per language of it")
    epub.add_argument("--site", type=Path, help="take this built site instead of building one")
    epub.add_argument("--to", type=Path, help="the folder of the EPUBs (default: dist/)")
    epub.set_defaults(run=_epub)

    figures = commands.add_parser("figures", help="execute the chapters and draw every figure")
    figures.add_argument("--accept", action="store_true", help="record receipts of the figures")
    figures.set_defaults(run=_figures)

    verify = commands.add_parser("verify", help="execute all anew and compare with the receipts")
    verify.set_defaults(run=_verify)

    release = commands.add_parser("release", help="record the built site as a published version")
    release.add_argument("--site", type=Path, help="the site that was published (default: site/)")
    release.set_defaults(run=_release)

    disk = commands.add_parser(
        "offline", help="make one zip of the built site, for reading from disk"
    )
    disk.add_argument("--site", type=Path, help="the site that goes into it (default: site/)")
    disk.add_argument("--to", type=Path, help="the folder that it goes to (default: build/)")
    disk.set_defaults(run=_offline)
    audit = commands.add_parser("audit", help="measure every page by Lighthouse and axe-core")
    audit.add_argument("--pages", default="*", help="only those whose address matches: 'zh/*'")
    audit.add_argument("--site", type=Path, help="the built site (default: site/)")
    audit.set_defaults(run=_audit)

    serve = commands.add_parser("serve", help="show the book in one language, live")
    serve.add_argument("language", nargs="?", default="zh", choices=list(LANGUAGES))
    serve.add_argument("--address", default="127.0.0.1:8000", help="host:port to listen on")
    serve.set_defaults(run=_serve)

    for command in (build, pdf, epub, figures, verify):
        command.add_argument(
            "--timeout", type=float, default=120.0, help="seconds that one cell may take"
        )
    return parser


def _prepared(options: argparse.Namespace) -> executed_book.Book:
    layout = Layout(options.root.resolve())
    found = executed_book.run(read_book.read(layout), report(say), options.timeout)
    stage.stage(found, *LANGUAGES)
    return found


def _build(options: argparse.Namespace) -> int:
    start = time.perf_counter()
    target = (options.site or Layout(options.root).site).resolve()
    build_site.check(target)
    found = _prepared(options)
    pages = build_site.build(found, target, say)
    prune(found.layout.cache, [execution.folder for execution in found.executions.values()])
    _summary(found, start, f"{pages} pages", f"open {shown(target / 'index.html')}")
    return 0


def _pdf(options: argparse.Namespace) -> int:
    chromium.check()  # before a build that would be for nothing
    return _edition(options, pdf_print.pdfs)


def _epub(options: argparse.Namespace) -> int:
    from .editions import epub  # takes Matplotlib, for which others need not wait

    return _edition(options, epub.epubs)


def _edition(options: argparse.Namespace, make: Edition) -> int:
    if options.site is None:
        _build(options)
    layout = Layout(options.root.resolve())
    source = (options.site or layout.site).resolve()
    target = (options.to or layout.root / "dist").resolve()
    for path in make(layout, source, Imprint.read(layout), target):
        say(shown(path))
    return 0


def _figures(options: argparse.Namespace) -> int:
    start = time.perf_counter()
    found = _prepared(options)
    folders = " and ".join(shown(found.layout.stage(code) / "figures") for code in LANGUAGES)
    _summary(found, start, "in two languages", f"see {folders}")
    from .receipts import verify  # takes NumPy, for which a build need not wait

    if options.accept:
        verify.accept(found, say)
    else:
        say(verify.reminder(found))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from .receipts import verify

    layout = Layout(options.root.resolve())
    held = verify.verify(layout, timeout=options.timeout, progress=report(say), say=say)
    return 0 if held else 1


def _release(options: argparse.Namespace) -> int:
    layout = Layout(options.root.resolve())
    done = published_releases.record((options.site or layout.site).resolve(), layout.releases)
    count = len(done.files)
    print(f"version {done.version}: {count} files in {shown(layout.releases)}; commit it")
    return 0


def _offline(options: argparse.Namespace) -> int:
    layout = Layout(options.root.resolve())
    name, content = offline_zip.pack((options.site or layout.site).resolve())
    target = (options.to or layout.build).resolve() / name
    safe_files.write_if_changed(target, content)
    print(f"{shown(target)}: {len(content) / 1e6:.1f} MB; unzip it and open index.html")
    return 0


def _audit(options: argparse.Namespace) -> int:
    from .commands.audit import audit  # takes a browser

    site = (options.site or Layout(options.root.resolve()).site).resolve()
    return 0 if audit(site, options.pages, say) else 1


def _summary(found: executed_book.Book, start: float, made: str, result: str) -> None:
    executions = found.executions.values()
    cells = sum(len(execution.results) for execution in executions)
    hits = sum(execution.cached for execution in executions)
    print(
        f"\n{len(found.executions)} chapters ({hits} from the cache), {cells} cells, "
        f"{found.figures} figures, {made}, {time.perf_counter() - start:.1f} s\n{result}"
    )


def _serve(options: argparse.Namespace) -> int:
    layout = Layout(options.root.resolve())
    config = build_site.configure(layout, options.language, served=True)
    command = [sys.executable, "-P", "-m", "mkdocs", "serve", "--config-file", str(config)]
    command += ["--dev-addr", options.address]
    done = subprocess.run(command, cwd=layout.root, env=build_site.environment(layout))
    if done.returncode:
        raise PressError("mkdocs could not serve the book", mend="see what it says above")
    return 0


if __name__ == "__main__":
    sys.exit(main())

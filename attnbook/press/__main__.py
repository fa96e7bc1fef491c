"""The command line: ``python -m attnbook.press build``, and what else ``--help`` lists."""

from __future__ import annotations

import argparse
import functools
import subprocess
import sys
import time
from pathlib import Path

from . import book, releases, site, staging
from .cache import prune
from .errors import PressError, PressErrors, shown
from .layout import Layout
from .progress import report
from .words import LANGUAGES

# Unbuffered: a log shows what is happening, too.
say = functools.partial(print, flush=True)

ROOT = Path(__file__).resolve().parents[2]


def main(arguments: list[str] | None = None) -> int:
    """Run one command; a mistake in the book ends it with 1 and a message that says where."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options)
    except PressError as error:
        count = len(error.errors) if isinstance(error, PressErrors) else 1
        print(f"\n{error}\n\n{count} error{'s' * (count > 1)}; ", end="", file=sys.stderr)
        kept = Layout(options.root).site
        print(
            f"{shown(kept)}/ is as it was." if kept.exists() else "nothing was built.",
            file=sys.stderr,
        )
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted; the site is as it was.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m attnbook.press", description=__doc__)
    parser.add_argument("--root", type=Path, default=ROOT, help="the folder with mkdocs.yml")
    commands = parser.add_subparsers(required=True, metavar="command")

    build = commands.add_parser("build", help="execute, weave and build both languages")
    build.add_argument("--site", type=Path, help="where the site goes (default: site/)")
    build.set_defaults(run=_build)

    figures = commands.add_parser("figures", help="execute the chapters and draw every figure")
    figures.add_argument("--accept", action="store_true", help="record receipts of the figures")
    figures.set_defaults(run=_figures)

    verify = commands.add_parser("verify", help="execute all anew and compare with the receipts")
    verify.set_defaults(run=_verify)

    release = commands.add_parser("release", help="record the built site as a published version")
    release.add_argument("--site", type=Path, help="the site that was published (default: site/)")
    release.set_defaults(run=_release)

    audit = commands.add_parser("audit", help="measure every page by Lighthouse and axe-core")
    audit.add_argument("--pages", default="*", help="only those whose address matches: 'zh/*'")
    audit.add_argument("--site", type=Path, help="the built site (default: site/)")
    audit.set_defaults(run=_audit)

    serve = commands.add_parser("serve", help="show the book in one language, live")
    serve.add_argument("language", nargs="?", default="zh", choices=list(LANGUAGES))
    serve.add_argument("--address", default="127.0.0.1:8000", help="host:port to listen on")
    serve.set_defaults(run=_serve)

    for command in (build, figures, verify):
        command.add_argument(
            "--timeout", type=float, default=120.0, help="seconds that one cell may take"
        )
    return parser


def _prepared(options: argparse.Namespace) -> book.Book:
    layout = Layout(options.root.resolve())
    found = book.read(layout)
    book.run(found, report(say), options.timeout)
    staging.stage(found, *LANGUAGES)
    return found


def _build(options: argparse.Namespace) -> int:
    start = time.perf_counter()
    found = _prepared(options)
    target = (options.site or found.layout.site).resolve()
    pages = site.build(found, target, say)
    prune(found.layout.cache, [execution.folder for execution in found.executions.values()])
    _summary(found, start, f"{pages} pages", f"open {shown(target / 'index.html')}")
    return 0


def _figures(options: argparse.Namespace) -> int:
    start = time.perf_counter()
    found = _prepared(options)
    folders = " and ".join(shown(found.layout.stage(code) / "figures") for code in LANGUAGES)
    _summary(found, start, "in two languages", f"see {folders}")
    from . import verify  # takes NumPy, for which a build need not wait

    if options.accept:
        verify.accept(found, say)
    else:
        say(verify.reminder(found))
    return 0


def _verify(options: argparse.Namespace) -> int:
    from . import verify

    layout = Layout(options.root.resolve())
    held = verify.verify(layout, timeout=options.timeout, progress=report(say), say=say)
    return 0 if held else 1


def _release(options: argparse.Namespace) -> int:
    layout = Layout(options.root.resolve())
    done = releases.record((options.site or layout.site).resolve(), layout.releases)
    count = len(done.files)
    print(f"version {done.version}: {count} files in {shown(layout.releases)}; commit it")
    return 0


def _audit(options: argparse.Namespace) -> int:
    from .audit import audit  # takes a browser

    site = (options.site or Layout(options.root.resolve()).site).resolve()
    return 0 if audit(site, options.pages, say) else 1


def _summary(found: book.Book, start: float, made: str, result: str) -> None:
    executions = found.executions.values()
    cells = sum(len(execution.results) for execution in executions)
    hits = sum(execution.cached for execution in executions)
    print(
        f"\n{len(found.executions)} chapters ({hits} from the cache), {cells} cells, "
        f"{found.figures} figures, {made}, {time.perf_counter() - start:.1f} s\n{result}"
    )


def _serve(options: argparse.Namespace) -> int:
    layout = Layout(options.root.resolve())
    config = site.configure(layout, options.language, served=True)
    command = [sys.executable, "-P", "-m", "mkdocs", "serve", "--config-file", str(config)]
    command += ["--dev-addr", options.address]
    done = subprocess.run(command, cwd=layout.root, env=site.environment(layout))
    if done.returncode:
        raise PressError("mkdocs could not serve the book", mend="see what it says above")
    return 0


if __name__ == "__main__":
    sys.exit(main())

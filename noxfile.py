"""What a rebuilder runs: ``nox -s build``, ``nox -s tests``; ``nox -l`` lists all sessions.

All sessions share one environment, .nox/attnbook: torch is unpacked once, and a session that finds
the environment as the pins want it starts at once.
"""

import hashlib
import json
import os
import shutil
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "tests", "build"]
nox.options.default_venv_backend = "none"

ROOT = Path(__file__).parent
HOME = ROOT / ".nox" / "attnbook"
PYTHON = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
GROUPS = ("press", "tests", "lint")


def environment(session: nox.Session) -> str:
    """Make the shared environment if a pin has changed since it was made; return its Python."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        session.error(
            f"attnbook needs Python 3.11 to 3.13; this nox runs on {sys.version.split()[0]}. "
            "Install nox with a Python that fits: python3.13 -m pip install nox"
        )
    project = nox.project.load_toml(ROOT / "pyproject.toml")
    pins = [project[table] for table in ("build-system", "project", "dependency-groups")]
    pins += [(ROOT / ".constraints.txt").read_text(), sys.version, str(ROOT)]
    wanted = hashlib.sha256(json.dumps(pins).encode()).hexdigest()
    stamp = HOME / "pins.sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        session.log("installing the pinned packages into .nox/attnbook: once, for minutes")
        shutil.rmtree(HOME, ignore_errors=True)
        session.run(sys.executable, "-m", "virtualenv", "--quiet", str(HOME))
        needs = nox.project.dependency_groups(project, *GROUPS)
        session.run(
            *(str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check"),
            *("--constraint", ".constraints.txt", "--editable", ".", *needs),
        )
        stamp.write_text(wanted)
    return str(PYTHON)


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting, types and which room of the press imports which."""
    python = environment(session)
    session.run(python, "-m", "ruff", "check", ".")
    session.run(python, "-m", "ruff", "format", "--check", ".")
    session.run(python, "-m", "basedpyright", "--pythonpath", python)
    session.run(str(PYTHON.with_name("lint-imports")))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments after -- go to pytest, as --fast does: no browser, no builds."""
    python = environment(session)
    # A process per core, but each loads torch: more than four would want much memory. A file stays
    # in one process, since its tests share what takes long to make; the order is conftest's.
    workers = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile")
    session.run(*(python, "-m", "pytest", *workers, "--no-loadscope-reorder"), *session.posargs)


@nox.session
def build(session: nox.Session) -> None:
    """Execute the chapters, weave the pages, build both languages into site/."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "build", *session.posargs)


@nox.session(default=False)
def pdf(session: nox.Session) -> None:
    """Build the site and print the book with Chromium: a PDF per language, in dist/."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "pdf", *session.posargs)


@nox.session(default=False)
def epub(session: nox.Session) -> None:
    """Build the site and make an EPUB per language of it, in dist/."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "epub", *session.posargs)


@nox.session(default=False)
def figures(session: nox.Session) -> None:
    """Draw every figure, without the site; ``-- --accept`` records their receipts."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "figures", *session.posargs)


@nox.session(default=False)
def verify(session: nox.Session) -> None:
    """Execute every chapter anew and compare all figures with their receipts."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "verify", *session.posargs)


@nox.session(default=False)
def release(session: nox.Session) -> None:
    """Record the files of the built site as those of the released version: see CONTRIBUTING.md."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "release", *session.posargs)


@nox.session(default=False)
def serve(session: nox.Session) -> None:
    """Show the book live while it is edited: nox -s serve, or nox -s serve -- en."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "serve", *session.posargs)


@nox.session(default=False)
def offline(session: nox.Session) -> None:
    """Make one zip of the built site that works from disk, search included."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "offline", *session.posargs)


@nox.session(default=False)
def audit(session: nox.Session) -> None:
    """Measure every page by Lighthouse and axe-core: nox -s audit -- --pages 'zh/*'."""
    python = environment(session)
    session.run(python, "-m", "attnbook.press", "build")
    session.run(python, "-m", "attnbook.press", "audit", *session.posargs)

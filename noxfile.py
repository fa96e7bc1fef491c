"""What a rebuilder runs: ``nox -s build``, ``nox -s tests``; ``nox -l`` lists all sessions.

All sessions share one environment, .nox/attnbook: torch is unpacked once, and a session that finds
the environment as the pins want it starts at once. Sessions named by another Python, such as
``press-3.13``, have one of their own.
"""

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

import nox

nox.needs_version = ">=2025.2.9"
nox.options.sessions = ["lint", "tests", "build"]
nox.options.default_venv_backend = "none"

ROOT = Path(__file__).parent
OTHERS = ("3.12", "3.13")  # the Pythons that the book is built with, beside the oldest
# A process per core, but each loads torch: more than four would want much memory. A file stays in
# one process, since its tests share what takes long to make; the order is conftest's.
WORKERS = ("-n", "logical", "--maxprocesses", "4", "--dist", "loadfile", "--no-loadscope-reorder")


def environment(
    session: nox.Session, name: str = "attnbook", base: str = sys.executable, *, torch: bool = True
) -> str:
    """Make an environment if a pin has changed since it was made; return its Python.

    ``base`` is the interpreter that it is made of. Without ``torch`` it is small, and the library
    comes without what it needs.
    """
    if reason := unfit():
        session.error(reason)
    home = ROOT / ".nox" / name
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    project = nox.project.load_toml(ROOT / "pyproject.toml")
    pins = [project[table] for table in ("build-system", "project", "dependency-groups")]
    pins += [(ROOT / ".constraints.txt").read_text(), sys.version, base, str(ROOT), torch]
    wanted = hashlib.sha256(json.dumps(pins).encode()).hexdigest()
    stamp = home / "pins.sha256"
    if not stamp.exists() or stamp.read_text() != wanted:
        session.log(f"installing the pinned packages into .nox/{name}: once, for minutes")
        shutil.rmtree(home, ignore_errors=True)
        session.run(sys.executable, "-m", "virtualenv", "--quiet", "--python", base, str(home))
        pip = (str(python), "-m", "pip", "install", "--disable-pip-version-check")
        # A user's settings may send packages elsewhere: they belong into this environment.
        session.env.update(dict.fromkeys(("PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT")))
        if not os.access(Path.home(), os.W_OK):  # where pip would keep what it builds
            session.env["PIP_NO_CACHE_DIR"] = "1"
        needs = nox.project.dependency_groups(project, "press", "tests", *["lint"] * torch)
        if torch:
            session.run(*pip, "--constraint", ".constraints.txt", "--editable", ".", *needs)
        else:
            others = [need for need in project["project"]["dependencies"] if "torch" not in need]
            session.run(*pip, "--quiet", "--constraint", ".constraints.txt", *others, *needs)
            session.run(*pip, "--quiet", "--no-deps", "--editable", ".")
        stamp.write_text(wanted)
    return str(python)


def unfit() -> str:
    """Why the book cannot be built with this Python on this machine, and what to do instead."""
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        return (
            f"attnbook needs Python 3.11 to 3.13; this nox runs on {sys.version.split()[0]}. "
            "Install nox with a Python that fits: python3.13 -m pip install nox"
        )
    without = "PyTorch has no package for {}. Build on {}"
    if sys.maxsize < 2**32:
        return without.format("a Python of 32 bits", "a Python of 64 bits")
    if sys.platform == "darwin" and platform.machine() == "x86_64":
        return without.format("Macs with Intel processors", "Apple silicon, Linux or Windows")
    if sys.platform == "linux" and platform.libc_ver()[0] != "glibc":
        return without.format("this Linux, which has no glibc", "Debian, Ubuntu, Fedora …")
    return ""


def interpreter(session: nox.Session, version: str) -> str:
    """Where Python ``version`` is; a machine without it skips the session."""
    commands = [[f"python{version}"], ["py", f"-{version}"]]
    if pyenv := shutil.which("pyenv"):  # whose python3.13 works only where it is chosen
        prefix = subprocess.run([pyenv, "prefix", version], capture_output=True, text=True)
        commands.append([str(Path(prefix.stdout.strip(), "bin", "python"))])
    for command in commands:
        if shutil.which(command[0]):
            ask = [*command, "-c", "import sys; print(sys.executable, *sys.version_info[:2])"]
            answer = subprocess.run(ask, capture_output=True, text=True)
            path, _, found = answer.stdout.strip().partition(" ")
            if answer.returncode == 0 and found == version.replace(".", " "):
                return path
    return session.skip(f"there is no Python {version} here")


@nox.session
def lint(session: nox.Session) -> None:
    """Check style, formatting, types and which room of the press imports which."""
    python = environment(session)
    session.run(python, "-m", "ruff", "check", ".")
    session.run(python, "-m", "ruff", "format", "--check", ".")
    session.run(python, "-m", "basedpyright", "--pythonpath", python)
    session.run(str(Path(python).with_name("lint-imports")))


@nox.session
def tests(session: nox.Session) -> None:
    """Run the tests; arguments after -- go to pytest, as --fast does: no browser, no builds."""
    python = environment(session)
    session.run(python, "-m", "pytest", *WORKERS, *session.posargs)


for other in OTHERS:

    @nox.session(name=f"press-{other}", default=False)
    def press(session: nox.Session, version: str = other) -> None:
        """Test the press with another Python, as far as it goes without torch."""
        base = interpreter(session, version)
        python = environment(session, f"press-{version}", base, torch=False)
        session.run(python, "-m", "pytest", *WORKERS, "tests/press", "tests/book", *session.posargs)

    @nox.session(name=f"verify-{other}", default=False)
    def verify_other(session: nox.Session, version: str = other) -> None:
        """Verify all figures with another Python; with the default torch it takes gigabytes."""
        python = environment(session, f"verify-{version}", interpreter(session, version))
        session.run(python, "-m", "attnbook.press", "verify", *session.posargs)


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
def bench(session: nox.Session) -> None:
    """Measure pooling and the choice of w beside other ways, as ratios; writes dist/bench/."""
    python = environment(session)
    session.run(python, "tests/bench_pooling.py", *session.posargs)


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

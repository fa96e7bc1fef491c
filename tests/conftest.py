"""Before any test imports attnbook: check the shapes in its signatures on every call."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from filelock import FileLock
from hypothesis import settings
from jaxtyping import install_import_hook

if "attnbook" in sys.modules:
    raise RuntimeError("attnbook was imported before the hook that checks its annotations")
install_import_hook("attnbook", "beartype.beartype")

# The tensors are small: threads would only wait for each other.
torch.set_num_threads(1)

# The same examples on every machine and in every run, whatever its speed.
settings.register_profile("book", derandomize=True, deadline=None, database=None)
settings.load_profile("book")

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def once(tmp_path_factory) -> Callable[[str, Callable[[Path], None]], Path]:
    """A folder made once for all processes that run the tests: ``once("site", make)``.

    The first that asks makes it, the others wait. A failure is kept, too, and told to whoever asks
    later: trying again would take long and fail again. Nobody may change what is in the folder.
    """
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent

    def made(name: str, make: Callable[[Path], None]) -> Path:
        folder, done, failed = (shared / f"{name}-{part}" for part in ("once", "done", "failed"))
        with FileLock(shared / f"{name}.lock"):
            if failed.exists():
                pytest.fail(failed.read_text("utf-8"), pytrace=False)
            if not done.exists():
                folder.mkdir()
                try:
                    make(folder)
                except BaseException as error:
                    failed.write_text(f"{name} could not be made: {error}", "utf-8")
                    raise
                done.touch()
        return folder

    return made


@pytest.fixture(scope="session")
def site(once) -> Path:
    """The whole site, built from this checkout by the command that readers use."""

    def build(folder: Path) -> None:
        command = [sys.executable, "-m", "attnbook.press", "build", "--site", str(folder / "site")]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    return once("site", build) / "site"


@pytest.fixture
def heeds_interrupts():
    """What the test starts can be interrupted, though this may be a job in the background.

    A shell starts those with SIGINT ignored, and a child inherits that; a handler it does not.
    """
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def pytest_terminal_summary(terminalreporter) -> None:
    """One line for each reason to skip, however many tests it concerns."""
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} × {reason}", yellow=True)

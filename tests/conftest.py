"""Before any test imports attnbook: check the shapes in its signatures on every call."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import settings
from jaxtyping import install_import_hook

import fake_book

if "attnbook" in sys.modules:
    raise RuntimeError("attnbook was imported before the hook that checks its annotations")
install_import_hook("attnbook", "beartype.beartype")

HAS_TORCH = find_spec("torch") is not None
if HAS_TORCH:
    import torch

    # The tensors are small: threads would only wait for each other.
    torch.set_num_threads(1)

# The same examples on every machine and in every run, whatever its speed; --fast takes the first.
settings.register_profile("book", derandomize=True, deadline=None, database=None)
settings.register_profile("fast", settings.get_profile("book"), max_examples=10)
settings.load_profile("book")

TESTS = Path(__file__).resolve().parent
# Without torch, in the small environments of other Pythons, what needs none of it is tested.
if not HAS_TORCH:
    collect_ignore = ["library", "site", "browser", "press/figure_data/test_read_plot.py"]
ROOT = TESTS.parent
# A file stays in one process. These take longest and start first, else the last of them would run
# alone at the end; the first two are for two processes, of which one starts with the site.
LONGEST = (
    "press/site/test_build_site.py",
    "browser/test_twin.py",
    "browser/test_layout.py",
    "browser/test_terms.py",
    "browser/test_search.py",
    "press/receipts/test_verify.py",
    "browser/test_gallery.py",
    "browser/test_paper.py",
    "browser/test_offline.py",
    "book/test_book.py",
    "press/commands/test_shell.py",
    "press/source/test_cell_needs.py",
    "press/execution/test_execute.py",
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--fast",
        action="store_true",
        help="only what takes no browser, build, kernel or patience: for before every commit",
    )


def pytest_configure(config: pytest.Config) -> None:
    if config.getoption("fast"):
        settings.load_profile("fast")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    ranks = {TESTS / name: rank for rank, name in enumerate(LONGEST)}
    items.sort(key=lambda item: ranks.get(item.path, len(ranks)))
    left = [item for item in items if not HAS_TORCH and _wants_torch(item)]
    if config.getoption("fast"):
        left = [item for item in items if _slow(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]


def _wants_torch(item: pytest.Item) -> bool:
    """Whether a test executes something with torch, as the chapters of this book do."""
    return not {"with_torch", "the_book", "site"}.isdisjoint(getattr(item, "fixturenames", ()))


def _slow(item: pytest.Item) -> bool:
    """Whether a test needs a browser, or something that is built or executed first."""
    return (
        TESTS / "browser" in item.path.parents
        or "once" in getattr(item, "fixturenames", ())  # those of its fixtures are among them
        or item.get_closest_marker("slow") is not None
    )


@pytest.fixture(scope="session")
def with_torch() -> None:
    """What a test asks for that executes cells with torch: without torch it is left out."""


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
def the_book(once):
    """The book as it stands with all that its chapters yield, for nobody to change."""
    from attnbook.press.base.book_paths import Layout
    from attnbook.press.book import executed_book
    from attnbook.press.checks import read_book

    source = read_book.read(Layout(ROOT))
    once("executions", lambda _: executed_book.run(source, lambda _: None))
    return executed_book.run(source, lambda _: None)  # every chapter from the cache


@pytest.fixture(scope="session")
def site(once, the_book) -> Path:
    """The whole site, built from this checkout by the command that readers use.

    After the book was executed: two processes would do so at once.
    """

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


@pytest.fixture(scope="session")
def small(once) -> Path:
    """A folder with the small ``book``, built, and what the build ``said``; take a copy."""

    def build(folder: Path) -> None:
        root = fake_book.write(folder / "book")
        command = [sys.executable, "-P", "-m", "attnbook.press", "--root", str(root), "build"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        (folder / "said").write_text(done.stdout, "utf-8")

    return once("small", build)


def pytest_terminal_summary(terminalreporter, config: pytest.Config) -> None:
    """One line for each reason to skip, however many tests it concerns."""
    if config.getoption("fast"):
        terminalreporter.write_line(
            "--fast: nothing was built, executed, published or opened in a browser, and properties "
            "were tried on fewer examples; nox -s tests does all",
            yellow=True,
        )
    reasons = Counter(report.longrepr[2] for report in terminalreporter.stats.get("skipped", []))
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"{count} × {reason}", yellow=True)

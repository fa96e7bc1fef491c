"""Execution: what a chapter yields, what stops the build, and that nothing runs twice."""

import contextlib
import errno
import itertools
import json
import os
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest

from attnbook.press.base.errors import PressError
from attnbook.press.execution.execute import Number, execute, execute_all
from attnbook.press.execution.progress import report
from attnbook.press.source import chapter_script
from attnbook.press.source.figure_messages import Catalogue

pytestmark = pytest.mark.slow

CATALOGUE = Catalogue(Path("messages.csv"), ("en", "zh"), (("truth", "真实函数"),))

RICH = '''"""A chapter that does a little of everything."""

# %% imports
import os
import traceback
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import torch
from matplotlib.figure import Figure

import helper

plt.style.use("attnbook.book")

# %% scalars
count = 3
ratio = 2 / 3
flag = True
name = "Nadaraya"
width = torch.tensor(0.25, dtype=torch.float64, requires_grad=True)
score = np.float32(0.5)
_hidden = 1
same = 1
different = 1
rebound = 1
helped = helper.VALUE
print("count", count)
ratio

# %% arrays
x = torch.arange(6.0).reshape(2, 3)
y = np.array([1, 2])
gradient = torch.ones(2, requires_grad=True)
half = torch.tensor([1.5], dtype=torch.bfloat16)
file = np.array(["2026-11-22"], dtype="datetime64[D]")
view = x.T
x

# %% more-arrays
x[0, 0] = 9.0
z = y * 2
same = 1
different = 2
rebound = [1]

# %% fit
figure, axes = plt.subplots(figsize=(3, 2))
axes.plot(x[0], label="truth")
print("printed")
axes.legend()

# %% unmanaged
alone = Figure(figsize=(2, 1))
alone.subplots().plot([0, 1])
alone

# %% no-figure
len(plt.get_fignums())

# %% profile
print(sorted(os.listdir()), len(sorted(Path.home().glob("*.py"))))
print(matplotlib.get_backend(), os.environ["PYTHONHASHSEED"], torch.get_num_threads())
print(os.environ.get("ATTNBOOK_SECRET"), plt.rcParams["lines.linewidth"] == 77)

# %% expected-error
try:
    helper.fail()
except ValueError:
    print(traceback.format_exc())
'''

HELPER = '''"""A module beside the book."""

VALUE = 1


def fail():
    raise ValueError("as expected")
'''


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A place for chapters, with a module that they import and a user who has a profile."""
    root = tmp_path_factory.mktemp("execute")
    (root / "helper.py").write_text(HELPER, encoding="utf-8")
    home = root / "user"
    for name, text in {
        ".ipython/profile_default/startup/00.py": "different = 'from the profile'\nprint('hi')\n",
        ".ipython/profile_default/ipython_kernel_config.py": "raise SystemExit\n",
        "matplotlib/matplotlibrc": "lines.linewidth: 77\n",
        "startup.py": "raise SystemExit\n",
    }.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("IPYTHONDIR", str(home / ".ipython"))
        patch.setenv("MPLCONFIGDIR", str(home / "matplotlib"))
        patch.setenv("MATPLOTLIBRC", str(home / "matplotlib"))
        patch.setenv("PYTHONSTARTUP", str(home / "startup.py"))
        patch.setenv("PYTHONWARNINGS", "error")
        patch.setenv("ATTNBOOK_SECRET", "leaked")
        patch.setenv("PYTHONPATH", str(root))
        yield root


def write(folder, name, text):
    path = folder / f"{name}.py"
    path.write_text(text, encoding="utf-8")
    return chapter_script.read(path)


@pytest.fixture(scope="module")
def rich(folder, with_torch):
    return write(folder, "rich", RICH)


@pytest.fixture(scope="module")
def runs(folder, rich):
    """Two executions from scratch, and the progress that the first one told."""
    told = []
    with ThreadPoolExecutor(2) as pool:
        jobs = [
            pool.submit(execute, rich, cache=folder / cache, catalogue=CATALOGUE, progress=progress)
            for cache, progress in (("cache", told.append), ("again", lambda _: None))
        ]
        return [job.result() for job in jobs], told


@pytest.fixture(scope="module")
def run(runs):
    return runs[0][0]


def test_text_is_what_was_printed_and_the_last_expression(run):
    assert run.results["imports"].text == ""
    assert run.results["scalars"].text == "count 3\n0.6666666666666666"
    assert run.results["arrays"].text == "tensor([[0., 1., 2.],\n        [3., 4., 5.]])"


def test_a_drawing_at_the_end_of_a_cell_is_no_text(run):
    assert run.results["fit"].text == "printed"
    assert run.results["unmanaged"].text == ""


def test_figures_are_named_by_their_cell_and_closed_after_it(run):
    figures = {label: result.figure for label, result in run.results.items() if result.figure}
    assert {label: (f.slug, f.width, f.height) for label, f in figures.items()} == {
        "fit": ("fit", 288, 192),
        "unmanaged": ("unmanaged", 192, 96),
    }
    assert run.results["no-figure"].text == "0"
    for kind in ("svg", "pdf", "png"):
        assert (run.folder / "figures" / f"fit.zh.{kind}").stat().st_size > 1000
    assert "真实函数" in (run.folder / "figures" / "fit.zh.svg").read_text(encoding="utf-8")


def test_numbers_have_a_value_and_the_cell_that_gave_it(run):
    expected = {
        "count": 3,
        "ratio": 2 / 3,
        "flag": True,
        "name": "Nadaraya",
        "width": 0.25,
        "score": 0.5,
        "same": 1,
        "helped": 1,
    }
    for name, value in expected.items():
        assert run.numbers[name] == Number(value, "scalars")
        assert type(run.numbers[name].value) is type(value)
    assert not {"_hidden", "x", "os"} & run.numbers.keys()


def test_a_name_with_two_values_is_ambiguous(run):
    assert run.numbers["different"] == Number(1, "scalars", ambiguous=True)
    assert run.numbers["rebound"].ambiguous


def test_new_and_changed_arrays_are_kept_with_their_cell(run):
    with np.load(run.folder / "arrays" / "arrays.npz") as first:
        assert sorted(first) == ["file", "gradient", "half", "view", "x", "y"]
        assert first["x"].tolist() == [[0, 1, 2], [3, 4, 5]]
        assert first["half"].tolist() == [1.5]
        assert str(first["file"][0]) == "2026-11-22"
    with np.load(run.folder / "arrays" / "more-arrays.npz") as second:
        assert {name: second[name].tolist() for name in second} == {
            "view": [[9, 3], [1, 4], [2, 5]],
            "x": [[9, 1, 2], [3, 4, 5]],
            "z": [2, 4],
        }
    names = sorted(path.stem for path in (run.folder / "arrays").iterdir())
    assert names == ["arrays", "more-arrays"]


def test_the_kernel_sees_nothing_of_the_user(run):
    assert run.results["profile"].text == "[] 0\nagg 0 1\nNone False"


def test_a_traceback_that_a_cell_prints_names_the_cell(run):
    assert 'File "<expected-error>", line 2, in <module>' in run.results["expected-error"].text


def test_the_notebook_holds_code_and_text_and_nothing_of_the_moment(run, rich):
    notebook = json.loads((run.folder / "executed.ipynb").read_text(encoding="utf-8"))
    assert [cell["id"] for cell in notebook["cells"]] == rich.labels
    assert [cell["execution_count"] for cell in notebook["cells"]] == list(range(1, 10))
    assert "".join(notebook["cells"][1]["source"]) == rich["scalars"].source
    kinds = [output["output_type"] for output in notebook["cells"][1]["outputs"]]
    assert kinds == ["stream", "execute_result"]
    assert [o["output_type"] for o in notebook["cells"][4]["outputs"]] == ["stream"]
    assert all(cell["metadata"] == {} for cell in notebook["cells"])


def test_versions_are_those_of_the_kernel(run):
    import matplotlib
    import torch

    assert run.versions["python"] == sys.version.split()[0]
    assert run.versions["torch"] == torch.__version__
    assert run.versions["matplotlib"] == matplotlib.__version__
    assert run.versions["numpy"] == np.__version__
    assert run.versions["zhplot"]


def test_two_executions_from_scratch_have_the_same_bytes(runs):
    (first, second), _ = runs
    names = sorted(path.relative_to(first.folder) for path in first.folder.rglob("*"))
    assert names == sorted(path.relative_to(second.folder) for path in second.folder.rglob("*"))
    assert first.folder.name == second.folder.name
    for name in names:
        if (first.folder / name).is_file():
            assert (first.folder / name).read_bytes() == (second.folder / name).read_bytes(), name


def test_progress_names_each_cell_as_it_starts_and_ends(runs, rich):
    _, told = runs
    assert [(p.index, p.label) for p in told if p.seconds is None] == list(
        enumerate(rich.labels, 1)
    )
    ended = [p for p in told if p.seconds is not None]
    assert [p.label for p in ended] == rich.labels
    assert {(p.chapter, p.total, p.cached) for p in told} == {("rich", 9, False)}
    assert not any((p.seconds or 0) < 0 for p in told)


def test_an_unchanged_chapter_executes_nothing(folder, rich, run, monkeypatch):
    import attnbook.press.execution.kernel_run

    monkeypatch.delattr(attnbook.press.execution.kernel_run, "Run")  # whoever executes needs it
    told = []
    again = execute(rich, cache=folder / "cache", catalogue=CATALOGUE, progress=told.append)
    assert again.cached
    assert not run.cached
    assert (again.results, again.numbers, again.folder) == (run.results, run.numbers, run.folder)
    assert again.versions == run.versions
    assert [(p.index, p.total, p.label, p.cached) for p in told] == [(9, 9, "", True)]


def test_prose_around_the_cells_executes_nothing(folder, rich, run, monkeypatch):
    import attnbook.press.execution.kernel_run

    monkeypatch.delattr(attnbook.press.execution.kernel_run, "Run")
    moved = write(folder, "rich", '"""Another docstring,\n\nand a longer one."""\n' + RICH)
    again = execute(moved, cache=folder / "cache", catalogue=CATALOGUE)
    assert again.cached
    assert again.chapter["fit"].line == rich["fit"].line + 3
    write(folder, "rich", RICH)


def test_a_changed_line_of_an_imported_source_executes_again(folder, rich, run):
    helper = folder / "helper.py"
    helper.write_text(HELPER.replace("VALUE = 1", "VALUE = 2"), encoding="utf-8")
    try:
        again = execute(rich, cache=folder / "cache", catalogue=CATALOGUE)
    finally:
        helper.write_text(HELPER, encoding="utf-8")
    assert not again.cached
    assert again.numbers["helped"].value == 2
    assert execute(rich, cache=folder / "cache", catalogue=CATALOGUE).folder == run.folder


def test_the_sources_of_the_library_that_it_loaded_are_recorded(run):
    record = json.loads((run.folder / "execution.json").read_text(encoding="utf-8"))
    assert {
        "attnbook/press/execution/cell_capture.py",
        "attnbook/press/figures/draw_files.py",
    } <= set(record["sources"])
    assert any(name.endswith("helper.py") for name in record["sources"])
    assert "torch" in record["distributions"]


def test_without_a_loopback_interface_nothing_is_tried(folder, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.ENETUNREACH, "Network is unreachable")

    chapter = write(folder, "unreached", "# %% one\nx = 1\n")
    monkeypatch.setattr(socket, "create_server", refuse)
    with pytest.raises(PressError, match=r"127\.0\.0\.1 \(Network is unreachable\)\n  mend: bring"):
        execute(chapter, cache=tmp_path, catalogue=CATALOGUE)


FAILING = {
    "raising": (
        "def fail(x):\n    y = 1\n    return x / 0\n\n# %% two\nz = 1\nfail(z)\n",
        6,
        "the cell 'two' raises ZeroDivisionError: division by zero",
    ),
    "warning": (
        "import warnings\n\n# %% two\nx = 1\nwarnings.warn('look')\n",
        8,
        "the cell 'two' warns: UserWarning: look",
    ),
    "stderr": (
        "import sys\n\n# %% two\nprint('oh', file=sys.stderr)\n",
        7,
        "the cell 'two' writes to standard error",
    ),
    "slow": ("import time\n\n# %% two\ntime.sleep(60)\n", 7, "the cell 'two' takes longer than"),
    "dying": ("import os\n\n# %% two\nos._exit(1)\n", 7, "the kernel dies in the cell 'two'"),
    "aborting": ("import os\n\n# %% two\nos.abort()\n", 7, "the kernel dies in the cell 'two'"),
    "figures": (
        "import matplotlib.pyplot as plt\n\n# %% two\nplt.figure()\nplt.figure()\n",
        7,
        "the cell 'two' makes 2 figures",
    ),
    "untranslated": (
        "import matplotlib.pyplot as plt\n\n# %% two\nplt.plot([1, 2])\nplt.title('nowhere')\n",
        8,
        "the text 'nowhere' in the figure has no translation",
    ),
    "address": (
        "x = 1\n\n# %% two\nobject()\n",
        7,
        "the cell 'two' shows an object instead of what matters of it",
    ),
    "rich": (
        "from IPython.display import Image, display\n\n# %% two\n"
        "display({'text/html': '<b>'}, raw=True)\n",
        7,
        "the cell 'two' has an output that is not text: text/html",
    ),
    "path": (
        "import os\n\n# %% two\nprint(os.getcwd())\n",
        7,
        "the cell 'two' shows a path of this machine",
    ),
    "writing": (
        "from pathlib import Path\n\n# %% two\nplace = Path('..', '..', 'written.txt')\n"
        "place.write_text('x')\n",
        8,
        "the cell 'two' writes outside its folder: ",
    ),
    "removing": (
        "import contextlib\nimport os\n\n# %% two\nwith contextlib.suppress(Exception):\n"
        "    os.remove('/not-there')\n",
        9,
        "the cell 'two' writes outside its folder: /not-there",
    ),
    "signalling": (
        "import os\n\n# %% two\nos.kill(os.getppid(), 15)\n",
        7,
        "the cell 'two' signals the process ",
    ),
    "flooding": (
        "x = 1\n\n# %% two\nwhile True:\n    print('x' * 1000)\n",
        8,
        "the cell 'two' prints more than the limit of 50,000 characters",
    ),
}


@pytest.fixture(scope="module")
def failures(folder):
    """What each failing chapter reports; they share the time it takes to start kernels."""

    def attempt(name):
        chapter = write(folder, f"bad_{name}", '"""Doc."""\n\n# %% one\n' + FAILING[name][0])
        limit = 5.0 if name == "slow" else 60.0
        try:
            execute(chapter, cache=folder / "failing", catalogue=CATALOGUE, timeout=limit)
        except PressError as error:
            return error

    with ThreadPoolExecutor(3) as pool:
        return dict(zip(FAILING, pool.map(attempt, FAILING), strict=True))


@pytest.mark.parametrize("name", FAILING)
def test_a_failing_cell_is_named_with_file_and_line(folder, failures, name):
    error = failures[name]
    _, line, what = FAILING[name]
    assert isinstance(error, PressError)
    assert what in error.what
    assert (error.path, error.line) == (folder / f"bad_{name}.py", line)
    assert "\x1b" not in str(error)


def test_a_traceback_shows_lines_of_the_script_and_no_machinery(failures):
    detail = failures["raising"].detail
    assert 'bad_raising.py", line 10, in <module>\n    fail(z)' in detail
    assert 'bad_raising.py", line 6, in fail\n    return x / 0' in detail
    assert detail.endswith("ZeroDivisionError: division by zero")
    assert "IPython" not in detail


def test_the_limit_and_how_to_raise_it_are_told(failures):
    assert "limit of 5 seconds" in failures["slow"].what
    assert "--timeout" in failures["slow"].mend


def test_last_words_of_a_kernel_are_kept(failures):
    assert failures["dying"].detail == ""
    assert "Aborted" in failures["aborting"].detail


def test_failures_leave_nothing_behind(folder, failures):
    assert list((folder / "failing").iterdir()) == []


LEAVE = """
import subprocess, sys
nap = [sys.executable, "-c", "import time; time.sleep(600)"]
print(subprocess.Popen(nap, stdout=subprocess.DEVNULL, start_new_session=True).pid)
"""


@pytest.mark.skipif(os.name == "nt", reason="sessions of POSIX")
def test_what_a_cell_starts_ends_with_it_whoever_its_parent_is(tmp_path):
    (tmp_path / "leave.py").write_text(LEAVE, encoding="utf-8")
    script = (
        "# %% one\nimport subprocess\nimport sys\n\n"
        f"pid = int(subprocess.check_output([sys.executable, {str(tmp_path / 'leave.py')!r}]))\n"
    )
    chapter = write(tmp_path, "daemon", script)
    executed = execute(chapter, cache=tmp_path / "cache", catalogue=CATALOGUE)
    pid = executed.numbers["pid"].value
    assert isinstance(pid, int)
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(timeout=60)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


SLOW = '# %% one\nimport time\n\n# %% two\nprint("here")\ntime.sleep(600)\n'
BUILD = """
import os
import sys
from pathlib import Path
from attnbook.press.source import chapter_script
from attnbook.press.source.figure_messages import Catalogue
from attnbook.press.execution.execute import execute_all
os.cpu_count = lambda: 2
catalogue = Catalogue(Path("m.csv"), ("en", "zh"), ())
chapters = [chapter_script.read(Path(path)) for path in sys.argv[2:]]
execute_all(chapters, cache=Path(sys.argv[1]), catalogue=catalogue,
            progress=lambda p: print(p.label, p.seconds, flush=True))
"""


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
@pytest.mark.usefixtures("heeds_interrupts")
def test_an_interrupted_run_leaves_no_entry_and_no_kernel(tmp_path, number):
    chapter, other = tmp_path / "slow.py", tmp_path / "slower.py"
    chapter.write_text(SLOW, encoding="utf-8")
    other.write_text(SLOW, encoding="utf-8")
    cache = tmp_path / "cache"
    with subprocess.Popen(
        [sys.executable, "-c", BUILD, cache, chapter, other],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as build:
        assert build.stdout is not None
        assert build.stderr is not None
        reached = itertools.islice((line for line in build.stdout if line == "two None\n"), 2)
        assert len(list(reached)) == 2, f"it ended before the second cells:\n{build.stderr.read()}"
        kernels = psutil.Process(build.pid).children()
        assert len(kernels) == 2
        build.send_signal(number)
        try:
            _, said = build.communicate(timeout=60)
        except subprocess.TimeoutExpired:
            raise AssertionError("it did not end in 60 seconds") from None
        finally:
            build.kill()
    assert build.returncode != 0, "it went on to its end"
    for kernel in kernels:
        with contextlib.suppress(psutil.NoSuchProcess):
            kernel.wait(timeout=60)
    left = [path.name for path in cache.iterdir()]
    if number == signal.SIGINT:
        assert said.rstrip().endswith("KeyboardInterrupt")
        assert left == []
        return
    assert [name.startswith(".partial-") for name in left] == [True, True]
    chapter.write_text(SLOW.replace("600", "0"), encoding="utf-8")
    again = execute(
        chapter_script.read(chapter),
        cache=cache,
        catalogue=Catalogue(Path("m.csv"), ("en", "zh"), ()),
    )
    assert again.results["two"].text == "here"
    assert list(cache.iterdir()) == [again.folder]


# A cell writes nowhere but into its own folder; a program that it starts may.
MEETING = """# %% one
import subprocess
import sys
import time
from pathlib import Path

here = Path({folder!r})
subprocess.run([sys.executable, "-c", "open(r'" + str(here / {name!r}) + "', 'w')"], check=True)
while not (here / {other!r}).exists():
    time.sleep(0.01)

# %% two
print("met")
"""


def test_chapters_run_side_by_side_and_come_in_the_order_of_the_book(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    chapters = []
    for name, other in [("long", "short"), ("short", "long")]:
        text = MEETING.format(folder=str(tmp_path), name=name, other=other)
        pause = "import time\ntime.sleep(1)\n" if name == "long" else ""
        chapters.append(write(tmp_path, name, text + pause))
    lines: list[str] = []
    executions = execute_all(
        chapters, cache=tmp_path / "cache", catalogue=CATALOGUE, progress=report(lines.append)
    )
    assert [execution.chapter.name for execution in executions] == ["long", "short"]
    assert [execution.results["two"].text for execution in executions] == ["met", "met"]
    assert all(line.startswith(("long", "short")) for line in lines)
    assert "long: executing 2 cells" in lines
    assert [line.split()[:3] for line in lines if "2/2" in line] == [
        ["short", "2/2", "two"],
        ["long", "2/2", "two"],
    ]


def test_a_failing_chapter_ends_the_others(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    text = MEETING.format(folder=str(tmp_path), name="slow", other="wrong")
    slow = write(tmp_path, "slow", text + "time.sleep(600)\n")
    text = MEETING.format(folder=str(tmp_path), name="wrong", other="slow")
    wrong = write(tmp_path, "wrong", text + "1 / 0\n")
    before = psutil.Process().children()  # a browser, when its tests ran in this process
    with pytest.raises(PressError, match=r"wrong\.py:14: the cell 'two' raises ZeroDivisionError"):
        execute_all([slow, wrong], cache=tmp_path / "cache", catalogue=CATALOGUE)
    assert psutil.Process().children() == before
    assert list((tmp_path / "cache").iterdir()) == []

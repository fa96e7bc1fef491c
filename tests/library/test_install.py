"""What a reader has after ``pip install``: torch and the package, no tools of the tests."""

import subprocess
import sys
import tomllib
import zipfile
from email import message_from_bytes
from pathlib import Path

import pytest
import torch
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet

import attnbook

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

WITHOUT_TOOLS = """
import importlib.abc, sys

class Missing(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"jaxtyping", "beartype"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
"""

FIT = """
import torch, attnbook
generator = torch.Generator().manual_seed(0)
data = attnbook.toy_data(generator=generator)
net = attnbook.NWKernelRegression(generator=generator)
history = attnbook.train(net, data.x_train, data.y_train)
w = attnbook.select_w(data.x_train, data.y_train)
print(history.w[-1], w, attnbook.effective_neighbours(net.attention_weights).mean().item())
"""


def run(code):
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, timeout=120
    )


@pytest.fixture(scope="module")
def bare():
    """A run without the tools."""
    return run(WITHOUT_TOOLS + FIT + "print(sorted(sys.modules))")


def test_it_works_without_jaxtyping_and_beartype(bare):
    assert bare.returncode == 0, bare.stderr
    assert "'jaxtyping'" not in bare.stdout
    assert "'beartype'" not in bare.stdout


def test_it_computes_the_same_with_and_without_them(bare):
    equipped = run(FIT)
    assert equipped.returncode == 0, equipped.stderr
    assert equipped.stdout.splitlines()[0] == bare.stdout.splitlines()[0]


def test_errors_are_the_same_with_and_without_them():
    call = "import torch, attnbook; attnbook.average_pooling(torch.ones(2), [1.0])"
    with pytest.raises(TypeError) as caught:
        attnbook.average_pooling(torch.ones(2), [1.0])
    bare = run(WITHOUT_TOOLS + call)
    assert bare.stderr.splitlines()[-1] == f"TypeError: {caught.value}"


def test_importing_the_package_does_not_import_matplotlib(bare):
    assert "'attnbook.pooling'" in bare.stdout
    assert "'matplotlib'" not in bare.stdout


def test_every_public_name_is_there_once():
    assert sorted(set(attnbook.__all__)) == sorted(attnbook.__all__)
    assert all(hasattr(attnbook, name) for name in attnbook.__all__)


def test_importing_the_package_waits_for_nothing():
    assert run("import sys, attnbook; print('torch' in sys.modules)").stdout == "False\n"


def test_a_name_that_does_not_exist_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'atention_pooling'"):
        _ = attnbook.atention_pooling


def test_the_version_is_that_of_the_project():
    assert attnbook.__version__ == PROJECT["version"]
    assert "__version__" in dir(attnbook)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel that readers install, as the build makes it."""
    folder = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (path,) = folder.glob("*.whl")
    with zipfile.ZipFile(path) as archive:
        yield archive


def test_the_wheel_holds_the_library_and_nothing_else(wheel):
    package = {path for path in (ROOT / "attnbook").rglob("*") if path.is_file()}
    library = {
        path.relative_to(ROOT).as_posix()
        for path in package
        if not {"press", "chapters", "__pycache__"} & set(path.relative_to(ROOT).parts)
    }
    names = set(wheel.namelist())
    assert {name for name in names if ".dist-info/" not in name} == library
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


@pytest.fixture(scope="module")
def metadata(wheel):
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    return message_from_bytes(wheel.read(name))


@pytest.mark.parametrize("python", ["3.11.0", "3.12.1", "3.13.0", "3.14.2", "3.20.0"])
def test_the_wheel_goes_on_every_python_from_3_11(metadata, python):
    asked = SpecifierSet(metadata["Requires-Python"])
    assert python in asked
    assert "3.10.19" not in asked


def test_the_wheel_leaves_a_reader_the_torch_that_is_there(metadata):
    asked = {one.name: one for one in map(Requirement, metadata.get_all("Requires-Dist"))}
    assert set(asked) == {"torch", "matplotlib", "zhplot"}
    for name, there in {
        "torch": ["2.4.0", "2.4.1+cu121", "2.9.1", "2.13.0+cpu", "3.0.0"],
        "matplotlib": ["3.9.2", "3.10.0", "3.11.2", "4.0.0"],
        "zhplot": ["1.0.0", "1.4.2"],
    }.items():
        for version in there:
            assert version in asked[name].specifier, (name, version)
    # What the book was built with is among it.
    pins = (ROOT / ".constraints.txt").read_text("utf-8").splitlines()
    for name, one in asked.items():
        (pin,) = [pin for pin in pins if pin.startswith(f"{name}==")]
        assert pin.partition("==")[2] in one.specifier


@pytest.mark.parametrize(("arguments", "code"), [([], 0), (["cite", "toy-data"], 2)])
def test_the_library_says_where_the_command_line_is(arguments, code):
    command = [sys.executable, "-m", "attnbook", *arguments]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == code
    (line,) = (done.stderr if code else done.stdout).splitlines()
    assert "python -m attnbook.press --help" in line

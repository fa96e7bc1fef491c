"""What a reader has after ``pip install``: torch and the package, no tools of the tests."""

import subprocess
import sys

import pytest
import torch

import attnbook

pytestmark = pytest.mark.slow

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
width = attnbook.select_width(data.x_train, data.y_train)
print(history.w[-1], width, attnbook.effective_neighbours(net.attention_weights).mean().item())
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

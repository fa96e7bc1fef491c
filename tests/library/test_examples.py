"""The examples in docstrings print what they say."""

import ast
import doctest
import importlib
import pkgutil
from importlib.util import find_spec
from pathlib import Path

import pytest

import attnbook


def has_examples(name: str) -> bool:
    """Whether a docstring of the module has one: read from its source, so that none is loaded."""
    spec = find_spec(name)
    assert spec is not None and spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    owners = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    said = [ast.get_docstring(node) for node in ast.walk(tree) if isinstance(node, owners)]
    return any(">>>" in text for text in said if text)


# Chapters are run by the press; the command line would run when imported.
MODULES = [
    module.name
    for module in pkgutil.walk_packages(attnbook.__path__, "attnbook.")
    if ".chapters" not in module.name
    and not module.name.endswith("__main__")
    and has_examples(module.name)
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner()
    report: list[str] = []
    for test in doctest.DocTestFinder().find(module):
        runner.run(test, out=report.append)
    assert runner.tries > 0
    assert runner.failures == 0, "".join(report)


def test_examples_are_found():
    assert "attnbook.pooling" in MODULES

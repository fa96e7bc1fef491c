"""The examples in docstrings print what they say."""

import doctest
import importlib
import pkgutil

import pytest

import attnbook

# Chapters are run by the press; the command line would run when imported.
MODULES = [
    module.name
    for module in pkgutil.walk_packages(attnbook.__path__, "attnbook.")
    if ".chapters" not in module.name and not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name):
    module = importlib.import_module(name)
    runner = doctest.DocTestRunner()
    report: list[str] = []
    for test in doctest.DocTestFinder().find(module):
        runner.run(test, out=report.append)
    assert runner.failures == 0, "".join(report)


def test_examples_are_found():
    module = importlib.import_module("attnbook.pooling")
    assert any(test.examples for test in doctest.DocTestFinder().find(module))

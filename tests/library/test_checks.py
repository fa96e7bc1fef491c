"""Checks themselves: what they quote, what they let through, and that they come first."""

import inspect

import pytest
import torch
from jaxtyping import TypeCheckError

import attnbook
from attnbook import attention_pooling, checks


class TestQuoting:
    def test_tensors_by_shape_and_others_by_type(self):
        given = {"a": torch.zeros(2, 3), "b": [1], "c": None, "d": torch.tensor(1.0)}
        assert checks.quote(given) == "a (2, 3), b list, c NoneType, d ()"

    def test_dtypes_and_devices_on_request(self):
        given = {"a": torch.zeros(2), "b": torch.zeros(1, dtype=torch.int64, device="meta")}
        assert checks.quote(given, "dtype") == "a (2,) torch.float32, b (1,) torch.int64"
        assert checks.quote(given, "device") == "a (2,) cpu, b (1,) meta"

    def test_types_of_other_packages_with_their_module(self):
        assert checks.describe(torch.zeros(1).numpy()) == "numpy.ndarray"
        assert checks.describe(torch.nn.Linear(1, 1)).endswith("Linear")


class TestChecked:
    def test_the_check_comes_first_and_gets_arguments_by_name(self):
        seen = []

        def check(**arguments):
            seen.append(("check", arguments))

        @checks.checked(check)
        def function(a, /, b, *, c=3):
            seen.append(("function", a, b, c))
            return a

        assert function(1, b=2) == 1
        assert seen == [("check", {"a": 1, "b": 2}), ("function", 1, 2, 3)]

    def test_a_failing_check_keeps_the_function_from_running(self):
        def check(a):
            raise ValueError(f"not {a}")

        @checks.checked(check)
        def function(a):
            pytest.fail("ran")

        with pytest.raises(ValueError, match="not 1"):
            function(1)

    @pytest.mark.parametrize("name", [n for n in attnbook.__all__ if n.islower()])
    def test_public_functions_keep_their_name_signature_and_documentation(self, name):
        function = getattr(attnbook, name)
        assert function.__name__ == name
        assert function.__doc__
        parameters = inspect.signature(function).parameters.values()
        assert not any(p.kind in {p.VAR_POSITIONAL, p.VAR_KEYWORD} for p in parameters)


class TestAnnotations:
    """The import hook of conftest.py is on: what passes our check meets the annotations."""

    def test_they_are_checked_behind_our_checks(self):
        unchecked = attention_pooling.__wrapped__
        with pytest.raises(TypeCheckError):
            unchecked(torch.zeros(2, 1), torch.zeros(3), torch.zeros(3))
        with pytest.raises(TypeCheckError):
            unchecked(torch.zeros(2), torch.zeros(3), torch.zeros(4))

    def test_ours_is_the_error_that_readers_see(self):
        with pytest.raises(ValueError, match="queries must be") as caught:
            attention_pooling(torch.zeros(2, 1), torch.zeros(3), torch.zeros(3))
        assert not isinstance(caught.value, TypeError)


def test_whole_numbers_are_numbers():
    """An integer width is as good as a float one; beartype would tell them apart."""
    queries, keys = torch.tensor([0.5]), torch.tensor([0.0, 1.0, 3.0])
    assert torch.equal(
        attention_pooling(queries, keys, keys, width=2),
        attention_pooling(queries, keys, keys, width=2.0),
    )

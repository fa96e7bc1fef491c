"""Checks themselves: what they quote, what they let through, and that they come first."""

import inspect
import subprocess
import sys

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
        unchecked = attnbook.leave_one_out_loss.__wrapped__
        with pytest.raises(TypeCheckError):
            unchecked(torch.zeros(3, 1), torch.zeros(3), 1.0)
        with pytest.raises(TypeCheckError):
            unchecked(torch.zeros(3), torch.zeros(4), 1.0)

    def test_ours_is_the_error_that_readers_see(self):
        with pytest.raises(ValueError, match="queries must be") as caught:
            attention_pooling(torch.zeros(2, 1), torch.zeros(3), torch.zeros(3))
        assert not isinstance(caught.value, TypeError)


class TestOrderAndAdvice:
    @pytest.mark.parametrize("wrong", [(0, 1, 2), (1, 2), (2, 0)])
    def test_the_first_wrong_argument_of_the_signature_is_named(self, wrong):
        arguments = [torch.tensor([0.0, 1.0])] * 3
        given = [1 if place in wrong else tensor for place, tensor in enumerate(arguments)]
        first = ("queries", "keys", "values")[min(wrong)]
        with pytest.raises(TypeError, match=f"^{first} must be a torch.Tensor"):
            attention_pooling(*given)

    def test_no_advice_mixes_the_rows_of_a_batch(self):
        batch, row = torch.zeros(2, 3), torch.zeros(3)
        for call in (
            lambda: attention_pooling(batch, row, row),
            lambda: attention_pooling(row, torch.zeros(2, 3, 4), torch.zeros(2, 3, 4)),
            lambda: attnbook.leave_one_out_pairs(batch),
            lambda: attnbook.select_w(batch, batch),
        ):
            with pytest.raises(ValueError, match=r"Pass one row at a time") as caught:
                call()
            assert "reshape" not in str(caught.value)
        with pytest.raises(ValueError, match=r"Use queries\.reshape\(-1\)"):
            attention_pooling(torch.zeros(3, 1), row, row)


class TestTracing:
    """What writes down a function, for whatever numbers, gets through; wrong shapes do not."""

    ARGUMENTS = (torch.tensor([0.5, 2.0]), torch.tensor([0.0, 1.0, 3.0]), torch.ones(3))

    class Pooling(torch.nn.Module):
        def forward(self, queries, keys, values):
            return attention_pooling(queries, keys, values, w=2.0)

    def expected(self):
        return attention_pooling(*self.ARGUMENTS, w=2.0)

    def test_vmap(self):
        several = torch.stack([self.ARGUMENTS[0], self.ARGUMENTS[0] + 1])
        pooled = torch.func.vmap(lambda q: attention_pooling(q, *self.ARGUMENTS[1:], w=2.0))
        assert torch.allclose(pooled(several)[0], self.expected())

    def test_gradients_by_func(self):
        loss = lambda w: attnbook.leave_one_out_loss(*self.ARGUMENTS[1:], w)  # noqa: E731
        assert torch.func.grad(loss)(torch.tensor(1.5)).isfinite()
        both = torch.func.vmap(torch.func.grad(loss))(torch.tensor([1.5, 2.0]))
        assert both.shape == (2,)

    def test_export(self):
        program = torch.export.export(self.Pooling(), self.ARGUMENTS)
        assert torch.allclose(program.module()(*self.ARGUMENTS), self.expected())

    def test_shapes_are_checked_all_the_same(self):
        with pytest.raises(ValueError, match="a row for each of the 2 queries"):
            torch.func.vmap(lambda q: attention_pooling(q, torch.ones(3, 4), torch.ones(3, 4)))(
                torch.ones(5, 2)
            )


COMPILED = """
import warnings
import torch
from attnbook import NWKernelRegression, leave_one_out_loss

keys, values = torch.tensor([0.0, 1.0, 3.0]), torch.tensor([1.0, 0.0, 2.0])
net = NWKernelRegression(torch.Generator().manual_seed(0))
prediction, loss = net(keys, keys, values), leave_one_out_loss(keys, values, 2.0)
compiled = torch.compile(net, backend="eager", fullgraph=True)
torch.testing.assert_close(compiled(keys, keys, values), prediction)
compiled = torch.compile(leave_one_out_loss, backend="eager", fullgraph=True)
torch.testing.assert_close(compiled(keys, values, 2.0), loss)
warnings.simplefilter("ignore")  # tracing warns of every comparison of sizes
traced = torch.jit.trace(net, (keys, keys, values))
torch.testing.assert_close(traced(keys, keys, values), prediction)
print("all agree")
"""


@pytest.mark.slow
def test_the_library_compiles_to_one_graph_and_traces():
    """In a process of its own: the import hook of the tests is no part of what readers compile."""
    done = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True)
    assert done.stdout == "all agree\n", done.stderr


def test_whole_numbers_are_numbers():
    """An integer w is as good as a float one; beartype would tell them apart."""
    queries, keys = torch.tensor([0.5]), torch.tensor([0.0, 1.0, 3.0])
    assert torch.equal(
        attention_pooling(queries, keys, keys, w=2),
        attention_pooling(queries, keys, keys, w=2.0),
    )

"""Checks of arguments, with errors that say what was asked, what came and what to do.

A public function wears its check as a decorator::

    @checked(key_value_pairs)
    def attention_pooling(queries: Float[Tensor, "*batch queries"], ...): ...

Why a decorator and not a first line in the body: while tests run, jaxtyping's import hook wraps
every function, as the *innermost* decorator, in beartype's check of the annotations. A check in
the body would come second, and a wrong argument would meet beartype's error in place of ours. A
decorator comes first, so readers and tests see the same errors, and the annotations can state
exact shapes that the hook then verifies on every call that passed.

A wrong kind of thing (not a tensor, integers, two dtypes) is a ``TypeError``; a wrong value
(shape, length, NaN) is a ``ValueError``. A check takes ``object``, since anything may come.
"""

import functools
import inspect
import math
from collections.abc import Callable, Mapping
from typing import ParamSpec, TypeVar

import torch
from torch import Tensor

P = ParamSpec("P")
R = TypeVar("R")


def checked(check: Callable[..., None]) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Run ``check`` on the arguments of a call, by name, before the function sees them."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        signature = inspect.signature(function)
        parameters = signature.parameters.values()
        names = [p.name for p in parameters if p.kind <= p.POSITIONAL_OR_KEYWORD]
        required = {p.name for p in parameters if p.default is p.empty}

        @functools.wraps(function)
        def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
            given = dict(zip(names, args, strict=False))
            given.update(kwargs)
            # Signature.bind would say the same ten times as slowly: it is asked for its errors.
            if (
                len(given) < len(args) + len(kwargs)
                or not required <= given.keys()
                or not given.keys() <= signature.parameters.keys()
            ):
                try:
                    signature.bind(*args, **kwargs)
                except TypeError as error:
                    raise TypeError(f"{function.__name__}(): {error}") from None
            check(**given)
            return function(*args, **kwargs)

        return wrapper

    return decorate


def describe(value: object) -> str:
    """Say what came: the shape of a tensor, the type of anything else."""
    if isinstance(value, Tensor):
        return str(tuple(value.shape))
    kind = type(value)
    return kind.__name__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__name__}"


def quote(given: Mapping[str, object], what: str = "") -> str:
    """Quote everything that came: ``queries (50,), keys (49,)``.

    ``what`` names an attribute of tensors to add to their shapes, "dtype" or "device".
    """
    extra = {name: f" {getattr(value, what, '')}" if what else "" for name, value in given.items()}
    return ", ".join(
        f"{name} {describe(value)}{extra[name]}".rstrip() for name, value in given.items()
    )


def floating(**given: object) -> dict[str, Tensor]:
    """Ask for floating-point tensors of one dtype on one device; give them back as such."""
    tensors = {name: value for name, value in given.items() if isinstance(value, Tensor)}
    for name in given:  # in the order of the signature
        if name not in tensors:
            raise TypeError(
                f"{name} must be a torch.Tensor of floating-point numbers; got {quote(given)}."
                f" Use torch.as_tensor({name}, dtype=torch.float32)."
            )
    for name, tensor in tensors.items():
        if not tensor.is_floating_point():
            raise TypeError(
                f"{name} must be floating point; got {quote(given, 'dtype')}."
                f" Use {name}.to(torch.float32)."
            )
    names = " and ".join(tensors)
    if len({tensor.dtype for tensor in tensors.values()}) > 1:
        raise TypeError(
            f"{names} must have one dtype; got {quote(given, 'dtype')}."
            f" Use .to(dtype) on those that differ."
        )
    if len({tensor.device for tensor in tensors.values()}) > 1:
        raise ValueError(
            f"{names} must be on one device; got {quote(given, 'device')}."
            f" Use .to(device) on those that differ."
        )
    return tensors


def number_in(tensor: Tensor) -> float | int | bool | None:
    """The number in a tensor of one element, or None where it cannot be looked at.

    It cannot on the meta device, which has shapes only, nor while torch.compile, torch.export,
    torch.jit.trace or torch.func.vmap write down what a function does, for whatever numbers. Checks
    of values step aside then; checks of shapes and dtypes do not.
    """
    is_traced = torch.jit.is_tracing()  # pyright: ignore[reportPrivateImportUsage]
    if tensor.is_meta or torch.compiler.is_compiling() or is_traced:
        return None
    try:
        return tensor.item()
    except RuntimeError as error:
        if "vmap" in str(error):
            return None
        raise


def finite(**tensors: Tensor) -> None:
    """Ask that no element is NaN or infinite."""
    for name, tensor in tensors.items():
        # A finite sum has finite terms; one look at it costs a third of a look at each of them.
        total = number_in(tensor.detach().sum())
        if total is None or math.isfinite(total):
            continue
        if bad := number_in((~torch.isfinite(tensor.detach())).sum()):
            raise ValueError(
                f"{name} must be finite; got {bad} NaN or infinite among its {tensor.numel()}"
                f" elements, in {quote(tensors)}. Remove or replace them first."
            )


def as_vector(name: str, tensor: Tensor) -> str:
    """Advise how to make a vector of ``tensor`` without mixing what its rows keep apart."""
    if tensor.numel() in {1, *tensor.shape}:
        return f"Use {name}.reshape(-1)."
    return f"Pass one row at a time: for row in {name}: ..."


def vectors(*, least: int, **given: object) -> dict[str, Tensor]:
    """Ask for finite floating-point vectors of one length, at least ``least``."""
    tensors = floating(**given)
    for name, tensor in tensors.items():
        if tensor.dim() != 1:
            raise ValueError(
                f"{name} must have one dimension; got {quote(given)}. {as_vector(name, tensor)}"
            )
        if len(tensor) < least:
            raise ValueError(
                f"{name} must have {least} or more elements; got {quote(given)}. Pass more points."
            )
    same_shape(**given)
    finite(**tensors)
    return tensors


def alike(*tensors: Tensor) -> bool:
    """Whether all have one shape: compared, not hashed, as sizes are tensors in torch.jit.trace."""
    return all(tensor.shape == tensors[0].shape for tensor in tensors[1:])


def same_shape(**given: object) -> dict[str, Tensor]:
    """Ask for floating-point tensors of one shape, dtype and device."""
    tensors = floating(**given)
    if not alike(*tensors.values()):
        raise ValueError(
            f"{' and '.join(tensors)} must have the same shape, element for element;"
            f" got {quote(given)}. Select or reshape one of them."
        )
    return tensors


def number(name: str, value: object, *, least: float | int = -math.inf) -> None:
    """Ask for a finite Python number, not below ``least``."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise TypeError(f"{name} must be a number; got {describe(value)}. Use float({name}).")
    if not math.isfinite(value) or value < least:
        bound = "" if least == -math.inf else f" and at least {least}"
        raise ValueError(f"{name} must be finite{bound}; got {value}.")


def count(name: str, value: object, *, least: int) -> None:
    """Ask for an integer, not below ``least``."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise TypeError(f"{name} must be an integer; got {describe(value)}. Use int({name}).")
    if value < least:
        raise ValueError(f"{name} must be at least {least}; got {value}.")


def source_of_randomness(generator: object) -> None:
    """Ask for an explicit generator."""
    if not isinstance(generator, torch.Generator):
        raise TypeError(
            f"generator must be a torch.Generator; got {describe(generator)}."
            f" Use torch.Generator().manual_seed(seed)."
        )


def one_w(w: object, **beside: Tensor) -> None:
    """Ask for a finite number, or a tensor with one finite element, of the dtype ``beside`` it."""
    if not isinstance(w, Tensor):
        if isinstance(w, bool) or not isinstance(w, (int, float)):
            raise TypeError(
                f"w must be a number or a tensor with one element; got w"
                f" {describe(w)}, {quote(beside)}. Use float(w)."
            )
        if not math.isfinite(w):
            raise ValueError(f"w must be a finite number; got {w}, {quote(beside)}.")
        return
    floating(**beside, w=w)
    if w.dim() > 1 or w.numel() != 1:
        raise ValueError(
            f"w must be a number or a tensor of shape () or (1,); got w {describe(w)},"
            f" {quote(beside)}. Call once for each w."
        )
    finite(w=w)


def kernel_function(kernel: object) -> None:
    """Ask for something that can be called; what it returns is checked when it is."""
    if not callable(kernel):
        raise TypeError(
            f"kernel must be a function from a tensor to a tensor of the same shape, such as"
            f" attnbook.gaussian; got {describe(kernel)}."
        )

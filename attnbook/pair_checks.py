"""Checks of what attention takes: queries, keys, values, scores and masks that fit together.

Positions are numbers, (..., n_queries) and (..., n_keys), for kernels; or vectors,
(..., n_queries, d) and (..., n_keys, d), for scores. The number of dimensions cannot tell the two
apart, since leading dimensions are a batch: a ``score`` does.
"""

import torch
from torch import Tensor

from .checks import (
    as_vector,
    describe,
    finite,
    floating,
    kernel_function,
    number_in,
    one_w,
    quote,
)

__all__ = ["key_value_pairs", "vectors_of_one_size"]


def key_value_pairs(queries: object, **arguments: object) -> None:
    """Ask for what attention pooling needs: queries, and keys and values that pair up.

    Which of keys, values, w, kernel, score, mask and method there are is the affair of the caller's
    signature.
    """
    pairs = {name: arguments[name] for name in ("keys", "values") if name in arguments}
    tensors = floating(queries=queries, **pairs)
    score = arguments.get("score")
    if score is None:
        batch = _numbers(tensors)
    else:
        if not callable(score):
            raise TypeError(
                f"score must be a function of queries and keys, such as"
                f" attnbook.scaled_dot_product; got {describe(score)}."
            )
        if unused := [name for name in ("w", "kernel") if name in arguments]:
            raise TypeError(
                f"{' and '.join(unused)} cannot be given beside a score, which decides alone. Use"
                f" score=functools.partial(attnbook.distance_score, {unused[0]}=...)."
            )
        batch = _vectors(tensors)
    finite(**tensors)
    if "w" in arguments:
        one_w(arguments["w"], **tensors)
    if "kernel" in arguments:
        kernel_function(arguments["kernel"])
    if (method := arguments.get("method", "auto")) not in {"auto", "table", "fast"}:
        raise ValueError(f"method must be 'auto', 'table' or 'fast'; got {method!r}.")
    if (mask := arguments.get("mask")) is not None:
        _mask(mask, (*batch, *_table(tensors, score is not None)), tensors)


def _table(tensors: dict[str, Tensor], are_vectors: bool) -> tuple[int, int]:
    """Numbers of queries and of keys."""
    at = -2 if are_vectors else -1
    return tensors["queries"].shape[at], tensors["keys"].shape[at]


def _numbers(tensors: dict[str, Tensor]) -> tuple[int, ...]:
    """Ask for positions that are numbers; return the leading dimensions of the weights.

    Queries are (..., n_queries), keys (..., n_keys), with as many leading dimensions, which
    broadcast. One dimension of queries goes with keys (n_keys,) for all of them, or with a row of
    keys for each, (n_queries, n_keys). Values have the shape of the keys, or one dimension more.
    """
    came, queries = quote(tensors), tensors["queries"]
    shapes = {name: tensor.shape for name, tensor in tensors.items() if name != "queries"}
    depth = len(shapes.get("keys", shapes.get("values", ())))
    if queries.dim() == 0 or (queries.dim() > 1 and depth == 1):
        raise ValueError(
            f"queries must be (n_queries,); got {came}. {as_vector('queries', queries)}"
        )
    if "keys" in shapes and len(shapes.get("values", ())) == depth + 1:
        shapes["values"] = shapes["values"][:-1]  # a vector for each key
    for name, shape in shapes.items():
        if queries.dim() == 1 and len(shape) not in {1, 2}:
            raise ValueError(
                f"{name} must be (n_keys,), shared by all queries, or (n_queries, n_keys), a row"
                f" for each; got {came}. {as_vector(name, tensors[name])}"
            )
        if queries.dim() > 1 and len(shape) != queries.dim():
            raise ValueError(
                f"queries and {name} must have the same number of dimensions, (..., n_queries) and"
                f" (..., n_keys); got {came}. Use .unsqueeze or .expand, or pass a score if they"
                f" are vectors."
            )
        if shape[-1] == 0:
            raise ValueError(
                f"{name} must not be empty, there is nothing to attend to; got {came}."
                f" Pass at least one key–value pair."
            )
        if queries.dim() == 1 and len(shape) == 2 and shape[0] != len(queries):
            raise ValueError(
                f"{name} must have a row for each of the {len(queries)} queries; got {came}."
                f" Pass {len(queries)} rows, or one vector that all queries share."
            )
    is_batch = queries.dim() > 1
    pairs = [shape[-1:] if is_batch else shape for shape in shapes.values()]
    if any(shape != pairs[0] for shape in pairs):
        raise ValueError(
            f"keys and values must have the same shape, since they come in pairs; got {came}."
            f" Pass one value for each key."
        )
    if not is_batch:
        return ()
    leading = {name: shape[:-1] for name, shape in shapes.items()}
    _broadcast(came, queries=queries.shape[:-1], **leading)
    return _broadcast(came, queries=queries.shape[:-1], keys=leading.get("keys", ()))


def _vectors(tensors: dict[str, Tensor]) -> tuple[int, ...]:
    """Ask for positions that are vectors; return the leading dimensions of the weights.

    Values are (..., n_keys, v), with as many dimensions as the keys, or one less: (..., n_keys).
    """
    came, keys = quote(tensors), tensors["keys"]
    for name in ("queries", "keys"):
        if tensors[name].dim() < 2:
            raise ValueError(
                f"{name} must be (..., n_{name}, d) for a score; got {came}. Use"
                f" {name}.unsqueeze(-1) if each is one number, .unsqueeze(0) if they are one"
                f" vector."
            )
    if keys.shape[-2] == 0:
        raise ValueError(
            f"keys must not be empty, there is nothing to attend to; got {came}."
            f" Pass at least one key–value pair."
        )
    leading = {"queries": tensors["queries"].shape[:-2], "keys": keys.shape[:-2]}
    batch = _broadcast(came, **leading)
    if "values" in tensors:
        values = tensors["values"]
        at = {keys.dim(): -2, keys.dim() - 1: -1}.get(values.dim())
        if at is None or values.shape[at] != keys.shape[-2]:
            raise ValueError(
                f"values must be (..., n_keys, v) or (..., n_keys), with a value for each of the"
                f" {keys.shape[-2]} keys; got {came}. Pass one value for each key."
            )
        _broadcast(came, **leading, values=values.shape[:at])
    return batch


def vectors_of_one_size(queries: object, keys: object) -> dict[str, Tensor]:
    """Ask for queries (..., n_queries, d) and keys (..., n_keys, d) of one size d."""
    tensors = floating(queries=queries, keys=keys)
    _vectors(tensors)
    if tensors["queries"].shape[-1] != tensors["keys"].shape[-1]:
        raise ValueError(
            f"queries and keys must have one size d; got {quote(tensors)}. Project one of them, or"
            f" use attnbook.AdditiveScore."
        )
    return tensors


def _broadcast(came: str, **leading: tuple[int, ...]) -> tuple[int, ...]:
    try:
        return tuple(torch.broadcast_shapes(*leading.values()))
    except RuntimeError:
        raise ValueError(
            f"{' and '.join(leading)} must have leading dimensions that broadcast, each equal or"
            f" 1; got {came}. Use .unsqueeze or .expand."
        ) from None


def _mask(mask: object, shape: tuple[int, ...], tensors: dict[str, Tensor]) -> None:
    """Ask for a mask as in torch's scaled_dot_product_attention, for weights of this shape."""
    came = f"mask {describe(mask)}, {quote(tensors)}"
    dtype = tensors["queries"].dtype
    if not isinstance(mask, Tensor) or mask.dtype not in {torch.bool, dtype}:
        kind = f" {mask.dtype}" if isinstance(mask, Tensor) else ""
        raise TypeError(
            f"mask must be a tensor of booleans, True where a query may attend to a key, or of"
            f" {dtype}, added to the scores; got {came}{kind}. Use mask.bool() or mask.to({dtype})."
        )
    if mask.device != tensors["queries"].device:
        raise ValueError(
            f"mask must be on the device of the queries; got {mask.device}. Use .to(device)."
        )
    try:
        fits = torch.broadcast_shapes(mask.shape, shape) == shape
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError(
            f"mask must broadcast to the weights' shape {shape}; got {came}. Its last two"
            f" dimensions are (n_queries, n_keys), either may be 1."
        )
    if not mask.dtype.is_floating_point:
        return
    if bad := number_in((mask.isnan() | (mask == torch.inf)).sum()):
        raise ValueError(f"mask must not be NaN or +infinite; got {bad} such elements in {came}.")

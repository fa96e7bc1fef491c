"""The code of a function or class, taken apart: how it is called, and what it does."""

from __future__ import annotations

import ast

FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def signature(source: str) -> str:
    """How a function is called; of a class, its fields and how its public methods are called."""
    (node,) = ast.parse(source).body
    rows = source.splitlines()
    if isinstance(node, FUNCTIONS):
        return _head(node, rows)
    assert isinstance(node, ast.ClassDef)
    members = []
    for member in node.body:
        if isinstance(member, ast.AnnAssign):
            members += rows[member.lineno - 1 : member.end_lineno]
        elif isinstance(member, FUNCTIONS) and _is_public(member.name):
            members.append(_head(member, rows))
    decorators = [f"@{ast.unparse(one)}" for one in node.decorator_list]
    head = _head(node, rows) + ":" * bool(members)
    return "\n".join([*decorators, head, *members])


def _is_public(method: str) -> bool:
    return method in ("__init__", "__call__") or not method.startswith("_")


def _head(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, rows: list[str]) -> str:
    """The rows of ``node`` down to the colon that its body follows."""
    body = node.body[0]
    head = [*rows[node.lineno - 1 : body.lineno - 1], rows[body.lineno - 1][: body.col_offset]]
    head = [row for row in head if not row.lstrip().startswith("#")]
    return "\n".join(head).rstrip().removesuffix(":")


def without_docstrings(source: str) -> str:
    """``source`` without docstrings, which the reference shows, and the empty rows after them."""
    rows, dropped = source.splitlines(), set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)) and ast.get_docstring(node) is not None:
            end = node.body[0].end_lineno or 0
            dropped |= set(range(node.body[0].lineno - 1, end))
            if end < len(rows) and not rows[end].strip():
                dropped.add(end)
    return "\n".join(row for number, row in enumerate(rows) if number not in dropped)

"""Which earlier cells a cell needs, read from its code."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from .chapter_script import Cell, Chapter

BUILTINS = frozenset(dir(builtins))
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
LATER = (*FUNCTIONS, ast.ClassDef)  # what is in these may run later than where it stands
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


@dataclass(frozen=True)
class Names:
    """What a cell binds, what it looks up before it has bound it, and what it works upon.

    ``changes`` are names in calls that stand as statements, such as ``values.append(x)`` or
    ``train(net)``: made for their effect, since their result is dropped; and objects that are
    called, such as ``y = net(x)``: they may keep something. ``fixed`` are those of ``binds`` that
    stay as they are: modules, functions and classes.
    """

    binds: frozenset[str]
    uses: frozenset[str]
    changes: frozenset[str]
    fixed: frozenset[str]


@cache
def names(source: str) -> Names:
    """The names of a cell, found in its syntax tree, which every Python reads alike.

    ``symtable`` would know them, too, but has no table for a comprehension since Python 3.12.
    """
    binds: set[str] = set()
    uses: set[str] = set()
    changes: set[str] = set()
    fixed: set[str] = set()
    late: set[str] = set()
    for statement in ast.parse(source).body:
        nodes = list(_of_scope([statement]))
        stored, loaded = _stored(nodes), _loaded(nodes)
        if isinstance(statement, ast.For | ast.With):
            loaded -= stored  # the target is bound before the body looks it up
        uses |= loaded - binds
        binds |= stored
        changes |= _changed(nodes)
        # What a function looks up is there when it is called, not where it is written.
        late |= _looked_up(node for node in nodes if isinstance(node, LATER))
        if isinstance(statement, ast.Import | ast.ImportFrom | ast.FunctionDef | ast.ClassDef):
            fixed |= stored
    uses |= late - binds
    return Names(frozenset(binds), frozenset(uses - BUILTINS), frozenset(changes), frozenset(fixed))


def needed(chapter: Chapter, label: str) -> list[Cell]:
    """The cells that have to run before the cell ``label``, in order.

    Walks back from it: a cell is needed if it binds, or works upon, a name still looked for.
    """
    position = chapter.labels.index(label)
    before = [(cell, names(cell.source)) for cell in chapter.cells[:position]]
    fixed = frozenset[str]().union(*(here.fixed for _, here in before))
    wanted = names(chapter.cells[position].source).uses
    cells: list[Cell] = []
    for cell, here in reversed(before):
        if wanted & (here.binds | (here.changes - fixed)):
            cells.append(cell)
            wanted = (wanted - here.binds) | here.uses
    return cells[::-1]


def _of_scope(nodes: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """``nodes`` and all below them that belongs to the same scope.

    A function, class or comprehension is there itself, and of it what is evaluated around it.
    """
    waiting = list(nodes)
    while waiting:
        node = waiting.pop()
        yield node
        inner = set(map(id, _body(node)))
        waiting += [child for child in _children(node) if id(child) not in inner]


def _children(node: ast.AST) -> Iterator[ast.AST]:
    """What is directly below ``node``; parameters and generators go by what is in them."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.arguments | ast.arg | ast.comprehension | ast.keyword):
            yield from _children(child)
        else:
            yield child


def _body(node: ast.AST) -> list[ast.AST]:
    """What of ``node`` is in a scope of its own."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return list(node.body)
    if isinstance(node, ast.Lambda):
        return [node.body]
    if isinstance(node, COMPREHENSIONS):
        first = node.generators[0].iter  # evaluated where the comprehension stands
        return [child for child in _children(node) if child is not first]
    return []


def _looked_up(scopes: Iterable[ast.AST]) -> set[str]:
    """The names that functions, classes and comprehensions look up outside of themselves."""
    looked_up: set[str] = set()
    for scope in scopes:
        nodes = list(_of_scope(_body(scope)))
        bound, loaded = _stored(nodes), _loaded(nodes)
        inner = _looked_up(node for node in nodes if isinstance(node, LATER))
        declared = set(
            chain.from_iterable(
                node.names for node in nodes if isinstance(node, ast.Global | ast.Nonlocal)
            )
        )
        if isinstance(scope, FUNCTIONS):
            bound |= {node.arg for node in ast.walk(scope.args) if isinstance(node, ast.arg)}
        if isinstance(scope, COMPREHENSIONS):
            bound -= _bound_through(scope)
        if isinstance(scope, ast.ClassDef):
            looked_up |= (loaded - bound) | inner  # functions of a class do not see what it binds
        else:
            looked_up |= ((loaded | inner) - (bound - declared)) | declared
    return looked_up


def _bound_through(comprehension: ast.AST) -> set[str]:
    """The names that ``:=`` in a comprehension binds outside of it."""
    return {node.target.id for node in ast.walk(comprehension) if isinstance(node, ast.NamedExpr)}


def _stored(nodes: Iterable[ast.AST]) -> set[str]:
    stored: set[str] = set()
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                stored.add(name)
            case ast.alias(name=name, asname=asname):
                stored.add(asname or name.partition(".")[0])
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                stored.add(name)
            case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                stored.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                stored.add(name)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                stored |= _bound_through(node)
    return stored


def _loaded(nodes: Iterable[ast.AST]) -> set[str]:
    """The names that are looked up at once: comprehensions run where they stand."""
    loaded: set[str] = set()
    for node in nodes:
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
                loaded.add(name)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                loaded |= _looked_up([node])
    return loaded


def _changed(nodes: Iterable[ast.AST]) -> set[str]:
    changed: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            if isinstance(call.func, ast.Name) and call.func.id in BUILTINS:
                continue  # print and its like only look
            items = [*call.args, *(keyword.value for keyword in call.keywords)]
            if isinstance(call.func, ast.Attribute):
                items.append(call.func.value)
            changed |= {item.id for item in items if isinstance(item, ast.Name)}
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            changed.add(node.func.id)
    return changed

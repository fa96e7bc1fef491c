"""Which earlier cells a cell needs, read from its code."""

from __future__ import annotations

import ast
import builtins
import symtable
from dataclasses import dataclass

from ..source.chapter_script import Cell, Chapter

BUILTINS = frozenset(dir(builtins))


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


def names(source: str) -> Names:
    """The names of a cell."""
    binds: set[str] = set()
    uses: set[str] = set()
    changes: set[str] = set()
    fixed: set[str] = set()
    # What a function looks up is there when it is called, not where it is written.
    late = _globals_of_functions(source)
    for statement in ast.parse(source).body:
        stored, loaded = _stored(statement), _loaded(statement)
        if isinstance(statement, ast.For | ast.With):
            loaded -= stored  # the target is bound before the body looks it up
        uses |= loaded - binds
        binds |= stored
        changes |= _changed(statement)
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
    found: list[Cell] = []
    for cell, here in reversed(before):
        if wanted & (here.binds | (here.changes - fixed)):
            found.append(cell)
            wanted = (wanted - here.binds) | here.uses
    return found[::-1]


def _outside_of_functions(node: ast.AST) -> list[ast.AST]:
    """``node`` and all below it, the bodies of functions left out."""
    found, waiting = [], [node]
    while waiting:
        here = waiting.pop()
        found.append(here)
        if isinstance(here, ast.FunctionDef | ast.Lambda):
            waiting += [*here.args.defaults, *filter(None, here.args.kw_defaults)]
        elif isinstance(here, ast.ClassDef):
            waiting += here.bases
        elif isinstance(here, ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp):
            waiting.append(here.generators[0].iter)  # the rest is a function of its own
        else:
            waiting += list(ast.iter_child_nodes(here))
    return found


def _stored(statement: ast.stmt) -> set[str]:
    stored: set[str] = set()
    for node in _outside_of_functions(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                stored.add(name)
            case ast.alias(name=name, asname=asname):
                stored.add(asname or name.partition(".")[0])
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                stored.add(name)
    return stored


def _loaded(statement: ast.stmt) -> set[str]:
    loaded: set[str] = set()
    for node in _outside_of_functions(statement):
        match node:
            case ast.Name(id=name, ctx=ast.Load()) | ast.AugAssign(target=ast.Name(id=name)):
                loaded.add(name)
    return loaded


def _changed(statement: ast.stmt) -> set[str]:
    changed: set[str] = set()
    for node in _outside_of_functions(statement):
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


def _globals_of_functions(source: str) -> set[str]:
    found: set[str] = set()
    waiting = symtable.symtable(source, "cell", "exec").get_children()
    while waiting:
        table = waiting.pop()
        waiting += table.get_children()
        found |= {symbol.get_name() for symbol in table.get_symbols() if symbol.is_global()}
    return found

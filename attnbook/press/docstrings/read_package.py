"""Read the public names of modules from their source, and check what their docstrings say.

Docstrings are in the style of numpy: a summary, paragraphs, and sections. Of the markup of
reStructuredText they have double backquotes for code, ``:math:`` for formulas and the roles in
`REFERENCES` for names of the library.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import griffe

from ..base.errors import PressError, PressErrors, did_you_mean
from . import object_code
from .library import Entry, Item, Library, Module, full_names

ROLE = re.compile(r":(?P<role>\w+):`~?(?P<target>[^`]+)`")
REFERENCES = ("func", "class", "mod", "meth", "attr", "exc")
SECTIONS = ("parameters", "attributes", "returns", "raises", "references", "examples")
# What the paragraphs of a reference cannot hold: lists and blocks of code.
BLOCK = re.compile(r"^ *[-*] |^ *\d+\. |::$", re.MULTILINE)


def read(root: Path, package: str, modules: Sequence[str], *, path: Path, line: int) -> Library:
    """What ``modules`` of ``package``, at ``root``, have for readers.

    Of a module these are the names in its ``__all__``, or if it has none, its functions and classes
    without an underscore. All that is in the ``__all__`` of the package has to be among them.
    ``path`` and ``line`` are those of the fence that names the modules.

    Raises
    ------
    PressErrors
        For a module that is not there, a public name that no module has or that has no docstring,
        and whatever in a docstring the reference cannot show or leads nowhere.
    """
    reader = _Reader(root, griffe.load(package, search_paths=[root], allow_inspection=False))
    found = []
    for name in modules:
        module = reader.package.members.get(name)
        if isinstance(module, griffe.Module):
            found.append(reader.module(module))
        else:
            there = [
                n for n, one in reader.package.members.items() if isinstance(one, griffe.Module)
            ]
            mend = did_you_mean(name, there, f"the modules are {', '.join(sorted(there))}")
            what = f"{package} has no module {name!r}"
            reader.errors.append(PressError(what, path=path, line=line, mend=mend))
    places = {module.id: module.id for module in found}
    places |= {f"{e.module}.{e.name}": e.id for module in found for e in module.entries}
    places |= {e.id: e.id for module in found for e in module.entries}
    if not reader.errors:
        for name in reader.package.exports or ():
            if f"{package}.{name}" not in places:
                what = f"the public name {package}.{name} is in no module of the reference"
                mend = "name its module in this fence, and the name in the module's __all__"
                reader.errors.append(PressError(what, path=path, line=line, mend=mend))
    if reader.errors:
        raise PressErrors(reader.errors)
    return Library(package, tuple(found), places)


class _Reader:
    """Reads modules of a package, and collects what is wrong with their docstrings."""

    def __init__(self, root: Path, package: Any) -> None:
        self.root, self.package = root.resolve(), package
        self.errors: list[PressError] = []

    def module(self, module: griffe.Module) -> Module:
        """What ``module`` says of itself and of its public names."""
        defined = {
            name: one
            for name, one in module.members.items()
            if isinstance(one, griffe.Function | griffe.Class)
        }
        names = [name for name in defined if not name.startswith("_")]
        for name in map(str, module.exports or ()):
            if name not in defined:
                self.wrong(
                    module,
                    f"has {name!r} in its __all__, which is no function or class of its own",
                    "leave it out: the reference shows a name where it is defined",
                )
        if module.exports is not None:
            names = [name for name in map(str, module.exports) if name in defined]
        public = sorted((defined[name] for name in names), key=lambda one: one.lineno or 0)
        entries = [entry for one in public if (entry := self.entry(one, module))]
        return Module(module.path, self.docstring(module, module).strip(), tuple(entries))

    def entry(self, one: griffe.Function | griffe.Class, module: griffe.Module) -> Entry | None:
        """The entry of ``one``; none if it has no docstring."""
        if not self.docstring(one, module) or one.docstring is None:
            return None
        items: dict[str, tuple[Item, ...]] = {}
        texts = {"text": "", "references": "", "examples": ""}
        for section in one.docstring.parse("numpy", warnings=False):
            kind = section.kind.value
            if kind == "admonition":
                kind = section.value.kind
            if kind == "examples":
                texts[kind] = "\n\n".join(text.strip("\n") for _, text in section.value)
            elif kind in texts:
                text = section.value if kind == "text" else section.value.contents
                texts[kind] = text.strip()
            elif kind in SECTIONS:
                items[kind] = _items(section.value, one)
            else:
                mend = f"the sections are {', '.join(name.title() for name in SECTIONS)}"
                self.wrong(one, f"has a section {section.title or kind!r}", mend)
        if methods := self.methods(one, module):
            items["methods"] = methods
        return Entry(
            self.shortest(one),
            module.path,
            Path(str(one.filepath)).relative_to(self.root).as_posix(),
            object_code.signature(one.source),
            object_code.without_docstrings(one.source),
            items=items,
            **texts,
        )

    def shortest(self, one: griffe.Object) -> str:
        """The name by which readers import ``one``: from the package if that has it."""
        public = self.package.members.get(one.name) if self.package.exports else None
        is_here = public is not None and public.is_alias and public.target_path == one.path
        return f"{self.package.path}.{one.name}" if is_here else one.path

    def methods(self, one: griffe.Object, module: griffe.Module) -> tuple[Item, ...]:
        """The public methods that say something."""
        functions = [m for m in one.members.values() if isinstance(m, griffe.Function)]
        return tuple(
            Item((method.name,), self.docstring(method, module).strip())
            for method in functions
            if not method.name.startswith("_") and method.docstring
        )

    def docstring(self, one: griffe.Object, module: griffe.Module) -> str:
        """The docstring of ``one``, its markup checked; empty if it has none, which is wrong."""
        if one.docstring is None or not one.docstring.value.strip():
            self.wrong(one, "has no docstring", "say in a sentence what it does: readers look here")
            return ""
        text = one.docstring.value
        for block in BLOCK.finditer(text.partition("\nExamples\n")[0]):
            line = text.count("\n", 0, block.start())
            self.wrong(one, "has a list or a block of code", "write sentences", line)
        for role in ROLE.finditer(text):
            line = text.count("\n", 0, role.start())
            kind, target = role["role"], role["target"]
            if kind not in (*REFERENCES, "math"):
                mend = f"the roles are {', '.join((*REFERENCES, 'math'))}"
                self.wrong(one, f"has the role {kind!r}", mend, line)
            elif kind != "math" and not self.exists(target, module.path):
                mend = f"correct the name, or write it as code: ``{target}``"
                self.wrong(one, f"refers to {target!r}, which leads nowhere", mend, line)
        return text

    def exists(self, name: str, module: str) -> bool:
        """Whether the package has what a docstring in ``module`` calls ``name``."""
        start = f"{self.package.path}."
        for full in full_names(name, module):
            try:
                if full.startswith(start) and self.package[full.removeprefix(start)]:
                    return True
            except KeyError:
                continue
        return False

    def wrong(self, one: Any, what: str, mend: str, line: int | None = None) -> None:
        """Note ``what`` is wrong with ``one``: in ``line`` of its docstring, or as a whole."""
        start = one.lineno if line is None else one.docstring.lineno + line
        self.errors.append(
            PressError(
                f"{one.path} {what}", path=Path(str(one.filepath)), line=start or 1, mend=mend
            )
        )


def _items(rows: Sequence[Any], one: griffe.Object) -> tuple[Item, ...]:
    """The rows of a section; those that stand together and share a text are one."""
    items = []
    for text, group in groupby(rows, key=lambda row: row.description.strip()):
        together = list(group)
        kinds = [str(row.annotation or "").strip("()") for row in together]
        if isinstance(together[0], griffe.DocstringParameter):
            items.append(Item(tuple(row.name for row in together), text))
        elif isinstance(together[0], griffe.DocstringAttribute):
            names = tuple(name for row in together for name in row.name.split(", "))
            field_of = one.members.get(names[0])
            is_in_signature = field_of is not None and getattr(field_of, "annotation", None)
            items.append(Item(names, text, "" if is_in_signature else kinds[0]))
        else:
            items.append(Item(tuple(name for kind in kinds for name in kind.split(", ")), text))
    return tuple(items)

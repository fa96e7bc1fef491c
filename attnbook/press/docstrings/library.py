"""The model of a library: modules and their public names, as the reference shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property


@dataclass(frozen=True)
class Item:
    """A row of a section: names that share a ``text``; ``kind`` is what no signature says."""

    names: tuple[str, ...]
    text: str
    kind: str = ""


@dataclass(frozen=True)
class Entry:
    """A public name: ``id`` is the shortest by which it can be imported, ``module`` its home.

    ``signature`` is as the source writes it, ``source`` all of it without docstrings, from
    ``file``, seen from the root of the book. ``items`` are those of its sections, by title.
    """

    id: str
    module: str
    file: str
    signature: str
    source: str
    text: str
    items: Mapping[str, tuple[Item, ...]]
    references: str = ""
    examples: str = ""

    @property
    def name(self) -> str:
        return self.id.rpartition(".")[2]


@dataclass(frozen=True)
class Module:
    """A module: what it says of itself, and its public names in the order of its source."""

    id: str
    text: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Library:
    """The modules of the reference.

    ``places`` leads from every full name of something in them, and from the shorter ones of the
    package, to the id of its entry; ``package`` is what the names begin with.
    """

    package: str = ""
    modules: tuple[Module, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The anchors that the reference brings to its page, in order."""
        return tuple(
            one for module in self.modules for one in (module.id, *(e.id for e in module.entries))
        )

    def place(self, name: str, module: str) -> str | None:
        """The id of the entry that a docstring in ``module`` calls ``name``."""
        return next(
            (self.places[full] for full in full_names(name, module) if full in self.places), None
        )


EMPTY = Library()


def full_names(name: str, module: str) -> Iterator[str]:
    """What ``name`` may be in full, seen from ``module``."""
    yield f"{module}.{name}"
    yield name

"""YAML that authors write: front matter, options of cells, CITATION.cff, settings of an edition.

Plain YAML accepts what an author cannot have meant, and some of it takes for ever: a key given
twice, of which the last wins; aliases of aliases, which explode; a thousand brackets. All of it is
an error here, with its line.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.composer import ComposerError
from yaml.constructor import ConstructorError

DEEPEST = 20  # levels of nesting; the book's own files have 5


class Loader(yaml.SafeLoader):
    """Reads YAML without aliases, repeated keys, impossible values and deep nesting."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.depth = 0

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        event = self.peek_event()
        if isinstance(event, yaml.AliasEvent):
            what = f"it refers to *{event.anchor}: write the value itself"
            raise ComposerError(None, None, what, event.start_mark)
        if self.depth == DEEPEST:
            what = f"it is nested more than {DEEPEST} levels deep"
            raise ComposerError(None, None, what, event.start_mark)
        self.depth += 1
        try:
            return super().compose_node(parent, index)
        finally:
            self.depth -= 1

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                what = f"the key {key.value!r} is given twice"
                raise ConstructorError(None, None, what, key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep=deep)
        except ValueError as error:  # of 2026-13-45, or a number of 5,000 digits
            raise ConstructorError(None, None, str(error), node.start_mark) from None


def load(text: str, loader: type[Loader] = Loader) -> Any:
    """What the YAML ``text`` says.

    Raises
    ------
    yaml.MarkedYAMLError
        With the place of what is wrong.
    """
    return yaml.load(text, loader)

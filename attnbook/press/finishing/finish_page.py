"""What is done to a page after the generator wrote it: `TRANSFORMS`, in this order.

Each changes the tree of the page, which is parsed once before the first and written once after the
last. Those that mend the markup of the theme raise where they do not find it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from ..pages.note import Note
from . import (
    first_picture,
    library_links,
    link_preview,
    material_markup,
    notebook_html,
    notes_on_page,
    page_tree,
    set_formulas,
    slim_html,
    typography,
)
from .page_tree import Page

TRANSFORMS: tuple[Callable[[Page], None], ...] = (
    # A notebook's page first: from here on it is like any other.
    notebook_html.drop_mathjax,
    notebook_html.rewrite_notebook,
    # Before formulas are set, since notes have formulas, too.
    notes_on_page.attach_notes,
    set_formulas.set_formulas,
    set_formulas.set_labels,
    # After formulas were set, which is what gives equations their ids.
    notes_on_page.drop_ids_in_notes,
    typography.mark_latin_emphasis,
    typography.break_titles_at_sense,
    typography.keep_from_translators,
    # The theme's own markup; these touch nothing of the above.
    link_preview.drop_address_of_local_copy,
    link_preview.name_folders,
    link_preview.describe_for_previews,  # after the address is known to be right
    material_markup.name_search_dialog,
    material_markup.fetch_nothing_ahead,
    material_markup.drop_autocomplete_of_switches,
    material_markup.drop_empty_tabindex,
    material_markup.drop_label_of_missing_toggle,
    material_markup.defer_bundle,
    # Before spans of code are merged: until then every name has its own.
    library_links.link_names_of_library,
    # What is above a picture is known when the text is.
    first_picture.load_first_picture,
    # Last, since all of the above may bring what they make smaller.
    slim_html.merge_colours_of_code,
    slim_html.drop_defaults_of_maths,
    slim_html.use_classes_for_styles,
    slim_html.drop_unneeded_sheet_of_formulas,
    slim_html.drop_white_space,
)


def finish(
    text: str,
    *,
    name: str,
    language: str,
    source: Path,
    docs: Path = Path("docs"),
    notes: Mapping[str, Note] | None = None,
    address: str = "",
    book: str = "",
    has_search: bool = True,
) -> str:
    """The page ``text`` as it is served; the other parameters are those of `Page`.

    Raises
    ------
    PressError
        For a formula that KaTeX refuses, with the line of the prose it stands in, and for a page
        that lacks what the theme is known to write.
    """
    root = page_tree.parse(text)
    page = Page(root, name, language, source, docs, notes or {}, address, book, has_search)
    for transform in TRANSFORMS:
        transform(page)
    return page_tree.serialise(page.root)


def ids(content: str) -> set[str]:
    """Every id that the HTML ``content`` has, or will have when its equations are set."""
    root = page_tree.pieces(content)
    return page_tree.ids(root) | set_formulas.equation_ids(root)

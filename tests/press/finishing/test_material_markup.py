"""What is mended in the markup that Material writes."""

from attnbook.press.finishing import material_markup
from site_page import SEARCH, after, whole

LINKS = """<link rel="prev" href="a.html">
<link rel="next" href="../c.html">
<link rel="icon" href="icon.svg">
"""


def test_the_dialog_of_the_search_is_named_as_its_field_is():
    done = after(material_markup.name_search_dialog, whole(""))
    assert 'role="dialog" aria-label="Find">' in done


def test_a_browser_is_told_of_nothing_to_fetch_ahead():
    page = whole("").replace("<title>", f"{LINKS}<title>")
    done = after(material_markup.fetch_nothing_ahead, page)
    assert "next" not in done
    assert '<link rel="prev" href="a.html">\n\n<link rel="icon"' in done


def test_the_text_waits_for_no_script_of_the_theme():
    script = '<script src="../assets/javascripts/bundle.1.min.js"></script>'
    done = after(material_markup.defer_bundle, whole(f"{SEARCH}{script}"))
    assert script.replace("></", " defer></") in done


def test_a_page_without_these_stays_as_it_is():
    page = whole("<p>next, rel=next, bundle.</p>")
    for transform in (material_markup.fetch_nothing_ahead, material_markup.defer_bundle):
        assert after(transform, page) == page

"""What is mended in the markup that Material writes."""

from attnbook.press.finishing import material_markup

PAGE = """<head>
  <link rel="prev" href="a.html">
  <link rel="next" href="../c.html">
  <link rel="icon" href="icon.svg">
</head>
<div class="md-search" data-md-component="search" role="dialog">
<input type="text" class="md-search__input" name="query" aria-label="Find" placeholder="Find">
</div>
"""


def test_the_dialog_of_the_search_is_named_as_its_field_is():
    assert 'role="dialog" aria-label="Find">' in material_markup.mended(PAGE)


def test_a_browser_is_told_of_nothing_to_fetch_ahead():
    done = material_markup.mended(PAGE)
    assert "next" not in done
    assert '<link rel="prev" href="a.html">\n  <link rel="icon"' in done


def test_a_page_without_these_stays_as_it_is():
    page = "<head></head><p>next, rel=next</p>"
    assert material_markup.mended(page) == page

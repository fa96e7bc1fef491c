"""The home page says at once what a student, a rebuilder and a teacher get."""

import pytest

WAYS = {
    "zh": {
        "学生": "lecture-notes.html",
        "想亲手复现的人": "#rebuild",
        "教师": "figures/index.html",
    },
    "en": {
        "Students": "lecture-notes.html",
        "Rebuilders": "#rebuild",
        "Teachers": "figures/index.html",
    },
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_three_ways_in_stand_side_by_side_on_the_first_screen(address, visit, language):
    tab = visit(width=1440, height=900).tab
    tab.goto(f"{address}{language}/index.html")
    boxes = []
    for reader, target in WAYS[language].items():
        way = tab.locator(".home-way").filter(has=tab.locator("h3", has_text=reader))
        assert way.locator(".home-door").get_attribute("href") == target
        boxes.append(way.bounding_box())
    assert len({round(box["y"]) for box in boxes}) == 1
    assert all(box["y"] < 750 for box in boxes)
    picture = tab.locator(".home-opening img")
    assert picture.bounding_box()["y"] < 300
    assert picture.evaluate("it => it.complete && it.naturalWidth > 0")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_figure_leads_to_where_it_is_explained(address, visit, language):
    tab = visit().tab
    tab.goto(f"{address}{language}/index.html")
    tab.locator(".home-opening .figure a").click()
    tab.wait_for_url(f"**/{language}/attention-cues.html#fig-gaze-on-the-book")


def test_on_a_phone_the_ways_follow_each_other(address, visit):
    tab = visit(width=360, height=740).tab
    tab.goto(f"{address}zh/index.html")
    lefts = [way.bounding_box()["x"] for way in tab.locator(".home-way").all()]
    assert len(lefts) == 3
    assert len({round(left) for left in lefts}) == 1

"""Which printed texts count as the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnbook.press.receipts.printed_texts import difference

SAME = [
    ("loss 14.2304", "loss 14.2311"),  # within the tolerance
    ("error 0.064", "error 0.065"),  # in the last digit
    ("a  9.999 |", "a 10.000 |"),  # wider by a digit: spaces go
    ("step 1.25e-07", "step 1.26e-07"),
    ("\N{MINUS SIGN}0.85 and 3", "\N{MINUS SIGN}0.85 and 3"),
]
OTHER = [
    ("count 3", "count 4"),
    ("process 12345", "process 12346"),
    ("error 0.064", "error 0.066"),
    ("error 0.064", "error -0.064"),
    ("0x7f18", "0x7f19"),
    ("{'a', 'b'}", "{'b', 'a'}"),
    ("12:30:05.1", "12:30:06.1"),
    ("step 1.25e-07", "step 1.25e-06"),
    ("value 3.0", "value 3"),
    ("value 1.0", "value nan"),
    ("one", "one\ntwo"),
    ("1796071624.6072555", "1796071626.1"),
]


@pytest.mark.parametrize(("old", "new"), SAME)
def test_rounding_is_no_difference(old, new):
    assert difference(old, new, 1e-3) == ""
    assert old == new or difference(old, new, 0.0)


@pytest.mark.parametrize(("old", "new"), OTHER)
def test_all_else_is(old, new):
    assert difference(old, new, 1e-3)
    assert difference(new, old, 1e-3)


def test_the_line_is_named():
    assert difference("a\nb 1", "a\nb 2", 1e-3) == "line 2 was 'b 1', is 'b 2'"


@given(st.text())
def test_a_text_does_not_differ_from_itself(text):
    assert difference(text, text, 1e-3) == ""

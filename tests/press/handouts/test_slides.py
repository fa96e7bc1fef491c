"""Slides as python-pptx and LibreOffice read them."""

import io
import re
import shutil
import subprocess
import zipfile

import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from PIL import Image
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.util import Emu, Inches, Pt
from pypdf import PdfReader

from attnbook.press.base.errors import PressError
from attnbook.press.handouts import slides
from attnbook.press.metadata import figure_facts
from figure_record import a_record, anything, draw, published

pytestmark = pytest.mark.slow

LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])
CITATION = {"zh": "Ada. 注意力“权重”[EB/OL]. 2026.", "en": "Ada & Co. (2026). Weights <of>."}
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
SENTENCE = {
    "zh": "每一行是一个查询，颜色越深，它分给那个键的权重越大（w = 13.5）；列的宽窄不一。",
    "en": "The darker a place, the more it differs from its surroundings, at w = 13.5. ",
}


@pytest.fixture(scope="session")
def stem(tmp_path_factory):
    return draw(tmp_path_factory.mktemp("drawn"))


def bitmap(width=845, height=595):
    out = io.BytesIO()
    Image.new("RGB", (width, height), "#dde").save(out, "PNG")
    return out.getvalue()


def opened(content):
    return pptx.Presentation(io.BytesIO(content))


def only(content):
    (slide,) = opened(content).slides
    return slide


def picture(slide):
    (found,) = [shape for shape in slide.shapes if shape.shape_type == MSO_SHAPE_TYPE.PICTURE]
    return found


def caption(slide):
    found = [
        shape.text_frame.text
        for shape in slide.placeholders
        if shape.placeholder_format.type == PP_PLACEHOLDER.BODY
    ]
    return found[0] if found else ""


def texts(content, part):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return etree.fromstring(archive.read(part)).iter(f"{DRAWING}r")


@LANGUAGES
def test_a_slide_holds_the_bitmap_itself_with_its_alternative_text(stem, language):
    record, png = a_record(language), published(stem, language, "png")
    shown = picture(only(slides.slide(record, png, CITATION[language])))
    assert shown.image.blob == png
    about = shown._element.nvPicPr.cNvPr
    assert (about.get("descr"), about.get("name")) == (record.alt, "weights")
    wide, high = Image.open(io.BytesIO(png)).size
    assert shown.width / shown.height == pytest.approx(wide / high, rel=1e-4)


@LANGUAGES
def test_title_and_caption_say_every_word_once(language):
    record = a_record(language)
    shown = only(slides.slide(record, bitmap(), ""))
    assert shown.shapes.title.text_frame.text == record.title
    assert record.caption == f"{record.title}{'。' if language == 'zh' else '. '}{caption(shown)}"


@pytest.mark.parametrize(
    ("title", "told", "expected"),
    [
        ("看左图", "看左图：深的是权重。", "看左图：深的是权重。"),
        ("The same", "The same as before.", "The same as before."),
        ("Other", "The caption.", "The caption."),
        ("All of it", "All of it.", ""),
    ],
)
def test_a_caption_never_begins_in_the_middle_of_a_sentence(title, told, expected):
    shown = only(slides.slide(a_record(title=title, caption=told), bitmap(), ""))
    assert caption(shown) == expected


@LANGUAGES
def test_a_slide_is_wide_and_listeners_hear_title_figure_caption_source(language):
    content = slides.slide(a_record(language), bitmap(), "")
    show = opened(content)
    assert show.slide_width / show.slide_height == pytest.approx(16 / 9, rel=1e-4)
    kinds = [shape.shape_type for shape in only(content).shapes]
    held = MSO_SHAPE_TYPE.PLACEHOLDER
    assert kinds == [held, MSO_SHAPE_TYPE.PICTURE, held, MSO_SHAPE_TYPE.TEXT_BOX]


@LANGUAGES
def test_the_source_names_authors_book_licence_and_links_to_the_figure(language):
    record = a_record(language)
    (source,) = [
        s
        for s in only(slides.slide(record, bitmap(), "")).shapes
        if s.shape_id and s.shape_type == MSO_SHAPE_TYPE.TEXT_BOX
    ]
    told = source.text_frame.text
    for fact in ("Ada & <Co>", record.imprint.title(language), "0.1.0", "2026", "CC BY 4.0"):
        assert fact in told
    assert source.text_frame.paragraphs[0].runs[-1].hyperlink.address == record.address


@LANGUAGES
def test_the_notes_cite_the_figure_and_tell_all_that_is_known(language):
    record = a_record(language)
    notes = only(slides.slide(record, bitmap(), CITATION[language])).notes_slide
    told = notes.notes_text_frame.text
    wanted = (record.caption, record.alt, record.description, CITATION[language], record.address)
    for text in (*wanted, record.imprint.licence.address, record.cell):
        assert text in told
    assert ("替代文字：" in told) == (language == "zh")


@LANGUAGES
def test_a_local_copy_has_no_link_and_says_so(language):
    content = slides.slide(a_record(language, imprint={"address": ""}), bitmap(), "")
    words = "本地副本，没有固定链接" if language == "zh" else "local copy, no permanent link"
    assert any(
        words in shape.text_frame.text for shape in only(content).shapes if shape.has_text_frame
    )
    assert words in only(content).notes_slide.notes_text_frame.text
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"hyperlink" not in archive.read("ppt/slides/_rels/slide1.xml.rels")


def test_a_diagram_has_no_description_in_its_notes():
    told = only(slides.slide(a_record(description=""), bitmap(), "")).notes_slide
    assert "详细描述" not in told.notes_text_frame.text and "引用" not in told.notes_text_frame.text


@LANGUAGES
def test_every_text_is_marked_with_its_language(language):
    content = slides.slide(a_record(language), bitmap(), CITATION[language])
    for part in ("ppt/slides/slide1.xml", "ppt/notesSlides/notesSlide1.xml"):
        tags = [run.find(f"{DRAWING}rPr").get("lang") for run in texts(content, part)]
        assert tags and set(tags) == {"zh-CN" if language == "zh" else "en-GB"}


def test_the_themes_name_a_font_for_chinese():
    with zipfile.ZipFile(io.BytesIO(slides.slide(a_record(), bitmap(), ""))) as archive:
        themes = [name for name in archive.namelist() if name.startswith("ppt/theme/")]
        assert len(themes) == 2
        for name in themes:
            fonts = etree.fromstring(archive.read(name)).iter(f"{DRAWING}ea")
            assert {font.get("typeface") for font in fonts} == {"Microsoft YaHei"}


@LANGUAGES
def test_the_properties_of_the_document_are_those_of_the_figure(language):
    record = a_record(language)
    about = opened(slides.slide(record, bitmap(), "")).core_properties
    assert (about.title, about.author, about.subject) == (
        record.title,
        "Ada & <Co>",
        record.caption,
    )
    assert about.language == ("zh-CN" if language == "zh" else "en-GB")
    assert about.identifier == record.address and about.version == "0.1.0"
    assert record.imprint.licence.address in about.comments
    assert about.created.date() == about.modified.date() == record.imprint.date


def test_the_same_figure_gives_the_same_bytes_with_no_clock_in_them(stem):
    record, png = a_record(), published(stem, "zh", "png")
    content = slides.slide(record, png, "x")
    assert slides.slide(record, png, "x") == content
    assert slides.deck([(record, png, "x")]) == slides.deck([(record, png, "x")])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert archive.namelist()[0] == "[Content_Types].xml"
        # Nothing of the template's own: no thumbnail, no printer, no counts, no spare layouts.
        names = "\n".join(archive.namelist())
        assert not re.search("thumbnail|printer|app.xml", names)
        assert len(re.findall(r"slideLayout\d+\.xml$", names, re.MULTILINE)) == 2


def boxes(slide):
    """Title, figure, caption and source from top to bottom: where they begin and end."""
    found = []
    for shape in slide.shapes:
        assert shape.left >= 0 and shape.left + shape.width <= Inches(40 / 3) + 1
        found.append((shape.top, shape.top + shape.height, shape))
    return found


def needed(shape):
    """What a text takes by an estimate of its own: letters half as wide as they are high."""
    runs = [run for paragraph in shape.text_frame.paragraphs for run in paragraph.runs]
    size = runs[0].font.size or Pt(20)
    text = "".join(run.text for run in runs)
    widths = sum(1 if ord(character) > 0x2E80 else 0.5 for character in text)
    lines = int(widths * size / shape.width) + 1
    return Emu(round(lines * size * 1.17))


@settings(max_examples=25)
@given(
    language=st.sampled_from(["zh", "en"]),
    title=st.integers(1, 6),
    told=st.integers(0, 10),
    size=st.sampled_from([(1600, 400), (845, 595), (800, 800), (400, 1600)]),
)
def test_nothing_on_a_slide_covers_anything_else(language, title, told, size):
    sentence = SENTENCE[language]
    record = a_record(
        language,
        title=(sentence * title)[: 40 * title].strip(),
        caption=(sentence * told)[: 400 if language == "zh" else 600].strip(),
    )
    slide = only(slides.slide(record, bitmap(*size), ""))
    found = boxes(slide)
    end = 0
    for top, bottom, shape in found:
        if shape.has_text_frame:
            bottom = max(top + needed(shape), top)
        assert top >= end, f"{shape.name} begins above the end of what stands before it"
        end = bottom
    assert end <= Inches(7.5)
    assert picture(slide).height >= Inches(1.5) or size[0] > 2 * size[1]
    smallest = min(
        run.font.size
        for shape in slide.placeholders
        for paragraph in shape.text_frame.paragraphs
        for run in paragraph.runs
    )
    assert smallest >= Pt(14)  # what the last row of a classroom can read


@given(title=anything, told=anything, alt=anything, citation=anything)
@settings(max_examples=15)
def test_any_text_can_stand_on_a_slide(title, told, alt, citation):
    record = a_record(title=title, caption=told, alt=alt)
    content = slides.slide(record, bitmap(), citation)
    shown = only(content)
    assert shown.shapes.title.text_frame.text == figure_facts.sound(title)
    assert picture(shown)._element.nvPicPr.cNvPr.get("descr") == figure_facts.sound(alt)


@LANGUAGES
def test_the_deck_begins_with_the_book_and_shows_every_figure_in_order(language):
    records = [
        a_record(language, slug=f"f{n}", title=f"T{n}", chapter=f"C{n // 2}") for n in range(5)
    ]
    content = slides.deck([(record, bitmap(), f"cite {record.slug}") for record in records])
    cover, *shown = opened(content).slides
    book = records[0].imprint.title(language)
    assert cover.shapes.title.text_frame.text == book
    told = cover.placeholders[1].text_frame.text
    for fact in ("Ada & <Co>", "0.1.0", "2026-11-24", "CC BY 4.0", f"/attn/{language}/"):
        assert fact in told
    assert [slide.shapes.title.text_frame.text for slide in shown] == [f"T{n}" for n in range(5)]
    assert all(f"cite f{n}" in s.notes_slide.notes_text_frame.text for n, s in enumerate(shown))
    assert opened(content).core_properties.title == book


def test_the_deck_has_a_section_for_every_chapter():
    items = [(a_record(slug=f"f{n}", chapter=f"第{n // 2}章"), bitmap(), "") for n in range(3)]
    with zipfile.ZipFile(io.BytesIO(slides.deck(items))) as archive:
        root = etree.fromstring(archive.read("ppt/presentation.xml"))
    space = "{http://schemas.microsoft.com/office/powerpoint/2010/main}"
    sections = list(root.iter(f"{space}section"))
    assert [section.get("name") for section in sections] == ["注意力之书", "第0章", "第1章"]
    listed = [member.get("id") for member in root.iter(f"{space}sldId")]
    held = [slide.get("id") for slide in root.iter("{*}sldId") if slide.tag.count("2006")]
    assert listed == held and len(held) == 4
    assert len({section.get("id") for section in sections}) == 3


def test_a_bitmap_that_all_figures_share_is_kept_once():
    items = [(a_record(slug=f"f{n}"), bitmap(), "") for n in range(3)]
    with zipfile.ZipFile(io.BytesIO(slides.deck(items))) as archive:
        assert sum(name.endswith(".png") for name in archive.namelist()) == 1


@pytest.mark.parametrize("languages", [(), ("zh", "en")])
def test_a_deck_without_one_language_is_refused(languages):
    with pytest.raises(PressError, match="one language"):
        slides.deck([(a_record(language), bitmap(), "") for language in languages])


@LANGUAGES
def test_libreoffice_shows_every_slide(language, stem, tmp_path):
    if not (office := shutil.which("soffice")):
        pytest.skip("there is no LibreOffice here")
    record, png = a_record(language), published(stem, language, "png")
    (tmp_path / "deck.pptx").write_bytes(slides.deck([(record, png, CITATION[language])]))
    home = f"-env:UserInstallation={(tmp_path / 'home').as_uri()}"
    command = [office, home, "--headless", "--convert-to", "pdf", "deck.pptx"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=120)
    cover, shown = PdfReader(tmp_path / "deck.pdf").pages
    assert record.imprint.title(language)[:3] in cover.extract_text()
    assert record.title[:5] in shown.extract_text()
    assert len(shown.images) == 1

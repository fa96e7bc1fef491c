"""What citations and the box that shows them say, in each language; braces are filled in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class CiteWords:
    """The words of one language.

    ``language`` is the tag that reference managers know, ``babel`` the name that LaTeX knows.
    ``terms`` are words of styles (CSL terms) that read badly in this language.
    """

    language: str
    babel: str
    authors: str
    figure: str
    edition: str
    written_in: str
    comma: str
    terms: dict[str, str]
    heading: str
    link: str
    accessed: str
    styles: dict[str, str]
    copy: str
    copy_style: str
    copied: str
    not_copied: str
    files: str
    local: str


CITE = {
    "zh": CiteWords(
        language="zh-CN",
        babel="chinese",
        authors="attnbook 作者",
        figure="图",
        edition="{version}版",
        written_in="中文",
        comma="，",
        terms={"in": "见", "version": "版本"},
        heading="怎样引用",
        link="引用",
        accessed="引用日期",
        styles={"gbt7714": "GB/T 7714—2015", "apa": "APA 第 7 版"},
        copy="复制",
        copy_style="复制引文：{style}",
        copied="已复制引文：{style}",
        not_copied="浏览器不允许复制，请选中文字手动复制。",
        files="导入文献管理软件：",
        local="这是网站的本地副本，不知道书发布在哪里，所以引文里没有网址。"
        "请从发布的网站引用；那里的固定链接以 {path} 结尾。",
    ),
    "en": CiteWords(
        language="en",
        babel="english",
        authors="The attnbook authors",
        figure="Figure",
        edition="Version {version}",
        written_in="in English",
        comma=", ",
        terms={},
        heading="How to cite",
        link="cite",
        accessed="date of access",
        styles={"apa": "APA, 7th edition", "gbt7714": "GB/T 7714—2015"},
        copy="Copy",
        copy_style="Copy the citation in {style}",
        copied="Copied the citation in {style}.",
        not_copied="The browser did not allow it: please select the text and copy it yourself.",
        files="For reference managers:",
        local="This is a local copy of the site. It does not know where the book is published, so "
        "the citation has no address. Please cite from the published site, where the permanent "
        "link ends in {path}.",
    ),
}

"""What the editions on paper and for readers (PDF, EPUB) say, in each language of the book."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PaperWords:
    """The words of one language; braces are filled in.

    ``page`` follows a link in running text; ``figure`` starts a caption, and ``end`` ends its name.
    """

    contents: str
    figures: str
    figure: str
    end: str
    page: str
    page_of_figure: str
    imprint: str
    version: str
    date: str
    date_form: str
    commit: str
    uncommitted: str
    licence: str
    licence_text: str
    address: str
    local: str
    cite: str
    about: tuple[str, ...]
    fonts: str
    cover: str
    landmarks: str
    reader: str
    reader_access: str
    accessibility: str


PAPER = {
    "zh": PaperWords(
        contents="目录",
        figures="插图",
        figure="图 {number}",
        end="\u3000",
        page="（第 {page} 页）",
        page_of_figure="（{figure}，第 {page} 页）",
        imprint="版本信息",
        version="版本",
        date="日期",
        date_form="{year} 年 {month} 月 {day} 日",
        commit="提交",
        uncommitted="，另有未提交的改动",
        licence="许可",
        licence_text="文字与图片以 CC BY 4.0 发布，代码以 MIT 许可证发布。",
        address="网址",
        local="本地副本，不知道书发布在哪里",
        cite="怎样引用",
        about=(
            "这一版与网站出自同一次生成：文字、代码、输出和图一模一样，没有一个数是手填的。"
            "网站上折叠的代码和解答，这里全部展开；想自己先做练习，请把“解答”盖住。",
            "图从头到尾统一编号，公式沿用教材的编号。正文中指向别处的链接，括号里给出页码，"
            "页码与阅读软件显示的一致。笔记本、图的各种格式与数据在网站上。",
        ),
        fonts="正文用思源宋体（Noto Serif SC）与 Source Serif，代码用 Source Code Pro，"
        "公式用 KaTeX 的字体，图中文字用 Noto Sans SC；字体均为 SIL 开放字体许可证 1.1。",
        cover="封面",
        landmarks="导览",
        reader="这一版与网站出自同一次生成，代码和解答全部展开，图从头到尾统一编号。笔记本、"
        "图的各种格式与数据在网站上。",
        reader_access="公式为 MathML，每张图都有文字描述，标题分级，目录可以跳转。",
        accessibility="标题、图的文字描述、数学公式和目录都带有结构标记，供读屏软件使用。",
    ),
    "en": PaperWords(
        contents="Contents",
        figures="Figures",
        figure="Figure {number}",
        end=". ",
        page=" (p. {page})",
        page_of_figure=" ({figure}, p. {page})",
        imprint="About this edition",
        version="Version",
        date="Date",
        date_form="{day} {name} {year}",
        commit="Commit",
        uncommitted=", with changes that are not committed",
        licence="Licence",
        licence_text="Text and figures CC BY 4.0, code under the MIT licence.",
        address="Address",
        local="a local copy, which does not know where the book is published",
        cite="How to cite",
        about=(
            "This edition was generated together with the website: prose, code, outputs and "
            "figures are the same, and no number in them was typed by hand. Code and solutions are "
            "folded there and unfolded here: cover a solution while you try its exercise.",
            "Figures are numbered from first to last, and equations as in the textbook. A link to "
            "another place is followed by its page, counted as reading software counts. The "
            "notebooks, and the figures in other formats with their data, are on the website.",
        ),
        fonts="Set in Source Serif and Noto Serif SC, code in Source Code Pro, formulas in KaTeX’s "
        "fonts, the words of the figures in Noto Sans SC; all under the SIL Open Font License 1.1.",
        cover="Cover",
        landmarks="Landmarks",
        reader="This edition was generated together with the website. Code and solutions are "
        "unfolded, and figures numbered from first to last; the notebooks, and the figures in "
        "other formats with their data, are on the website.",
        reader_access="Formulas are MathML, every figure is described in words, headings have "
        "levels, and the contents lead to them.",
        accessibility="Headings, descriptions of figures, formulas and contents are marked up for "
        "screen readers.",
    ),
}

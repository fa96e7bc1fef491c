"""What files, slides and teacher kits of figures say, in each language; braces are filled in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class FileWords:
    """The words of one language.

    ``tag`` is the language as office programs name it, ``deed`` the suffix of the full licence.
    """

    tag: str
    deed: str
    comma: str
    colon: str
    stop: str
    join: str
    rights: str
    part: str
    drawn: str
    commit: str
    uncommitted: str
    seed: str
    digest: str
    local: str
    no_link: str
    source: str
    place: str
    summary: str
    edition: str
    made: str
    title: str
    caption: str
    alternative: str
    description: str
    files: str
    contents: str
    citation: str
    licence: str
    link: str
    provenance: str
    kit_intro: str
    book_intro: str
    deck: str
    folders: str
    licence_title: str
    licence_text: str
    full_licence: str
    purposes: dict[str, str]


FILES = {
    "zh": FileWords(
        tag="zh-CN",
        deed="zh-hans",
        comma="，",
        colon="：",
        stop="。",
        join="",
        rights="© {year} {authors}，以 CC BY 4.0 发布。",
        part="《{book}》〈{chapter}〉",
        drawn="由单元格 {cell} 画出（attnbook {version}{commit}）",
        commit="，提交 {commit}",
        uncommitted="，提交 {commit}，另有未提交的改动",
        seed="随机种子 {seeds}",
        digest="数据指纹（数值取 6 位有效数字，SHA-256）为 {digest}",
        local="这个文件出自网站的本地副本，没有固定链接。",
        no_link="本地副本，没有固定链接",
        source="{authors}，《{book}》{version} 版，{year}",
        place="出自〈{chapter}〉",
        summary="注明出处即可自由使用和修改，也可用于商业目的。",
        edition="{version} 版，{date}",
        made="attnbook {version}，{date}{commit}。",
        title="标题",
        caption="图注",
        alternative="替代文字",
        description="详细描述",
        files="文件",
        contents="目录",
        citation="引用格式",
        licence="许可",
        link="固定链接",
        provenance="来历",
        kit_intro="这个文件夹装着《{book}》里的一幅图，备课、讲课和布置作业时都可以直接用。",
        book_intro="这里有《{book}》的全部 {count} 幅图，每幅一个文件夹，备课、讲课和布置作业时"
        "都可以直接用。文件夹里的 README.txt 说明那幅图的内容和引用方法。",
        deck="全书的幻灯片：每幅图一页，备注里有文字描述和引用格式",
        folders="每个文件夹里的文件：",
        licence_title="知识共享署名 4.0 国际（CC BY 4.0）",
        licence_text="图、图注、文字描述和数据采用知识共享署名 4.0 国际许可协议。\n\n"
        "您可以自由地：\n"
        "- 共享：在任何媒介以任何形式复制、发行本作品；\n"
        "- 演绎：修改、转换或以本作品为基础进行创作。\n"
        "以上均可用于任何目的，包括商业目的。\n\n"
        "惟须遵守下列条件：\n"
        "- 署名：给出适当的署名，提供指向本许可协议的链接，并标明是否作了修改；\n"
        "- 没有附加限制：不得用法律条款或技术措施，限制他人做许可协议允许的事情。\n\n"
        "以上只是摘要，不能代替许可协议。",
        full_licence="协议全文",
        purposes={
            "pptx": "一页幻灯片：图带替代文字，下有图注，备注里有文字描述和引用格式；"
            "PowerPoint、WPS、Keynote 和 LibreOffice 都能打开",
            "png": "白底位图，两倍分辨率：放进浅色幻灯片、文档、试卷和教学平台",
            "svg": "矢量图：网页和浅色幻灯片，放大也清晰",
            "dark.svg": "矢量图，透明底、浅色线条：深色幻灯片和深色网页",
            "pdf": "矢量图，字体已嵌入：印刷、讲义和 LaTeX",
            "csv": "画出的数据（UTF-8）：用 Excel、WPS 等电子表格打开，也可以让学生据此重画",
            "bib": "引用信息，BibTeX：LaTeX 和 JabRef",
            "ris": "引用信息，RIS：NoteExpress、EndNote 和 Zotero",
            "json": "引用信息，CSL-JSON：Zotero 和 Pandoc",
        },
    ),
    "en": FileWords(
        tag="en-GB",
        deed="en",
        comma=", ",
        colon=": ",
        stop=".",
        join=" ",
        rights="© {year} {authors}. Licensed under CC BY 4.0.",
        part="{book}, “{chapter}”",
        drawn="Drawn by the cell {cell} of attnbook {version}{commit}",
        commit=" (commit {commit})",
        uncommitted=" (commit {commit}, with changes that are not committed)",
        seed="seed {seeds}",
        digest="digest of the data (rounded to 6 significant digits, SHA-256) {digest}",
        local="This file comes from a local copy of the site and has no permanent link.",
        no_link="local copy, no permanent link",
        source="{authors}, {book}, version {version} ({year})",
        place="From “{chapter}”",
        summary="Use and change it freely, also commercially, and give credit.",
        edition="Version {version}, {date}",
        made="attnbook {version}, {date}{commit}.",
        title="Title",
        caption="Caption",
        alternative="Alternative text",
        description="Long description",
        files="Files",
        contents="Contents",
        citation="How to cite",
        licence="Licence",
        link="Permanent link",
        provenance="Provenance",
        kit_intro="This folder holds one figure of {book}, ready for lectures, handouts and "
        "exercises.",
        book_intro="Here are all {count} figures of {book}, one folder each, ready for lectures, "
        "handouts and exercises. The README.txt in a folder tells what its figure shows and how "
        "to cite it.",
        deck="slides of the whole book: one for each figure, with its description and citation "
        "in the notes",
        folders="The files in each folder:",
        licence_title="Creative Commons Attribution 4.0 International (CC BY 4.0)",
        licence_text="The figure, its caption, its descriptions and its data are licensed under "
        "the Creative Commons Attribution 4.0 International Licence.\n\n"
        "You are free to:\n"
        "- share: copy and redistribute the material in any medium or format;\n"
        "- adapt: remix, transform and build upon the material;\n"
        "for any purpose, even commercially.\n\n"
        "Under these terms:\n"
        "- attribution: give appropriate credit, provide a link to the licence, and indicate if "
        "changes were made;\n"
        "- no additional restrictions: apply no legal terms or technological measures that "
        "restrict others from doing anything the licence permits.\n\n"
        "This is a summary of the licence and no substitute for it.",
        full_licence="Full text",
        purposes={
            "pptx": "one slide with the figure, its caption and its alternative text, with "
            "description and citation in the notes; for PowerPoint, Keynote, LibreOffice and WPS",
            "png": "bitmap on white at double resolution: for light slides, documents, tests and "
            "learning platforms",
            "svg": "vector drawing: for web pages and light slides, sharp at any size",
            "dark.svg": "vector drawing with a transparent background and light lines: for dark "
            "slides and dark web pages",
            "pdf": "vector drawing with embedded fonts: for print, handouts and LaTeX",
            "csv": "the data plotted (UTF-8): for Excel and other spreadsheets, or for students "
            "to draw it anew",
            "bib": "citation, BibTeX: for LaTeX and JabRef",
            "ris": "citation, RIS: for Zotero, EndNote and Mendeley",
            "json": "citation, CSL-JSON: for Zotero and Pandoc",
        },
    ),
}

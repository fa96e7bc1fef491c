"""What the gallery and the pages of the figures say, in each language; braces are filled in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class GalleryWords:
    """The words of one language."""

    title: str
    description: str
    intro: str
    chapter: str
    kind: str
    every: str
    shown: str
    kinds: dict[str, str]
    in_chapter: str
    alternative: str
    long_description: str
    data: str
    sample: str
    no_data: str
    code: str
    code_intro: str
    before: str
    downloads: str
    files: dict[str, tuple[str, str]]
    licence: str
    licence_text: str
    provenance: str
    cell: str
    made_with: str
    seeds: str
    no_seeds: str
    commit: str
    digest: str
    link: str
    local: str


GALLERY = {
    "zh": GalleryWords(
        title="图集",
        description="全书的图：每幅都有固定网址、可下载的文件、数据、代码和文字描述。",
        intro="书里的 {count} 幅图都在这里。点开一幅，可以读到它的文字描述，看到它背后的"
        "数据和画它的代码，并下载 SVG、PDF、PNG 和 CSV 文件。每幅图的网址由它的名字而来，"
        "不随编号变动。",
        chapter="章节",
        kind="种类",
        every="全部",
        shown="{total} 幅中的 {shown} 幅",
        kinds={"plot": "曲线与散点", "heat map": "热图", "diagram": "示意图"},
        in_chapter="出自〈{chapter}〉，[回到文中的位置]({place})。",
        alternative="替代文字",
        long_description="详细描述",
        data="数据",
        sample="数据共 {total} 行，下面均匀抽取了 {shown} 行；全部在 [CSV 文件]({csv})里。",
        no_data="这是一幅示意图，没有画出数据。",
        code="代码",
        code_intro="画出这幅图的单元格是 `{label}`，见它在[文中的位置]({place})。",
        before="先要运行的 {count} 个单元格",
        downloads="下载",
        files={
            "svg": ("SVG", "矢量图，随深浅主题变色；网页与浅底幻灯片"),
            "dark.svg": ("SVG（深色）", "矢量图，透明底；深底幻灯片"),
            "pdf": ("PDF", "矢量图；印刷与 LaTeX"),
            "png": ("PNG", "位图，双倍分辨率，白底"),
            "csv": ("CSV", "图中的数据"),
            "pptx": ("PPTX", "一页幻灯片，备注里有描述与出处"),
            "zip": ("ZIP", "教学包：以上全部，加上说明与引文"),
        },
        licence="许可",
        licence_text="图与文字以 [CC BY 4.0](https://creativecommons.org/licenses/by/4.0/) 发布："
        "注明出处即可自由使用和修改。代码以 MIT 许可证发布。",
        provenance="来历",
        cell="`{script}` 中的单元格 `{label}`",
        made_with="attnbook {version}，Python {python}，PyTorch {torch}，Matplotlib {matplotlib}",
        seeds="随机种子：{seeds}",
        no_seeds="没有用到随机数",
        commit="代码版本（Git 提交；末尾的 + 表示有未提交的改动）：`{commit}`",
        digest="数据指纹（数值取 6 位有效数字，SHA-256）：`{digest}`",
        link="固定链接：<{address}>",
        local="这是网站的本地副本；发布之后，固定链接以 `{address}` 结尾。",
    ),
    "en": GalleryWords(
        title="Figures",
        description="All figures of the book: for each a permanent address, files to download, "
        "its data, its code and a description in words.",
        intro="Here are all {count} figures of the book. Open one for its description in words, "
        "the data behind it, the code that draws it, and SVG, PDF, PNG and CSV files to download. "
        "The address of a figure is made from its name and does not depend on a number.",
        chapter="Chapter",
        kind="Kind",
        every="all",
        shown="{shown} of {total} figures",
        kinds={"plot": "plot", "heat map": "heat map", "diagram": "diagram"},
        in_chapter="From “{chapter}”: [to its place in the text]({place}).",
        alternative="Alternative text",
        long_description="Long description",
        data="Data",
        sample="There are {total} rows of data, of which {shown} are shown, evenly spaced; all are "
        "in the [CSV file]({csv}).",
        no_data="This is a diagram. It shows no data.",
        code="Code",
        code_intro="The cell `{label}` draws this figure; see [its place in the text]({place}).",
        before="Cells that have to run before it: {count}",
        downloads="Downloads",
        files={
            "svg": ("SVG", "vector, follows light and dark; for web pages and light slides"),
            "dark.svg": ("SVG (dark)", "vector on a transparent ground; for dark slides"),
            "pdf": ("PDF", "vector; for print and LaTeX"),
            "png": ("PNG", "bitmap at double resolution, on white"),
            "csv": ("CSV", "the data in the figure"),
            "pptx": ("PPTX", "one slide; description and source are in its notes"),
            "zip": ("ZIP", "teacher kit: all of these, with notes and citations"),
        },
        licence="Licence",
        licence_text="Text and figures are published under "
        "[CC BY 4.0](https://creativecommons.org/licenses/by/4.0/): use and change them freely and "
        "give credit. Code is under the MIT licence.",
        provenance="Provenance",
        cell="Cell `{label}` of `{script}`",
        made_with="attnbook {version}, Python {python}, PyTorch {torch}, Matplotlib {matplotlib}",
        seeds="Random seeds: {seeds}",
        no_seeds="No random numbers were used",
        commit="Git commit (a + at its end: with changes not committed): `{commit}`",
        digest="Digest of the data (rounded to 6 significant digits, SHA-256): `{digest}`",
        link="Permanent link: <{address}>",
        local="This is a local copy of the site; once published, the permanent link ends in "
        "`{address}`.",
    ),
}

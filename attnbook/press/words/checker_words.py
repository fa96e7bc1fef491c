"""What "verify this file" says, in each language; braces are filled in."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """The name of a verdict, and what it means for the file at hand."""

    title: str
    text: str


@dataclass(frozen=True)
class CheckerWords:
    """The words of one language.

    ``own`` and ``other`` name a file: one in the language of the page, and one in another.
    """

    title: str
    intro: str
    drop: str
    choose: str
    working: str
    insecure: str
    genuine: Verdict
    former: Verdict
    altered: Verdict
    unknown: Verdict
    unreadable: Verdict
    published: str
    local: str
    changed: str
    own: str
    other: dict[str, str]
    by_hand: str
    by_hand_intro: str
    colon: str


CHECKER = {
    "zh": CheckerWords(
        title="验证文件",
        intro="手里的图还是当初发布的那一份吗？浏览器会在你的设备上算出文件的 SHA-256，与本页"
        "所附的校验值比对。文件不会上传，断网也能用。",
        drop="把这幅图的文件拖到这里，或者",
        choose="选择文件",
        working="正在计算……",
        insecure="要在这里验证，请通过 https 打开本页，或者把网站存到本机再打开：在其他情况下，"
        "浏览器不提供计算校验值的功能。也可以按下面的办法自己核对。",
        genuine=Verdict("原件", "与{name} 逐字节相同，出自{edition}，即本页这一版。"),
        former=Verdict("旧版原件", "与{name} 逐字节相同，出自{edition}；本页是{current}。"),
        altered=Verdict(
            "与原件不符",
            "文件名是 {name}，内容却与已知的任何一版都不相同。另存、转换格式，或者由聊天软件"
            "转发图片，都会改动文件。需要原件时，请在本页重新下载。",
        ),
        unknown=Verdict(
            "无法确认",
            "内容与这幅图已知的任何文件都不相同。如果它属于另一幅图，请到那幅图的页面验证；"
            "否则，它已不是原件。",
        ),
        unreadable=Verdict("无法读取", "它可能是文件夹，也可能在选取之后被移走或改写了。"),
        published=" {version} 版（{date}）",
        local=" {version} 版的本地副本",
        changed=" {version} 版（源文件另有未提交的改动）",
        own=" {name}",
        other={"zh": "中文版的 {name}", "en": "英文版的 {name}"},
        by_hand="自己核对：各文件的 SHA-256",
        by_hand_intro="在终端里算出文件的 SHA-256，与下面的比较：不分大小写，只要有一位不同，"
        "就不是同一个文件。这些值属于{edition}。",
        colon="：",
    ),
    "en": CheckerWords(
        title="Verify a file",
        intro="Is the figure you have still the one that was published? Your browser computes the "
        "SHA-256 of the file on your device and compares it with those that this page carries. "
        "Nothing is uploaded, and it works offline.",
        drop="Drop files of this figure here, or",
        choose="Choose files",
        working="Computing…",
        insecure="To verify files here, open this page over https, or save the site and open it "
        "from disk: elsewhere browsers do not compute digests. You can also compare by hand, as "
        "follows.",
        genuine=Verdict("Genuine", "Byte for byte {name} of {edition}, as on this page."),
        former=Verdict(
            "Genuine, of an earlier version",
            "Byte for byte {name} of {edition}. This page is of {current}.",
        ),
        altered=Verdict(
            "Not as published",
            "It is named like {name}, but differs from it in every edition known here. Saving a "
            "figure again, converting it or sending it through a chat changes the file. If you "
            "need the original, download it again from this page.",
        ),
        unknown=Verdict(
            "Unknown",
            "It differs from every known file of this figure. If it belongs to another figure, "
            "verify it on the page of that one; otherwise it is no longer what was published.",
        ),
        unreadable=Verdict(
            "Cannot be read", "It may be a folder, or was moved or changed after you chose it."
        ),
        published="version {version} ({date})",
        local="a local copy of version {version}",
        changed="version {version} with changes that are in no commit",
        own="{name}",
        other={"zh": "the Chinese {name}", "en": "the English {name}"},
        by_hand="By hand: the SHA-256 of every file",
        by_hand_intro="Compute the SHA-256 of your file in a terminal and compare, upper "
        "and lower case alike: if one digit differs, it is another file. These are of {edition}.",
        colon=": ",
    ),
}

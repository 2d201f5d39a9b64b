"""Pages that rules for boilerplate and extractors misread, each as written and in variants of it.

``cases/NAME.html`` is a page, ``NAME.expected.txt`` the text that a reader would take for its article, and
``NAME.args.json`` what the feed says of it. The variants have other class names, other tags, or other scripts.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from transforms.pages.boilerplate_words import WORD
from transforms.pages.clean import clean_page

_FOLDER = Path(__file__).parent / "cases"
CASES = sorted(path.name.removesuffix(".expected.txt") for path in _FOLDER.glob("*.expected.txt"))
_LEAST = 0.95

# Sentences for the variants in other scripts; {} makes each use of one differ from the others.
_SENTENCES = {
    "uk": (
        "Уночі {} дрон влучив у склад зерна на околиці річкового порту, повідомив голова обласної адміністрації.",
        "Рятувальники {} годин гасили пожежу, двох сторожів госпіталізували з опіками рук та обличчя.",
        "У порту розповіли, що завантаження зупинили на всіх причалах, а {} суден чекають на дозвіл зайти.",
    ),
    "ar": (
        "أصابت غارة جوية مخزنا للحبوب على أطراف الميناء النهري قبل فجر الثلاثاء {}، بحسب ما قال المحافظ.",
        "واحتاج رجال الإطفاء إلى {} ساعات لإخماد النيران، ونقل حارسان إلى المستشفى بسبب حروق في اليدين.",
        "وقالت سلطات الميناء إن التحميل توقف في جميع الأرصفة وإن {} سفينة تنتظر الإذن بالدخول.",
    ),
    "zh": (
        "州长说，星期二黎明前第{}次空袭击中了河港边缘的一座粮仓，大火一直烧到中午才看得见烟雾散去。",
        "消防队员用了{}个小时才扑灭大火，两名守夜人的手和脸被烧伤，已被送往地区医院接受治疗。",
        "港务局表示，四个泊位的装货工作全部停止，{}艘船正在防波堤外等待进港许可。",
    ),
}


class Case:
    """A page with what the feed says of it and the text that is expected."""

    def __init__(self, name: str) -> None:
        self.html = (_FOLDER / f"{name}.html").read_bytes()
        self.expected = (_FOLDER / f"{name}.expected.txt").read_text("utf-8")
        self.args = json.loads((_FOLDER / f"{name}.args.json").read_text("utf-8"))

    def replace(self, changes: dict[str, str]) -> None:
        html = self.html.decode("utf-8", "surrogateescape")
        for old, new in sorted(changes.items(), key=lambda change: -len(change[0])):
            html = html.replace(old, new)
            self.expected = self.expected.replace(old, new)
            self.args |= {key: value and value.replace(old, new) for key, value in self.args.items()}
        self.html = html.encode("utf-8", "surrogateescape")

    def replace_in_markup(self, pattern: str, new: str | Callable[[re.Match[str]], str]) -> None:
        html = self.html.decode("utf-8", "surrogateescape")
        self.html = re.sub(pattern, new, html).encode("utf-8", "surrogateescape")


def _as_written(case: Case) -> None:
    pass


_OTHER_NAMES = {
    "teaser": "promo", "widget-area": "sidebar", "share": "related", "menu-list": "links", "content": "c-main",
    "post": "update", "logo": "brand", "inner": "wrap", "text": "copy", "intro": "dek", "legal": "notice",
    "top": "upper", "col": "cell", "row": "line", "headline": "ttl", "modal": "overlay", "page": "outer",
}  # fmt: skip


def _other_classes(case: Case) -> None:
    """Give every element another class; names that mean boilerplate are exchanged for others that do."""

    def rename(found: re.Match[str]) -> str:
        return f'class="{" ".join(_OTHER_NAMES.get(name, name) for name in found[1].split())}"'

    case.replace_in_markup(r'class="([^"]*)"', rename)


def _no_classes(case: Case) -> None:
    case.replace_in_markup(r' class="[^"]*"', "")


def _other_tags(case: Case) -> None:
    """Use other elements: sections for articles, blocks for paragraphs, another level for headings."""
    for old, new in (("article", "section"), ("main", "div"), ("h2", "h3"), ("strong", "b")):
        case.replace_in_markup(rf"<(/?){old}\b", rf"<\1{new}")


def _in_script(language: str) -> Callable[[Case], None]:
    def translate(case: Case) -> None:
        page = case.html.decode("utf-8", "surrogateescape")
        lines = [line for line in case.expected.split("\n") if len(WORD.findall(line)) > 4 and line in page]
        sentences = _SENTENCES[language]
        case.replace({line: sentences[n % 3].format(n + 2) for n, line in enumerate(lines)})

    return translate


VARIANTS: dict[str, Callable[[Case], None]] = {
    "as written": _as_written,
    "other classes": _other_classes,
    "no classes": _no_classes,
    "other tags": _other_tags,
    **{language: _in_script(language) for language in _SENTENCES},
}


def _similarity(text: str, expected: str) -> float:
    """Return the F1 of the words of two texts."""
    words, others = Counter(WORD.findall(text)), Counter(WORD.findall(expected))
    return 2 * sum((words & others).values()) / (words.total() + others.total())


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("name", CASES)
def test_the_article_of_a_hard_page_is_its_text(name: str, variant: str) -> None:
    case = Case(name)
    VARIANTS[variant](case)
    text = clean_page(case.html, **case.args).text
    assert _similarity(text, case.expected) >= _LEAST, text

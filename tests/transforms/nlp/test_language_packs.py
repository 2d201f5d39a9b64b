"""Language packs: keys are validated, and the code contains no words of a language."""

from __future__ import annotations

import ast
import re
import shutil
from pathlib import Path

import pytest
import yaml

from transforms.nlp import reports as reports_module
from transforms.nlp.language import LanguagePackInvalid, has_language_pack, load_pack, read_pack

NLP = Path(reports_module.__file__).parent
PACK = NLP / "en"


def changed(folder: Path, name: str, change: object) -> Path:
    copied = folder / "en"
    shutil.copytree(PACK, copied)
    path = copied / f"{name}.yaml"
    raw = yaml.safe_load(path.read_text("utf-8"))
    change(raw)  # type: ignore[operator]
    path.write_text(yaml.safe_dump(raw, allow_unicode=True), "utf-8")
    return copied


def test_the_pack_is_read() -> None:
    assert read_pack(PACK, "en").language == "en"
    assert load_pack("en") is load_pack("en")


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("lexicon", lambda raw: raw.update(weapon=[]), "lexicon.yaml: unknown or missing keys ['weapon']"),
        ("casualties", lambda raw: raw.pop("things"), "casualties.yaml: unknown or missing keys ['things']"),
        ("frames", lambda raw: raw["patterns"].pop("no_harm"), "frames.yaml, patterns: unknown or missing"),
        (
            "frames",
            lambda raw: raw["patterns"].update(no_harm="(unclosed"),
            "frames.yaml: no_harm: missing )",
        ),
        ("times", lambda raw: raw["patterns"].update(possessive="{nothing}"), "no list nothing"),
        ("times", lambda raw: raw["rules"].append(["someday", "x"]), "['someday'] is not of the closed list"),
        (
            "lexicon",
            lambda raw: raw["weapons"].update(laser=["laser"]),
            "['laser'] is not of the closed list",
        ),
        ("lexicon", lambda raw: raw["targets"].update(zoo=["zoo"]), "['zoo'] is not of the closed list"),
    ],
)
def test_a_bad_pack_says_what_is_wrong(tmp_path: Path, name: str, change: object, says: str) -> None:
    with pytest.raises(LanguagePackInvalid, match=re.escape(says)):
        read_pack(changed(tmp_path, name, change), "en")


def _expressions(tree: ast.AST) -> list[str]:
    """Return the string constants that are given to functions of ``re``."""
    found = []
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.args
        ):
            pattern = node.args[0]
            keys = {id(n.slice) for n in ast.walk(pattern) if isinstance(n, ast.Subscript)}
            texts = [n for n in ast.walk(pattern) if isinstance(n, ast.Constant) and id(n) not in keys]
            found += [n.value for n in texts if isinstance(n.value, str)]
    return found


# The gazetteer is excluded: it has rules for the spelling of names, not for a language of articles.
CODE = [p for p in sorted(NLP.glob("*.py")) if p.stem not in ("build_gazetteer", "gazetteer")]


@pytest.mark.parametrize("path", CODE, ids=lambda p: p.stem)
def test_the_code_contains_no_words_of_a_language(path: Path) -> None:
    for text in _expressions(ast.parse(path.read_text("utf-8"))):
        bare = re.sub(r"\(\?P<\w+>|\(\?[a-zA-Z-]*:?|\\[a-zA-Z]|\\x\w\w|\\u\w{4}|\[[^\]]*\]", "", text)
        assert not re.search(r"[A-Za-z]{3,}", bare), f"{path.name}: {text}"


def test_articles_in_a_language_without_a_pack_are_not_extracted() -> None:
    assert has_language_pack("en")
    assert not has_language_pack("uk")

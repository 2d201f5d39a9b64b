"""Both checks before the model, on the annotated articles: few strikes are lost, and other news is not read."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest
from sample_records import an_article

from benchmarks.news_text import news_text
from pipelines.extract_files import article_of_line
from schemas.records import Article
from training.corpus import read_all
from transforms.nlp.findings import Findings
from transforms.nlp.gate import may_tell_of_strikes, passes_gate
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.lexicon import Lexicon
from transforms.nlp.pipeline import build_nlp, read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.term_gate import terms_rule_out

PACK = load_pack("en")
MAX_LOST = 0.01
"""Of the articles with a strike, at most this share may be ruled out."""
MAX_READ = 0.1
"""Of other news, at most this share may be read by the model."""


def is_read(article: Article) -> bool:
    """Return whether the model reads an article. It is not asked: the second check sees only blocks and terms."""
    found: list[bool] = []

    def rule_out(findings: Findings, pack: LanguagePack) -> bool:
        found.append(terms_rule_out(findings, pack))
        return True

    if passes_gate(article):
        list(read_documents([(article.title, article.text, Publication(None))], is_ruled_out=rule_out))
    return found == [False]


def test_few_annotated_strikes_are_lost() -> None:
    articles = [a for a in read_all() if a.golds]
    lost = [f"{a.folder}/{a.id}" for a in articles if not is_read(article_of_line(a.line))]
    assert len(articles) > 1000
    assert len(lost) <= MAX_LOST * len(articles), lost


def test_other_news_is_mostly_not_read() -> None:
    others = [t for t in (news_text(n, 5) for n in range(100)) if not t.is_strike]
    read = [t.title for t in others if is_read(an_article(t.title, "\n".join(t.paragraphs)))]
    assert len(read) <= MAX_READ * len(others), read


KINDS = [
    pytest.param(group, kind, entry["example"], id=f"{group}.{kind}")
    for group in ("strike_kinds", "hit_kinds")
    for kind, entry in PACK.lexicon[group].items()
]


def is_read_by(pack: LanguagePack, text: str) -> bool:
    """Return whether both checks let a text pass with the words of a pack."""
    (doc,) = read_documents([("", text, Publication(None))], is_ruled_out=lambda *_: True)
    findings = doc._.findings
    nlp = build_nlp("en", None)
    findings.terms = Lexicon(nlp.vocab, pack, nlp.make_doc).find(doc)
    return may_tell_of_strikes(text, pack) and not terms_rule_out(findings, pack)


@pytest.mark.parametrize(("group", "kind", "example"), KINDS)
def test_the_example_of_a_kind_is_read_because_of_its_words(group: str, kind: str, example: str) -> None:
    kinds: dict[str, Any] = {k: v for k, v in PACK.lexicon[group].items() if k != kind}
    without = dataclasses.replace(PACK, lexicon={**PACK.lexicon, group: kinds})
    assert is_read_by(PACK, example)
    assert not is_read_by(without, example)

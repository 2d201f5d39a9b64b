"""The spaCy components: each writes its own span group, and without it something is missing."""

from __future__ import annotations

import datetime as dt
from itertools import islice
from pathlib import Path

import pytest
import spacy
from scoring import MODEL, read_sample
from spacy.tokens import Doc
from threadpoolctl import threadpool_info

from transforms.nlp import pipeline
from transforms.nlp.components import BEFORE_MODEL, BLOCKS, COMPONENTS, LEXICON
from transforms.nlp.pipeline import build_nlp, read_documents
from transforms.nlp.publication import Publication

GOLD = Path(__file__).parents[2] / "eval" / "gold.jsonl"
PUBLISHED = Publication(dt.datetime(2025, 4, 5, 12, tzinfo=dt.UTC))
TITLE = "Russian missile kills 14 in Kryvyi Rih"
TEXT = """Officials count the dead after Friday's attack
At least 14 people, five of them children, were killed and more than 50 wounded on Friday when a Russian \
ballistic missile hit a playground in Kryvyi Rih, governor Serhii Lysak said. Two people are missing.
Since the start of the war more than 900 people have been killed across the region.
In Kharkiv, a drone killed four people on Thursday."""


@pytest.fixture(scope="module")
def doc() -> Doc:
    (found,) = read_documents([(TITLE, TEXT, PUBLISHED)], "en", MODEL)
    return found


def spans(doc: Doc, group: str) -> list[tuple[str, str]]:
    return [(span.text.strip(), span.label_) for span in doc.spans[group]]


def test_each_component_has_its_own_factory() -> None:
    nlp = build_nlp("en", MODEL)
    names = [name for name in nlp.pipe_names if name.startswith("strikes_")]
    assert names == [*BEFORE_MODEL, *COMPONENTS]
    assert len({nlp.get_pipe_meta(name).factory for name in names}) == len(names)
    assert "ner" not in nlp.pipe_names
    assert nlp.pipe_names[0] == BLOCKS


def test_matrix_products_by_numpy_change_no_analysis(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [(a.title, a.text, PUBLISHED) for _, a, _ in islice(read_sample(GOLD), 12)]

    def analyses() -> list[object]:
        return [[(t.tag_, t.dep_, t.head.i) for t in d] for d in read_documents(texts, "en", MODEL)]

    layers = list(build_nlp("en", MODEL).get_pipe("tok2vec").model.walk())  # type: ignore[attr-defined]
    assert not any(layer.ops.use_blis for layer in layers)
    by_numpy = analyses()
    threads = {pool["num_threads"] for pool in threadpool_info() if "numpy" in pool["filepath"]}
    assert threads <= {1}
    monkeypatch.setattr(pipeline, "_multiply_by_numpy", lambda nlp: None)
    own = pipeline.build_nlp.__wrapped__("en", MODEL)
    assert own.get_pipe("tok2vec").model.ops.use_blis  # type: ignore[attr-defined]
    monkeypatch.setattr(pipeline, "build_nlp", lambda language, model: own)
    assert analyses() == by_numpy


def test_each_block_has_its_kind(doc: Doc) -> None:
    assert [label for _, label in spans(doc, "blocks")] == ["headline", "dek", "lead", "body", "body"]


def test_places_have_ids_and_roles(doc: Doc) -> None:
    found = {(s.text, s.label_, s.kb_id_) for s in doc.spans["places"]}
    assert ("Kryvyi Rih", "scene", "703845") in found
    assert ("Kharkiv", "scene", "706483") in found


def test_terms_quantities_and_times_are_found(doc: Doc) -> None:
    terms = {(s.label_, s.kb_id_) for s in doc.spans["terms"]}
    assert terms >= {("weapon", "ballistic_missile"), ("weapon", "drone"), ("target", "playground")}
    assert ("At least 14", "count") in spans(doc, "quantities")
    assert ("Friday", "event") in spans(doc, "times")
    assert ("Thursday", "event") in spans(doc, "times")


def test_killed_injured_and_missing_are_counted(doc: Doc) -> None:
    assert {label for _, label in spans(doc, "casualties")} == {"killed", "injured", "missing"}


def test_scope_excludes_the_total_of_the_war(doc: Doc) -> None:
    ((text, reason),) = spans(doc, "scope")
    assert reason == "cumulative"
    assert text.startswith("Since the start of the war")


def test_attributions_struck_places_and_incidents_are_found(doc: Doc) -> None:
    assert ("governor Serhii Lysak", "source") in spans(doc, "attribution")
    assert {text for text, _ in spans(doc, "struck")} == {"Kryvyi Rih", "Kharkiv"}
    assert {label for _, label in spans(doc, "incidents")} == {"0", "1"}


@pytest.mark.parametrize("component", [LEXICON, *COMPONENTS])
def test_without_a_component_something_is_missing(component: str) -> None:
    nlp = spacy.load(MODEL, exclude=["ner", "lemmatizer"])
    nlp.add_pipe(BLOCKS, first=True)
    for name in (LEXICON, *COMPONENTS):
        if name != component:
            nlp.add_pipe(name)
    doc = nlp.make_doc(f"{TITLE}\n\n{TEXT}")
    doc._.title_end, doc._.published = len(TITLE), PUBLISHED
    doc = nlp(doc)
    full = build_nlp("en", MODEL)
    whole = full.make_doc(f"{TITLE}\n\n{TEXT}")
    whole._.title_end, whole._.published = len(TITLE), PUBLISHED
    whole = full(whole)

    def results(d: Doc) -> list[object]:
        found = d._.findings
        return [
            found.places, found.terms, found.quantities, found.times, found.left_out, found.counts,
            found.attributions, found.verdicts, len(d._.strikes),
        ]  # fmt: skip

    assert results(doc) != results(whole)


def test_a_sentence_split_by_the_parser_is_joined_again() -> None:
    text = (
        "Fifteen people were injured in Odesa and a residential high-rise caught fire after a drone attack."
    )
    (doc,) = read_documents([("Odesa", text, PUBLISHED)], "en", MODEL)
    assert ("Fifteen people were injured", "injured") in spans(doc, "casualties")


def test_a_count_has_the_group_that_its_noun_names() -> None:
    text = "A missile killed three soldiers, wounded two women and injured four people in Sumy on Friday."
    (doc,) = read_documents([("", text, PUBLISHED)], "en", MODEL)
    assert [(s.label_, s.kb_id_) for s in doc.spans["casualties"]] == [
        ("killed", "soldiers"),
        ("injured", "women"),
        ("injured", ""),
    ]

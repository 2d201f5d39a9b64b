"""Annotated articles as the components of extraction read them: candidates, labels, and annotated strikes."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from pipelines.extract_files import article_of_line
from schemas.records import Article
from training.corpus import Annotated, Gold, folds_of
from training.labels import block_starts, fit, label, label_mentions, place_of
from transforms.nlp.findings import Findings
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.learned.candidates import Candidate, find_candidates
from transforms.nlp.learned.context import Context
from transforms.nlp.publication import Publication
from transforms.nlp.reports import read_candidates

FOLDS = 5


@dataclass(frozen=True, slots=True)
class AnnotatedStrike:
    """An annotated strike whose place is candidate number ``candidate`` of its article.

    ``spans``: the characters that state each field, where they are annotated and found in the text.
    """

    candidate: int
    gold: Gold
    spans: dict[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Analysed:
    """An annotated article with what the components found. ``record``: the article as extraction takes it.

    ``labels``: struck, not struck or undecided, for each candidate; ``mention_labels`` for each of its
    mentions. ``decoys``: characters and kind of what only looks like a field of a strike.
    """

    article: Annotated
    record: Article
    fold: int
    doc: Doc
    context: Context
    candidates: Sequence[Candidate]
    labels: Sequence[int]
    mention_labels: Sequence[Sequence[int]]
    strikes: Sequence[AnnotatedStrike]
    decoys: Sequence[tuple[int, int, str]]

    @property
    def findings(self) -> Findings:
        """Return what the components found."""
        return self.context.findings

    @property
    def published(self) -> Publication:
        """Return when the article was published."""
        published: Publication = self.doc._.published
        return published

    @property
    def name(self) -> str:
        """Return a name that no other article has."""
        return f"{self.article.folder}/{self.article.id}"

    def published_at(self, candidate: int, gazetteer: Gazetteer) -> dt.datetime | None:
        """Return the local time of publication at a candidate."""
        return self.published.at(self.candidates[candidate].place, gazetteer)


def analyse_all(articles: Sequence[Annotated], gazetteer: Gazetteer) -> Iterator[Analysed]:
    """Yield each article as the components read it, without any decision of a model."""
    folds = folds_of(articles, FOLDS)
    records = [article_of_line(a.line) for a in articles]
    docs = read_candidates(records, "en")
    for article, record, fold, doc in zip(articles, records, folds, docs, strict=True):
        yield _analysed(article, record, fold, doc, gazetteer)


def _analysed(article: Annotated, record: Article, fold: int, doc: Doc, gazetteer: Gazetteer) -> Analysed:
    context = Context(doc, doc._.findings, doc._.published.instant)
    candidates = find_candidates(context.findings.places)
    labels = label(candidates, article, gazetteer)
    text = context.findings.text
    blocks = block_starts(article, text)
    decoys = [(*place_of(span, blocks, text), kind) for span, kind in article.decoys]
    return Analysed(
        article=article,
        record=record,
        fold=fold,
        doc=doc,
        context=context,
        candidates=candidates,
        labels=labels,
        mention_labels=[label_mentions(c, y, article, text) for c, y in zip(candidates, labels, strict=True)],
        strikes=list(_strikes(article, candidates, blocks, text, gazetteer)),
        decoys=[d for d in decoys if d[0] >= 0],
    )


def _strikes(
    article: Annotated,
    candidates: Sequence[Candidate],
    blocks: Sequence[int],
    text: str,
    gazetteer: Gazetteer,
) -> Iterator[AnnotatedStrike]:
    """Yield the annotated strikes whose place is a candidate."""
    for gold in article.golds:
        fits = [fit(c.place, gold, gazetteer) for c in candidates]
        if max(fits, default=0.0) > 0:
            found = {name: place_of(span, blocks, text) for name, span in gold.spans.items()}
            yield AnnotatedStrike(
                fits.index(max(fits)), gold, {name: at for name, at in found.items() if at[0] >= 0}
            )

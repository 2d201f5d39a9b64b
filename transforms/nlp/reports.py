"""From articles to reports: ``extract_reports``.

It needs no Beam; ``transforms.extract_reports`` wires it.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from schemas.records import Article, Report
from transforms.nlp.components import DECIDING
from transforms.nlp.findings import Findings
from transforms.nlp.gate import MAX_TEXT, is_worth_reading, passes_gate
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.learned.strikes import Strike
from transforms.nlp.pipeline import extractor_version, read_documents
from transforms.nlp.publication import publication_of
from transforms.nlp.report_writer import ReportWriter
from transforms.nlp.settings import DEFAULTS, ExtractionSettings
from transforms.nlp.term_gate import terms_rule_out


def extract_reports(
    articles: Iterable[Article], settings: ExtractionSettings = DEFAULTS
) -> Iterator[tuple[Article, list[Report]]]:
    """Yield each article with its reports, in the given order. An article may have none.

    Articles in a language without a pack have no reports. The reports of an article do not depend on the
    other articles.
    """
    yield from _by_language(list(articles), settings)


def _by_language(
    articles: Sequence[Article], settings: ExtractionSettings
) -> Iterator[tuple[Article, list[Report]]]:
    to_read = [a for a in articles if is_worth_reading(a)]
    reports: dict[int, list[Report]] = {}
    for language in sorted({a.language for a in to_read}):
        group = [a for a in to_read if a.language == language]
        docs = _read(group, language, settings, terms_rule_out)
        for article, doc in zip(group, docs, strict=True):
            reports[id(article)] = reports_of(article, doc, settings)
    for article in articles:
        yield article, reports.get(id(article), [])


def read_candidates(group: Sequence[Article], language: str) -> Iterator[Doc]:
    """Yield each article with all findings that the learned model decides on, and without its decisions.

    For training: the weights need not exist yet, and no check rules an article out.
    """
    return _read(group, language, DEFAULTS, without=DECIDING)


def _read(
    group: Sequence[Article],
    language: str,
    settings: ExtractionSettings,
    is_ruled_out: Callable[[Findings, LanguagePack], bool] | None = None,
    without: Sequence[str] = (),
) -> Iterator[Doc]:
    published = [publication_of(a.published_at, a.published_offset_minutes) for a in group]
    texts = ((a.title, a.text[:MAX_TEXT], p) for a, p in zip(group, published, strict=True))
    return read_documents(texts, language, settings.model, is_ruled_out, without)


@dataclass(frozen=True, slots=True)
class Analysis:
    """All results of extraction for one article, from the components' findings to the reports.

    ``passed``: whether it passed the two checks before the model; else it has no reports, whatever was found.
    """

    findings: Findings
    strikes: Sequence[Strike]
    reports: Sequence[Report]
    passed: bool


def analyse(article: Article, settings: ExtractionSettings = DEFAULTS) -> Analysis:
    """Return all results of extraction for one article, for ``explain``."""
    (doc,) = _read([article], article.language, settings)
    passed = passes_gate(article) and not terms_rule_out(doc._.findings, load_pack(article.language))
    reports = reports_of(article, doc, settings) if passed else []
    return Analysis(doc._.findings, doc._.strikes, reports, passed)


def reports_of(article: Article, doc: Doc, settings: ExtractionSettings = DEFAULTS) -> list[Report]:
    """Return the reports of an analysed article in text order."""
    pack, version = load_pack(article.language), extractor_version(settings.model, article.language)
    return ReportWriter(article, doc._.findings, pack, version).reports(doc._.strikes)

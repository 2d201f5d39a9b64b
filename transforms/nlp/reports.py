"""From articles to reports: ``extract_reports``.

It needs no Beam; ``transforms.extract_reports`` wires it.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc

from schemas.identity import parse_instant, report_id
from schemas.records import Article, Report
from transforms.nlp.actors import actor_of
from transforms.nlp.attribution import Attribution
from transforms.nlp.components import DECIDING
from transforms.nlp.counts import Count
from transforms.nlp.drafts import Draft
from transforms.nlp.evidence import EvidenceWriter
from transforms.nlp.fields import status_of, targets_of, weapon_of
from transforms.nlp.findings import Findings
from transforms.nlp.frames import Mention
from transforms.nlp.gate import MAX_TEXT, is_worth_reading, passes_gate
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.pipeline import extractor_version, read_documents
from transforms.nlp.publication import Publication
from transforms.nlp.settings import DEFAULTS, ExtractionSettings
from transforms.nlp.term_gate import terms_rule_out
from transforms.nlp.times import Interval
from transforms.nlp.toll_choice import choose_children, choose_count
from transforms.util.signature import text_signature

_DAY = dt.timedelta(days=1)
_LAST_LEAD_PARAGRAPH = 3
"""The lead and the two paragraphs after it say what the article is about."""
_MAX_PLACE_OFFSET_CHARS = 4
"""A place that begins a paragraph starts within this distance: "In Sumy, ..."."""


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
    published = [Publication(parse_instant(a.published_at), a.published_offset_minutes) for a in group]
    texts = ((a.title, a.text[:MAX_TEXT], p) for a, p in zip(group, published, strict=True))
    return read_documents(texts, language, settings.model, is_ruled_out, without)


@dataclass(frozen=True, slots=True)
class Analysis:
    """All results of extraction for one article, from the components' findings to the reports.

    ``passed``: whether it passed the two checks before the model; else it has no reports, whatever was found.
    """

    findings: Findings
    mentions: Sequence[Mention]
    drafts: Sequence[Draft]
    reports: Sequence[Report]
    passed: bool


def analyse(article: Article, settings: ExtractionSettings = DEFAULTS) -> Analysis:
    """Return all results of extraction for one article, for ``explain``."""
    (doc,) = _read([article], article.language, settings)
    passed = passes_gate(article) and not terms_rule_out(doc._.findings, load_pack(article.language))
    reports = reports_of(article, doc, settings) if passed else []
    return Analysis(doc._.findings, doc._.mentions, doc._.drafts, reports, passed)


def reports_of(article: Article, doc: Doc, settings: ExtractionSettings = DEFAULTS) -> list[Report]:
    """Return the reports of an analysed article in text order."""
    return _ArticleReader(article, doc, settings).reports()


class _ArticleReader:
    """Turns the drafts of one article into its reports."""

    def __init__(self, article: Article, doc: Doc, settings: ExtractionSettings) -> None:
        self.article, self.settings = article, settings
        self.findings: Findings = doc._.findings
        self.drafts: Sequence[Draft] = doc._.drafts
        self.published: Publication = doc._.published
        self.text = (
            f"{article.title}\n\n{article.text}"  # unchanged, so that the evidence is the outlet's own text
        )
        self.pack, self.gazetteer = load_pack(article.language), open_gazetteer()

    def reports(self) -> list[Report]:
        """Return the reports of the article in text order."""
        main = self._main_of(self.drafts)
        seen: dict[tuple[int | None, str], int] = {}
        reports = []
        for draft in self.drafts:
            place = (draft.place.geonameid, draft.place.name)
            reports.append(self._report(draft, seen.get(place, 0), main))
            seen[place] = seen.get(place, 0) + 1
        return reports

    def _main_of(self, drafts: Sequence[Draft]) -> Draft | None:
        """Return the draft of the headline, else the first that is not background, else the first."""
        for draft in drafts:
            if any(m.is_title for m in draft.mentions):
                return draft
        return next((d for d in drafts if not d.is_background), drafts[0] if drafts else None)

    def _is_main(self, draft: Draft, main: Draft | None) -> bool:
        """Return whether the article is about an incident, and does not only mention it."""
        is_in_title = any(m.is_title and not m.is_background for m in draft.mentions)
        begins_paragraph = self._begins_paragraph(draft)
        if is_in_title:
            return True
        if not begins_paragraph and self._first_paragraph(main) > _LAST_LEAD_PARAGRAPH:
            return False  # an essay that mentions strikes is about none of them
        if draft is main:
            return True
        if draft.is_background and not begins_paragraph:
            return False
        if begins_paragraph and main is not None and not any(m.is_title and m.place for m in main.mentions):
            return True  # a round-up: each incident has its own paragraph
        if draft.interval is None or main is None or main.interval is None:
            return self._first_paragraph(draft) <= _LAST_LEAD_PARAGRAPH
        return draft.interval.overlaps(main.interval)

    @staticmethod
    def _first_paragraph(draft: Draft | None) -> int:
        return min((m.paragraph for m in draft.mentions), default=0) if draft is not None else 0

    def _begins_paragraph(self, draft: Draft) -> bool:
        """Return whether a paragraph begins with the draft's place ("Kharkiv, Wednesday: ...", "In Sumy,
        ...")."""
        for mention in draft.mentions:
            if (
                mention.place is None
                or mention.is_title
                or self.pack.patterns["fields.earlier"].search(self.text[mention.start : mention.end])
            ):
                continue
            line = self.text.rfind("\n", 0, mention.place.start) + 1
            if mention.place.start - line <= _MAX_PLACE_OFFSET_CHARS:
                return True
        return False

    def _report(
        self,
        draft: Draft,
        nth: int,
        main: Draft | None,
    ) -> Report:
        is_main = self._is_main(draft, main)
        evidence = EvidenceWriter(self.text)
        self._record_place(draft, evidence)
        interval = self._dates(draft, evidence)
        weapon, weapon_term, weapon_name = weapon_of(draft, self.text, self.pack)
        if weapon_term is None and main is not None and self._shares_weapon(draft, main):
            weapon, weapon_term, weapon_name = weapon_of(main, self.text, self.pack)
        if weapon_term is not None:
            how = "weapon named" if weapon_term.group == "weapon" else "weapon implied"
            evidence.add("weapon", weapon_term.start, weapon_term.end, how)
        actor, actor_term = actor_of(draft.mentions, draft.place, self.findings, self.pack)
        if actor_term is not None:
            is_near = any(m.start <= actor_term.start < m.end for m in draft.mentions)
            how = "actor near the strike" if is_near else "actor of the article"
            evidence.add("actor", actor_term.start, actor_term.end, how)
        targets, target_terms = targets_of(draft, self.drafts, self.findings, self.pack)
        if target_terms:
            evidence.add("targets", target_terms[0].start, target_terms[0].end, "targets")
        killed, injured = choose_count(draft, "killed"), choose_count(draft, "injured")
        children_killed = choose_children(draft, "killed", killed)
        children_injured = choose_children(draft, "injured", injured)
        evidence.add_count("fatalities_low", killed)
        evidence.add_count("injured_low", injured)
        evidence.add_count("child_fatalities", children_killed)
        evidence.add_count("child_injured", children_injured)
        source = self._source(killed or injured)
        place = draft.place
        return Report(
            report_id=report_id(self.article.article_url, place.geonameid, place.name, nth),
            article_url=self.article.article_url,
            article_version=self.article.version,
            source_name=self.article.source_name,
            headline=self.article.title,
            published_at=self.article.published_at,
            language=self.article.language,
            is_main=is_main,
            event_date_start=interval.start if interval else None,
            event_date_end=interval.end if interval else None,
            time_precision=interval.precision if interval else None,
            location=place.name,
            geonameid=place.geonameid,
            admin1=place.admin1,
            country=place.country or None,
            latitude=place.latitude,
            longitude=place.longitude,
            geo_precision=place.geo_precision,
            weapon=weapon,
            weapon_name=weapon_name,
            actor=actor,
            targets=targets,
            fatalities_low=killed.low if killed else None,
            fatalities_best=killed.best if killed else None,
            fatalities_high=killed.high if killed else None,
            injured_low=injured.low if injured else None,
            injured_best=injured.best if injured else None,
            injured_high=injured.high if injured else None,
            child_fatalities=children_killed.low if children_killed else None,
            child_injured=children_injured.low if children_injured else None,
            claim_status=status_of(draft, self.drafts, self.findings),
            attributed_to=source.who if source is not None else None,
            evidence=evidence.evidence,
            field_confidence=evidence.confidences,
            text_signature=text_signature(self.article.text),
            confidence=evidence.confidence(),
            extractor_version=extractor_version(self.settings.model, self.article.language),
        )

    @staticmethod
    def _shares_weapon(draft: Draft, main: Draft) -> bool:
        """Return whether a draft without a weapon belongs to the same wave of strikes as the main one.

        "Two other people were killed in Samar" has no word for a strike.
        """
        if draft is main or draft.is_background or draft.interval is None or main.interval is None:
            return False
        groups = {t.group for m in draft.mentions for t in m.terms}
        return "strike" not in groups and draft.interval.overlaps(main.interval)

    def _record_place(self, draft: Draft, evidence: EvidenceWriter) -> None:
        """Record the evidence of the place."""
        own = next((m.place for m in draft.mentions if m.place is not None), None)
        # Where the clauses of the strike name no place, another part of the article does.
        named = own or next((p for p in self.findings.places if p.place == draft.place), None)
        if named is None:
            return
        how = "place by context" if own is None else "place named"
        if draft.place.geo_precision > 1:
            how = "place of a district"
        elif draft.place.kind == "unlisted":
            how = "place unlisted"
        evidence.add("location", named.start, named.end, how)

    def _dates(self, draft: Draft, evidence: EvidenceWriter) -> Interval | None:
        """Return the dates of a draft and record their evidence.

        Without stated dates, an incident that is told as news gets the day of publication and the day before:
        a digest of a day dates none of its items.
        """
        if draft.interval is not None:
            how = "day stated" if draft.interval.precision == 1 else "several days stated"
            if draft.time is not None:
                evidence.add("event_date_start", draft.time.start, draft.time.end, how)
            else:
                mention = draft.mentions[0]
                evidence.add("event_date_start", mention.start, mention.end, "day by context")
            return draft.interval
        local = self.published.at(draft.place, self.gazetteer)
        if local is None or draft.is_background or self._is_follow_up(draft):
            return None
        evidence.add_publication("event_date_start", self.article.published_at)
        day = local.date()
        return Interval(day - _DAY, day, 2)

    def _is_follow_up(self, draft: Draft) -> bool:
        """Return whether an article reports what happened after a strike: deaths in hospital, funerals.

        Its time of publication says nothing about the day of the strike.
        """
        clauses = " ".join(self.text[m.start : m.end] for m in draft.mentions)
        return bool(self.pack.patterns["fields.follow_up"].search(clauses))

    def _source(self, count: Count | None) -> Attribution | None:
        """Return the source that the sentence of a count names."""
        if count is None:
            return None
        sentence = next((s for s in self.findings.sentences if s.start <= count.start < s.end), None)
        if sentence is None:
            return None
        inside = (a for a in self.findings.attributions if sentence.start <= a.start < sentence.end)
        return next((a for a in inside if a.kind == "source"), None)

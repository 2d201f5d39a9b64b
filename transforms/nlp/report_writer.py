"""The reports of an article: one record for each strike that the models found, with its evidence."""

from collections.abc import Sequence

from schemas.identity import report_id
from schemas.records import Article, Report
from schemas.vocabulary import Weapon
from transforms.nlp.attribution import Attribution
from transforms.nlp.claim_status import status_of
from transforms.nlp.counts import Count
from transforms.nlp.evidence import EvidenceWriter
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.confidence import confidence_features, packaged_confidence
from transforms.nlp.learned.strikes import Strike
from transforms.nlp.report_flags import report_flags
from transforms.util.signature import text_signature


class ReportWriter:
    """Writes the reports of one article."""

    def __init__(self, article: Article, findings: Findings, pack: LanguagePack, extractor: str) -> None:
        self.article, self.findings, self.pack, self.extractor = article, findings, pack, extractor
        # unchanged, so that the evidence is the outlet's own text
        self.text = f"{article.title}\n\n{article.text}"

    def reports(self, strikes: Sequence[Strike]) -> list[Report]:
        """Return the reports in text order."""
        seen: dict[tuple[int | None, str], int] = {}
        reports = []
        for strike in strikes:
            place = (strike.place.geonameid, strike.place.name)
            confidence = packaged_confidence().confidence(confidence_features(strike, strikes))
            reports.append(self._report(strike, seen.get(place, 0), confidence))
            seen[place] = seen.get(place, 0) + 1
        return reports

    def _name_of(self, strike: Strike) -> str:
        """Return the name of a place. A district, and a village of our own lists, has the one that the article gives it.

        The gazetteer has only the seat of a district, often under a formal name: "Hukumat-e Nad 'Ali" for "Nad Ali
        district". Of the spellings of a village that GeoNames lacks none is the official one.
        """
        place, again = strike.place, self.pack.patterns["places.town_again"]
        names = [m for m in (*strike.unit.scenes, *strike.unit.mentions) if not m.is_again]
        said = [self.findings.text[m.start : m.end] for m in names]
        named = next((words for words in said if not again.fullmatch(words)), place.name)  # no "the village"
        is_seat = place.kind == "district" and place.geonameid is not None
        is_ours = place.kind in ("city", "district") and place.geonameid is None and not named.isupper()
        return named if is_seat or is_ours else place.name

    def _report(self, strike: Strike, nth: int, confidence: float) -> Report:
        """Return the report of a strike, the ``nth`` at its place, from 0."""
        place, toll, weapon, actor = strike.place, strike.toll, strike.weapon, strike.actor
        interval = strike.unit.interval
        evidence = self._evidence(strike)
        source = self._source(toll.killed or toll.injured)
        killed, injured = toll.killed, toll.injured
        return Report(
            report_id=report_id(self.article.article_url, place.geonameid, place.name, nth),
            article_url=self.article.article_url,
            article_version=self.article.version,
            source_name=self.article.source_name,
            headline=self.article.title,
            published_at=self.article.published_at,
            language=self.article.language,
            is_main=strike.main.is_main,
            event_date_start=interval.start if interval else None,
            event_date_end=interval.end if interval else None,
            time_precision=interval.precision if interval else None,
            location=self._name_of(strike),
            geonameid=place.geonameid,
            admin1=place.admin1,
            country=place.country or None,
            latitude=place.latitude,
            longitude=place.longitude,
            geo_precision=place.geo_precision,
            weapon=str(weapon.value),
            weapon_name=weapon.model,
            actor=actor.name,
            targets=[t.value for t in strike.targets],
            fatalities_low=killed.low if killed else None,
            fatalities_best=killed.best if killed else None,
            fatalities_high=killed.high if killed else None,
            injured_low=injured.low if injured else None,
            injured_best=injured.best if injured else None,
            injured_high=injured.high if injured else None,
            child_fatalities=strike.children_killed.low if strike.children_killed else None,
            child_injured=strike.children_injured.low if strike.children_injured else None,
            claim_status=status_of(strike.sentences, self.findings),
            attributed_to=source.who if source is not None else None,
            evidence=evidence.evidence,
            field_confidence=evidence.confidences,
            text_signature=text_signature(self.article.text),
            confidence=confidence,
            extractor_version=self.extractor,
            sublocation=strike.whereabouts.sublocation,
            sublocation_kind=strike.whereabouts.kind,
            event_time=strike.whereabouts.event_time,
            flags=report_flags(strike, self.findings, self.pack),
        )

    def _evidence(self, strike: Strike) -> EvidenceWriter:
        """Return the evidence of the fields that the models decided, each with its probability."""
        unit, toll, weapon, actor = strike.unit, strike.toll, strike.weapon, strike.actor
        evidence = EvidenceWriter(self.text)
        scene = unit.scenes[0]
        evidence.add("location", scene.start, scene.end, unit.probability)
        if unit.time is not None:
            evidence.add("event_date_start", unit.time.start, unit.time.end, unit.date_probability)
        elif unit.interval is not None:
            evidence.add_publication("event_date_start", self.article.published_at, unit.date_probability)
        for spot, probability in strike.whereabouts.spots:
            evidence.add("sublocation", spot.start, spot.end, probability)
        if strike.whereabouts.time is not None:
            time, probability = strike.whereabouts.time
            evidence.add("event_time", time.start, time.end, probability)
        if weapon.value != Weapon.UNKNOWN:
            evidence.add("weapon", weapon.start, weapon.end, weapon.probability)
        if actor.name is not None:
            evidence.add("actor", actor.start, actor.end, actor.probability)
        if strike.targets:
            surest = max(strike.targets, key=lambda target: target.probability)
            evidence.add("targets", surest.start, surest.end, surest.probability)
        counts = (
            ("fatalities_low", toll.killed, toll.killed_probability),
            ("injured_low", toll.injured, toll.injured_probability),
            ("child_fatalities", strike.children_killed, toll.killed_probability),
            ("child_injured", strike.children_injured, toll.injured_probability),
        )
        for name, count, probability in counts:
            if count is not None:
                evidence.add(name, count.start, count.end, probability)
        return evidence

    def _source(self, count: Count | None) -> Attribution | None:
        """Return the source that the sentence of a count names."""
        if count is None:
            return None
        sentence = next((s for s in self.findings.sentences if s.start <= count.start < s.end), None)
        if sentence is None:
            return None
        inside = (a for a in self.findings.attributions if sentence.start <= a.start < sentence.end)
        return next((a for a in inside if a.kind == "source"), None)

"""From the text of an answer to second reports: only what the article itself says is kept, and all else is counted."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from schemas.identity import report_id
from schemas.records import Article, Evidence, SecondReport
from schemas.vocabulary import ClaimStatus, Weapon
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.language import LanguagePack
from transforms.nlp.publication import publication_of
from transforms.nlp.second_reader.answer_schema import FIELDS, LOCATION, MAX_REPORTS, misfit
from transforms.nlp.second_reader.field_checks import CHECKS, FieldDropped, Setting, check_target
from transforms.nlp.second_reader.place_check import countries_named, place_of
from transforms.nlp.second_reader.stated_numbers import Range
from transforms.nlp.second_reader.verbatim import Quotation, QuotedText, holds
from transforms.nlp.times import Interval

_COLUMN = {"event_date": "event_date_start", "fatalities": "fatalities_low", "injured": "injured_low"}
"""The column that the evidence of a field names, where it is not the field's own name."""
_OPEN = Range(None, None, None)
_FENCE = "```"


class AnswerInvalid(ValueError):
    """An answer that is not an object with a list of reports. The message says what is wrong with it."""


@dataclass(slots=True)
class ReadAnswer:
    """What came of an answer: its reports in text order, how many fields were kept, and why others were not."""

    reports: list[SecondReport] = field(default_factory=list)
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)


class Answer(NamedTuple):
    """An answer that can be read: its reports, not yet checked, and the whole as one line of ASCII JSON."""

    raw_reports: list[Any]
    text: str


def parse_answer(content: str) -> Answer:
    """Return the answer that a text holds.

    A fence of Markdown around the JSON is removed: models that no schema binds write one.

    Raises:
        AnswerInvalid: it is no JSON, or no object with a list of reports.
    """
    text = content.strip()
    if text.startswith(_FENCE) and text.endswith(_FENCE):
        text = text.removesuffix(_FENCE).partition("\n")[2]
    try:
        raw = json.loads(text)
        line = json.dumps(raw, allow_nan=False)  # refuses NaN and infinite numbers, which JSON has not
    except (ValueError, RecursionError):
        raise AnswerInvalid("it is not JSON") from None
    if not isinstance(raw, dict) or not isinstance(raw.get("reports"), list):
        raise AnswerInvalid("it is not an object with the list reports")
    if raw.keys() != {"reports"}:
        raise AnswerInvalid("it has other keys than reports")
    return Answer(raw["reports"], line)


def read_answer(
    article: Article, raw_reports: list[Any], reader: str, gazetteer: Gazetteer, pack: LanguagePack
) -> ReadAnswer:
    """Return what is kept of the raw reports of an answer.

    Args:
        article: the article that was read.
        raw_reports: what ``parse_answer`` returned.
        reader: version of the second reader.
        gazetteer: of the world.
        pack: the language of the article.
    """
    return _AnswerReader(article, reader, gazetteer, pack).read(raw_reports)


@dataclass(slots=True)
class _Draft:
    """A report in the making. ``at``: where its first evidence begins."""

    place: Place
    is_main: bool
    evidence: list[Evidence]
    values: dict[str, Any] = field(default_factory=dict)
    targets: list[str] = field(default_factory=list)

    @property
    def at(self) -> int:
        return min(e.start for e in self.evidence if e.start is not None)

    @property
    def tells_of_strike(self) -> bool:
        """Return whether anything but a place and a day is left."""
        return bool(self.targets) or any(name in self.values for name in ("weapon", "fatalities", "injured"))


class _AnswerReader:
    """Reads the answer on one article."""

    def __init__(self, article: Article, reader: str, gazetteer: Gazetteer, pack: LanguagePack) -> None:
        self._article, self._reader, self._gazetteer, self._pack = article, reader, gazetteer, pack
        self._text = QuotedText(f"{article.title}\n\n{article.text}")
        self._named = countries_named(self._text.text, pack)
        self._published = publication_of(article.published_at, article.published_offset_minutes)
        self._anchor: Interval | None = None
        self._result = ReadAnswer()

    def read(self, raw_reports: list[Any]) -> ReadAnswer:
        """Return what is kept."""
        self._drop("too_many_reports", len(raw_reports[MAX_REPORTS:]))
        drafts = [draft for raw in raw_reports[:MAX_REPORTS] if (draft := self._draft(raw)) is not None]
        seen: Counter[tuple[int | None, str]] = Counter()
        for draft in sorted(drafts, key=lambda d: d.at):
            key = (draft.place.geonameid, draft.place.name)
            self._result.reports.append(self._report(draft, seen[key]))
            seen[key] += 1
        return self._result

    def _draft(self, raw: Any) -> _Draft | None:
        """Return the report that a raw report leaves; None where its place is not kept, or it tells of no strike."""
        if not isinstance(raw, Mapping):
            self._drop("wrong_type")
            return None
        self._drop("extra_key", len(raw.keys() - FIELDS.keys()))
        draft = self._place(raw)
        if draft is None:
            self._drop("report_without_place")
            return None
        kept_before = self._result.kept
        setting = Setting(self._pack, self._gazetteer, self._published, draft.place, self._anchor)
        for name, check in CHECKS.items():
            if raw.get(name) is not None:
                found = self._checked(name, raw[name], check, setting, draft)
                if found is not None:
                    draft.values[name] = found
        self._targets(raw.get("targets"), setting, draft)
        if not draft.tells_of_strike:
            self._drop("report_without_strike", 1 + self._result.kept - kept_before)
            self._result.kept = kept_before - 1  # its place is not kept either
            return None
        self._anchor = self._anchor or draft.values.get("event_date")
        return draft

    def _place(self, raw: Mapping[str, Any]) -> _Draft | None:
        is_main = raw.get("is_main")
        if not isinstance(is_main, bool):
            self._drop("wrong_type" if "is_main" in raw else "missing_key")
            is_main = False
        if raw.get(LOCATION) is None:
            return None
        value = raw[LOCATION]
        quotation = self._quotation(LOCATION, value)
        if quotation is None:
            return None
        if not holds(quotation.text, value["name"]):
            self._drop("place_not_in_sentence")
            return None
        place = place_of(value["name"].strip(), value["country"], self._named, self._gazetteer, self._pack)
        draft = _Draft(place, is_main, [])
        self._keep(LOCATION, quotation, draft)
        return draft

    def _targets(self, raw: Any, setting: Setting, draft: _Draft) -> None:
        if raw is None:
            return
        if not isinstance(raw, list):
            self._drop("wrong_type")
            return
        for item in raw:
            found = self._checked("targets", item, check_target, setting, draft)
            if found is not None and found not in draft.targets:
                draft.targets.append(str(found))

    def _checked(self, name: str, value: Any, check: Any, setting: Setting, draft: _Draft) -> Any:
        """Return the checked value of a field and record its evidence, or None where it is dropped."""
        quotation = self._quotation(name, value)
        if quotation is None or (name == "weapon" and value["value"] == Weapon.UNKNOWN):
            return None
        try:
            found = check(value, quotation.text, setting)
        except FieldDropped as dropped:
            self._drop(dropped.reason)
            return None
        self._keep(name, quotation, draft)
        return found

    def _quotation(self, name: str, value: Any) -> Quotation | None:
        """Return the sentence of a field whose value fits the schema, else count why not."""
        reason = misfit(name, value)
        if reason is not None:
            self._drop(reason)
            return None
        quotation = self._text.find(value["sentence"])
        if isinstance(quotation, str):
            self._drop(quotation)
            return None
        return quotation

    def _keep(self, name: str, quotation: Quotation, draft: _Draft) -> None:
        self._result.kept += 1
        column = _COLUMN.get(name, name)
        if all(e.field != column for e in draft.evidence):  # targets: the first
            draft.evidence.append(Evidence(column, quotation.text, quotation.start, quotation.end))

    def _drop(self, reason: str, fields: int = 1) -> None:
        if fields:
            self._result.dropped[reason] += fields

    def _report(self, draft: _Draft, nth: int) -> SecondReport:
        place, values = draft.place, draft.values
        dates: Interval | None = values.get("event_date")
        killed: Range = values.get("fatalities", _OPEN)
        injured: Range = values.get("injured", _OPEN)
        return SecondReport(
            report_id=report_id(self._article.article_url, place.geonameid, place.name, nth),
            article_url=self._article.article_url,
            article_version=self._article.version,
            reader=self._reader,
            is_main=draft.is_main,
            event_date_start=dates.start if dates else None,
            event_date_end=dates.end if dates else None,
            time_precision=dates.precision if dates else None,
            location=place.name,
            geonameid=place.geonameid,
            admin1=place.admin1,
            country=place.country or None,
            latitude=place.latitude,
            longitude=place.longitude,
            geo_precision=place.geo_precision,
            weapon=str(values.get("weapon", Weapon.UNKNOWN)),
            weapon_name=values.get("weapon_name"),
            actor=values.get("actor"),
            targets=draft.targets,
            fatalities_low=killed.low,
            fatalities_best=killed.best,
            fatalities_high=killed.high,
            injured_low=injured.low,
            injured_best=injured.best,
            injured_high=injured.high,
            child_fatalities=values.get("child_fatalities"),
            child_injured=values.get("child_injured"),
            claim_status=str(values.get("claim_status", ClaimStatus.REPORTED)),
            sublocation=values.get("sublocation"),
            event_time=values.get("event_time"),
            evidence=draft.evidence,
        )

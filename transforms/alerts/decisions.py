"""The decisions of people about an incident in words: what, by whom, when, why, from which source."""

import json
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from schemas.alert_records import AlertCorrection
from schemas.identity import utc_iso
from schemas.vocabulary import CorrectionKind
from transforms.corrections.settable import SHORT_FORMS
from transforms.util.text import one_line

_WORDS: dict[str, str] = {
    CorrectionKind.CONFIRM: "Confirmed", CorrectionKind.REJECT: "Rejected", CorrectionKind.SET: "Corrected",
    CorrectionKind.MERGE: "Merged with another incident", CorrectionKind.SPLIT: "Split",
}  # fmt: skip
_FOLLOW_A_NAME = frozenset({"geonameid", "latitude", "longitude", "geo_precision"})
"""Fields that say nothing to a person beside the name of the place."""
_TOLLS = ("killed", "injured")
_MAX_CHARACTERS = 500
_MAX_URL = 2_000


def decisions_of(corrections: Sequence[AlertCorrection]) -> Iterator[str]:
    """Yield a line for each decision. "killed=22" is one decision and three corrections."""
    for _, made in groupby(corrections, key=lambda c: (utc_iso(c.made_at), c.made_by, c.kind)):
        yield _line(list(made))


def source_urls_of(corrections: Sequence[AlertCorrection]) -> list[str]:
    """Return the addresses where the reasons can be read, each once, in order."""
    urls = (one_line(c.source_url or "", _MAX_URL) for c in corrections)
    return list(dict.fromkeys(url for url in urls if url.startswith(("http://", "https://"))))


def editors_of(corrections: Sequence[AlertCorrection]) -> list[str]:
    """Return who decided, each once, in order."""
    return list(dict.fromkeys(one_line(c.made_by, 200) for c in corrections))


def _line(made: Sequence[AlertCorrection]) -> str:
    first = made[0]
    what = f"{_WORDS.get(first.kind, first.kind)} by {one_line(first.made_by, 200)}"
    parts = [f"{what} on {(utc_iso(first.made_at) or '')[:10]}"]
    if first.kind == CorrectionKind.SET:
        parts.append(one_line(", ".join(settings_of(made)), _MAX_CHARACTERS))
    if first.why:
        parts.append(f"why: {one_line(first.why, _MAX_CHARACTERS)}")
    if first.source_url:
        parts.append(f"source: {one_line(first.source_url, _MAX_URL)}")
    return "; ".join(parts)


def settings_of(made: Sequence[AlertCorrection]) -> Iterator[str]:
    """Yield FIELD=VALUE of each field, a short form where it stands for several."""
    values = {c.field: _value(c.value) for c in made if c.field}
    for short, columns in SHORT_FORMS.items():
        if set(columns) <= values.keys() and len({values[column] for column in columns}) == 1:
            yield f"{short}={values[columns[0]]}"
            values = {field: value for field, value in values.items() if field not in columns}
        elif short in _TOLLS and set(columns) <= values.keys() and (written := _range(values, columns)):
            yield f"{short}={written}"
            values = {field: value for field, value in values.items() if field not in columns}
    hidden = _FOLLOW_A_NAME if "location" in values else frozenset()
    yield from (f"{field}={value}" for field, value in sorted(values.items()) if field not in hidden)


def _range(values: Mapping[str, str], columns: Sequence[str]) -> str | None:
    """Return a toll as a person types it: 20-25, or 130+; None where it is neither."""
    low, best, high = (values[column] for column in columns)
    if low == best and high == "null":
        return f"{low}+"
    return f"{low}-{high}" if best == "null" and "null" not in (low, high) else None


def _value(stored: str | None) -> str:
    """Return a stored value as a person writes it."""
    try:
        value = json.loads(stored or "null")
    except ValueError:
        return str(stored)
    if isinstance(value, list):
        return ",".join(map(str, value))
    return "null" if value is None else str(value)

"""The JSON schema of an answer, made from the closed lists of the ledger. It is sent, and answers are checked by it."""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from schemas.vocabulary import ClaimStatus, Target, Weapon

MAX_REPORTS = 20
_TEXT = {"type": "string"}
_NUMBER = {"type": ["integer", "null"], "minimum": 0, "maximum": 1_000_000}
_KEYWORDS = {
    "additionalProperties": "extra_key", "required": "missing_key", "enum": "not_in_list", "pattern": "wrong_form",
    "minimum": "number_out_of_range", "maximum": "number_out_of_range",
}  # fmt: skip
"""Why a field is dropped that does not fit, by the keyword of JSON Schema; the others mean a wrong type."""

Schema = dict[str, Any]


def _object(properties: Schema) -> Schema:
    # Strict modes of some endpoints want every property required and none added.
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _nullable(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def _said(**values: Schema) -> Schema:
    """Return the schema of a field: its values and the sentence that says so."""
    return _object({**values, "sentence": _TEXT})


def _one_of(words: list[str]) -> Schema:
    return {"type": "string", "enum": words}


_DAY = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
_TOLL = _said(low=_NUMBER, best=_NUMBER, high=_NUMBER)
_COUNT = _said(value={"type": "integer", "minimum": 0, "maximum": 1_000_000})
LOCATION = "location"
FIELDS: dict[str, Schema] = {
    LOCATION: _said(name=_TEXT, country=_TEXT),
    "event_date": _nullable(_said(start=_DAY, end=_DAY)),
    "weapon": _nullable(_said(value=_one_of([str(w) for w in Weapon]))),
    "weapon_name": _nullable(_said(value=_TEXT)),
    "actor": _nullable(_said(value=_TEXT)),
    "targets": {
        "type": "array",
        "items": _said(value=_one_of([str(t) for t in Target])),
        "maxItems": len(Target),
    },
    "fatalities": _nullable(_TOLL),
    "injured": _nullable(_TOLL),
    "child_fatalities": _nullable(_COUNT),
    "child_injured": _nullable(_COUNT),
    "sublocation": _nullable(_said(value=_TEXT)),
    "event_time": _nullable(_said(value=_TEXT)),
    "claim_status": _nullable(_said(value=_one_of([str(c) for c in ClaimStatus]))),
    "is_main": {"type": "boolean"},
}
"""The schema of each field of a report, by its name."""


def answer_schema() -> Schema:
    """Return the schema of a whole answer: an object with a list of reports."""
    return _object({"reports": {"type": "array", "items": _object(FIELDS), "maxItems": MAX_REPORTS}})


@cache
def _validator(field: str) -> Draft202012Validator:
    schema = FIELDS[field]
    return Draft202012Validator(schema["items"] if schema["type"] == "array" else schema)


def misfit(field: str, value: Any) -> str | None:
    """Return why a value does not fit its field, or None. Of ``targets``, the value is one target."""
    error: ValidationError | None = next(iter(_validator(field).iter_errors(value)), None)
    return None if error is None else _KEYWORDS.get(str(error.validator), "wrong_type")

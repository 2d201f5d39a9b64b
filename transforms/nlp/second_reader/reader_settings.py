"""What a user says of the second reader in one YAML file, checked."""

import datetime as dt
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from transforms.util.data_files import read_data
from transforms.util.errors import UserError
from transforms.web.completions import Endpoint, own_host

SCOPES = ("doubtful", "gated")
_OWN_KEYS = frozenset({"model", "messages", "response_format", "max_tokens", "stream", "n"})
"""Keys of a request that ``request`` must not change."""
_MAX = 10**9


class ReaderSettingsInvalid(UserError):
    """The file of the second reader cannot be used."""


@dataclass(frozen=True, slots=True)
class ReaderSettings:
    """How the second reader is asked.

    Attributes:
        endpoint: where it is.
        model: name of the model, as the endpoint knows it.
        scope: gated: articles that may hold a strike; doubtful: those with a report of low confidence.
        confidence_below: doubtful is a report with less confidence than this.
        since: no article published before this day is read; None: the file does not say.
        requests: most requests in a run.
        tokens: most tokens in a run, sent and received.
        seconds: longest time that a run spends on it.
        parallel: most requests at the same time.
        max_characters: of a text, as many are sent.
        max_answer_tokens: longest answer.
        price_in, price_out: price of a million tokens sent and received, in any currency; None: unknown.
        request: further keys of each request, as JSON.
    """

    endpoint: Endpoint
    model: str
    scope: str = "doubtful"
    confidence_below: float = 0.6
    since: dt.date | None = None
    requests: int = 200
    tokens: int = 1_000_000
    seconds: float = 600.0
    parallel: int = 2
    max_characters: int = 16_000
    max_answer_tokens: int = 2_000
    price_in: float | None = None
    price_out: float | None = None
    request: Mapping[str, Any] = field(default_factory=dict)

    def cost(self, prompt_tokens: int, answer_tokens: int) -> float | None:
        """Return the price of tokens, None where a price is unknown."""
        if self.price_in is None or self.price_out is None:
            return None
        return (prompt_tokens * self.price_in + answer_tokens * self.price_out) / 1e6


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("must be a text")
    return value.strip()


def _url(value: Any) -> str:
    url = _text(value)
    own_host(url)
    return url


def _variable(value: Any) -> str:
    name = _text(value)
    if not name.replace("_", "a").isalnum() or not name.isascii() or name[0].isdigit():
        # The value may be a key that was pasted here, so the message does not repeat it.
        raise ValueError("must be the name of an environment variable, not a key")
    if not os.environ.get(name):
        raise ValueError(f"names the environment variable {name}, which is not set")
    return name


def _scope(value: Any) -> str:
    if value not in SCOPES:
        raise ValueError(f"must be one of {', '.join(SCOPES)}")
    return str(value)


def _day(value: Any) -> dt.date:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date | str):
        raise ValueError("must be a date such as 2026-11-01")
    try:
        return value if isinstance(value, dt.date) else dt.date.fromisoformat(value)
    except ValueError:
        raise ValueError("must be a date such as 2026-11-01") from None


def _whole(least: int, most: int = _MAX) -> Callable[[Any], int]:
    def read(value: Any) -> int:
        if type(value) is not int or not least <= value <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return value

    return read


def _number(least: float, most: float) -> Callable[[Any], float]:
    def read(value: Any) -> float:
        if type(value) not in (int, float) or not least <= value <= most:
            raise ValueError(f"must be a number from {least:g} to {most:g}")
        return float(value)

    return read


def _request(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        raise ValueError("must be a mapping of keys of the request")
    own = sorted(_OWN_KEYS & value.keys())
    if own:
        raise ValueError(f"must not set {own[0]}")
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        raise ValueError("must hold values of JSON only") from None
    return value


_KEYS: dict[str, Callable[[Any], Any]] = {
    "url": _url,
    "model": _text,
    "key_env": _variable,
    "scope": _scope,
    "confidence_below": _number(0, 1),
    "since": _day,
    "requests": _whole(1),
    "tokens": _whole(1),
    "seconds": _number(1, 86_400),
    "timeout": _number(1, 3_600),
    "parallel": _whole(1, 64),
    "max_characters": _whole(500, 100_000),
    "max_answer_tokens": _whole(100, 100_000),
    "price_in": _number(0, _MAX),
    "price_out": _number(0, _MAX),
    "request": _request,
}
_OF_ENDPOINT = {"url": "url", "key_env": "key_env", "timeout": "timeout_s"}
_REQUIRED = ("url", "model")


def parse_reader_settings(
    text: str, where: str, scope: str | None = None, allow_hosts: tuple[str, ...] = ()
) -> ReaderSettings:
    """Return the settings of a YAML file.

    Args:
        text: the file's text.
        where: its name, for messages.
        scope: overrides the file's.
        allow_hosts: further private hosts that may be reached.

    Raises:
        ReaderSettingsInvalid: it is not YAML, or a key is unknown, missing or has an unusable value.
    """
    try:
        raw = read_data(text)
    except (yaml.YAMLError, RecursionError, ValueError):
        raise ReaderSettingsInvalid(f"{where} cannot be read as YAML") from None
    if not isinstance(raw, dict):
        raise ReaderSettingsInvalid(f"{where} must be a mapping with the keys url and model")
    unknown = sorted(map(str, raw.keys() - _KEYS.keys()))
    if unknown:
        raise ReaderSettingsInvalid(f"{where}: unknown key {unknown[0]!r} (one of {', '.join(_KEYS)})")
    missing = [key for key in _REQUIRED if key not in raw]
    if missing:
        raise ReaderSettingsInvalid(f"{where}: {missing[0]} is missing")
    values: dict[str, Any] = {}
    for key, value in raw.items():
        try:
            values[key] = _KEYS[key](value)
        except ValueError as error:
            raise ReaderSettingsInvalid(f"{where}: {key} {error}") from None
    if scope is not None:
        values["scope"] = scope
    of_endpoint = {name: values.pop(key) for key, name in _OF_ENDPOINT.items() if key in values}
    return ReaderSettings(Endpoint(**of_endpoint, allow_hosts=allow_hosts), **values)

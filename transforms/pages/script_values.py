"""The values that scripts assign or push, in JSON or in the notation of scripts; nothing is run.

A page may give its text to ``window.__NUXT__=(function(a){return {title:a}}("..."))``, set several properties
of one object, or push pieces into a list. Only values are read: strings, numbers, lists, objects, the
arguments of one function around them, and calls that decode a string. Everything is limited, because a
hostile page has any number of values that end in an error.
"""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

_MAX_TOKENS = 150_000
_MAX_TRIES = 2_000
_MAX_WASTED_CHARACTERS = 10_000_000
_MAX_DEPTH = 60
_MAX_CHARACTERS_BEFORE_RETURN = 2_000
_START = re.compile(
    r"""(?<![\w$])([\w$]{1,60})["']?\]?(?:\s*\|\|\s*\[\s*\]\s*\))?\s*(?:(=|\.(?:push|enqueue|append|write|add)\(|\()\s*"""
    r"""(?=[\[{"'(]|JSON\.parse|decodeURI|atob)|,\s*(?=\{\s*["']?[\w$]+["']?\s*:))"""
)
_FUNCTION = re.compile(r"\(\s*function\s*[\w$]{0,60}\s*\(")
_BODY = re.compile(r"\)\s*\{")
_MAX_CHARACTERS_OF_PARAMETERS = 20_000
_RETURN = re.compile(r"\breturn\s*(?=[\[{(])")
_CALL = re.compile(r"\s*\}\s*\)?\s*\(")
_TOKEN = re.compile(
    r"""\s*(?:(?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|(?P<mark>[\[\]{}:,()])"""
    r"""|(?P<number>-?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<short>!0|!1|void\s+0)"""
    r"""|(?P<name>(?:new\s+)?[A-Za-z_$][\w$.]*))""",
    re.S,
)
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(\r\n|.))", re.S)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": "", "\r\n": ""}
_KNOWN: dict[str, Any] = {"true": True, "false": False, "null": None, "undefined": None, "NaN": None}


@dataclass(frozen=True, slots=True)
class ScriptValue:
    """A value, the last part of the name of what it is assigned to or pushed into, and its characters."""

    name: str
    value: Any
    is_pushed: bool
    size: int


@dataclass(frozen=True, slots=True)
class _Argument:
    name: str


class ScriptReader:
    """Reads the values of the scripts of one page, until the limits of the page are reached."""

    def __init__(self) -> None:
        self._tokens, self._tries, self._wasted = _MAX_TOKENS, _MAX_TRIES, _MAX_WASTED_CHARACTERS
        self._decode = json.JSONDecoder(strict=False).raw_decode

    @property
    def work(self) -> int:
        """Return how much was tried: values, tokens, and characters that were read for nothing."""
        spent = (_MAX_TRIES - self._tries, _MAX_TOKENS - self._tokens, _MAX_WASTED_CHARACTERS - self._wasted)
        return sum(spent)

    def read(self, script: str) -> Iterator[ScriptValue]:
        """Yield the values in a script, in its order.

        >>> found = ScriptReader().read("var a = {b: 'c', d: !0}; self.f.push([1, \\"x\\"])")
        >>> [(v.name, v.value) for v in found]
        [('a', {'b': 'c', 'd': True}), ('f', [1, 'x'])]
        """
        position = 0
        while self._tries > 0 and self._wasted > 0 and (start := _START.search(script, position)):
            self._tries -= 1
            try:
                value, position = self._read_value(script, begin := start.end())
            except (ValueError, RecursionError, IndexError):
                position = start.end()
                continue
            yield ScriptValue(start[1], value, (start[2] or "").startswith("."), position - begin)

    def _read_value(self, script: str, start: int) -> tuple[Any, int]:
        if function := _FUNCTION.match(script, start):
            return self._read_function(script, function)
        try:
            value, end = self._decode(script, start)
        except json.JSONDecodeError as error:
            self._wasted -= error.pos - start
            return self._parse(script, start, {}, 0)
        return value, end

    def _read_function(self, script: str, function: re.Match[str]) -> tuple[Any, int]:
        """Read what a function returns that is called where it stands, with its arguments in their places."""
        first = function.end()
        end = script.find(")", first, first + _MAX_CHARACTERS_OF_PARAMETERS)
        body = _BODY.match(script, end) if end >= 0 else None
        result = body and _RETURN.search(script, body.end(), body.end() + _MAX_CHARACTERS_BEFORE_RETURN)
        if body is None or result is None:
            raise ValueError("the function returns no value")
        names = [name.strip() for name in script[first : body.start()].split(",")]
        value, end = self._parse(script, result.end(), {name: _Argument(name) for name in names}, 0)
        call = _CALL.match(script, end)
        if call is None:
            raise ValueError("the function is not called")
        arguments, end = self._parse_list(script, call.end(), {}, 0, ")")
        return _fill(value, dict(zip(names, arguments, strict=False))), end

    def _next(self, script: str, start: int) -> re.Match[str]:
        self._tokens -= 1
        token = _TOKEN.match(script, start)
        if token is None or self._tokens < 0:
            self._tries = 0 if self._tokens < 0 else self._tries
            raise ValueError("not a value")
        return token

    def _parse(self, script: str, start: int, names: Mapping[str, Any], depth: int) -> tuple[Any, int]:
        token = self._next(script, start)
        text, end = token[token.lastgroup or 0], token.end()
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deep")
        if token.lastgroup == "string":
            return _read_string(text), end
        if token.lastgroup == "number":
            return float(text) if set(".eE") & set(text) else int(text[:20]), end
        if token.lastgroup == "short":
            return {"!0": True, "!1": False}.get(text), end
        if token.lastgroup == "name":
            return self._parse_name(script, text, end, names, depth)
        if text == "[":
            return self._parse_list(script, end, names, depth, "]")
        if text == "{":
            return self._parse_object(script, end, names, depth)
        if text == "(":
            values, end = self._parse_list(script, end, names, depth, ")")
            return (values[-1] if values else None), end
        raise ValueError("not a value")

    def _parse_list(
        self, script: str, start: int, names: Mapping[str, Any], depth: int, closing: str
    ) -> tuple[list[Any], int]:
        values: list[Any] = []
        while True:
            token = self._next(script, start)
            if token["mark"] == closing:
                return values, token.end()
            if token["mark"] == ",":
                start = token.end()
                continue
            value, start = self._parse(script, start, names, depth + 1)
            values.append(value)

    def _parse_object(
        self, script: str, start: int, names: Mapping[str, Any], depth: int
    ) -> tuple[dict[str, Any], int]:
        found: dict[str, Any] = {}
        while True:
            token = self._next(script, start)
            start = token.end()
            if token["mark"] == "}":
                return found, start
            if token["mark"] == ",":
                continue
            if token.lastgroup not in ("string", "name", "number"):
                raise ValueError("not a key")
            key = _read_string(token["string"]) if token["string"] else token[token.lastgroup]
            after = self._next(script, start)
            if after["mark"] == ":":
                found[key], start = self._parse(script, after.end(), names, depth + 1)
            elif after["mark"] in (",", "}") and key in names:
                found[key] = names[key]
            else:
                raise ValueError("a key without a value")

    def _parse_name(
        self, script: str, name: str, end: int, names: Mapping[str, Any], depth: int
    ) -> tuple[Any, int]:
        if name in names:
            return names[name], end
        if name in _KNOWN:
            return _KNOWN[name], end
        if script[end : end + 1] != "(":
            raise ValueError("a name without a value")
        arguments, end = self._parse_list(script, end + 1, names, depth + 1, ")")
        first = arguments[0] if arguments else None
        decode = _DECODERS.get(name.removeprefix("window."))
        return (decode(first) if decode is not None and isinstance(first, str) else first), end


def _decode_base64(text: str) -> str:
    return base64.b64decode(text).decode("utf-8", "replace")


_DECODERS: dict[str, Callable[[str], Any]] = {
    "JSON.parse": lambda text: json.loads(text, strict=False),
    "decodeURIComponent": unquote,
    "decodeURI": unquote,
    "atob": _decode_base64,
}


def _read_string(quoted: str) -> str:
    if "\\" not in quoted:
        return quoted[1:-1]
    try:
        return str(json.loads(quoted, strict=False))
    except ValueError:
        return _ESCAPE.sub(_read_escape, quoted[1:-1])


def _read_escape(escape: re.Match[str]) -> str:
    digits = escape[1] or escape[2]
    return chr(int(digits, 16)) if digits else _ESCAPED.get(escape[3], escape[3])


def _fill(value: Any, arguments: Mapping[str, Any], depth: int = 0) -> Any:
    """Return a value with the arguments of the function around it in their places."""
    if isinstance(value, _Argument):
        return arguments.get(value.name)
    if isinstance(value, dict):
        return {key: _fill(part, arguments, depth + 1) for key, part in value.items()}
    return [_fill(part, arguments, depth + 1) for part in value] if isinstance(value, list) else value


def merge_surrogates(text: str) -> str:
    r"""Return a text whose characters beyond the first plane are one each: scripts write them as two halves.

    >>> merge_surrogates("\ud83d\ude80") == "\U0001f680"
    True
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

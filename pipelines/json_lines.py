"""Input lines: one JSON object a line, in UTF-8. What is wrong with a line concerns that line alone."""

import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

MAX_LINE_BYTES = 20_000_000
"""An article has a few kilobytes. A line beyond this limit is most often a file without line breaks."""
_LONG_LINE_PART_BYTES = 1_000_000
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_INT64_LIMIT = 2**63
_MAX_NUMBER_CHARACTERS = 1_000
_ESCAPED_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")

BadLine = tuple[int, str]
"""The number of a line, from 1, and what is wrong with it."""


class LineInvalid(ValueError):
    """A line that cannot be used. The other lines are used all the same."""


def open_lines(name: str) -> BinaryIO:
    """Open a file of lines, or standard input for ``-``.

    Raises:
        OSError: the file cannot be opened.
    """
    return sys.stdin.buffer if name == "-" else Path(name).open("rb")


def read_lines(stream: BinaryIO, bad_lines: list[BadLine]) -> Iterator[tuple[int, str]]:
    """Yield the lines that are not blank, with their numbers from 1.

    Only a line feed ends a line: a text may hold other line separators (U+2028), which JSON does not escape.
    A line that is not UTF-8 is not mended: where a byte is wrong, nobody knows which letter it was.

    Args:
        stream: the bytes of the lines. A byte order mark may stand before a line.
        bad_lines: lines that are not text are appended.
    """
    for number, data in enumerate(_split(stream), start=1):
        if data is None:
            bad_lines.append((number, f"longer than {MAX_LINE_BYTES // 1_000_000} MB"))
            continue
        try:
            line = data.removeprefix(_BYTE_ORDER_MARK).decode().strip("\r\n")
        except UnicodeDecodeError as error:
            bad_lines.append((number, f"not UTF-8 (byte {error.start + 1} of the line)"))
            continue
        if line.strip():
            yield number, line


def _split(stream: BinaryIO) -> Iterator[bytes | None]:
    """Yield each line, or None for one that is too long. Such a line is never in memory as a whole."""
    while line := stream.readline(MAX_LINE_BYTES + 1):
        if len(line) <= MAX_LINE_BYTES:
            yield line
            continue
        while line and not line.endswith(b"\n"):
            line = stream.readline(_LONG_LINE_PART_BYTES)
        yield None


def parse_object(line: str) -> dict[str, Any]:
    """Return the JSON object of a line.

    It is stricter than Python's own parser, so that each text and key can be written again and means one
    thing. As there, NaN and the infinities are numbers: many tools write NaN for a number that is missing,
    and whoever reads the field judges it.

    Raises:
        LineInvalid: it is not JSON or not an object; it gives a key twice; it holds a whole number beyond 64
            bits, or half a character (a lone surrogate).
    """
    try:
        value = _parse(line)
    except RecursionError:
        raise LineInvalid("not JSON (nested too deeply)") from None
    except LineInvalid:
        raise
    except ValueError as error:
        raise LineInvalid(f"not JSON ({error})") from None
    if not isinstance(value, dict):
        raise LineInvalid("not a JSON object")
    if _ESCAPED_SURROGATE.search(line):
        try:
            json.dumps(value, ensure_ascii=False).encode()
        except (UnicodeEncodeError, RecursionError):
            raise LineInvalid("holds half a character (a lone surrogate)") from None
    return value


def _unique_keys(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        ((repeated, _),) = Counter(key for key, _ in pairs).most_common(1)
        raise LineInvalid(f"gives the key {repeated[:40]!a} twice")
    return found


def _whole_number(text: str) -> int:
    number = int(text) if len(text) <= _MAX_NUMBER_CHARACTERS else _INT64_LIMIT
    if not -_INT64_LIMIT <= number < _INT64_LIMIT:
        raise LineInvalid("holds a whole number beyond 64 bits")
    return number


_parse = json.JSONDecoder(object_pairs_hook=_unique_keys, parse_int=_whole_number).decode


def outcome_of_lines(bad_lines: Iterable[BadLine], used: int) -> list[str]:
    """Return one message for each line that cannot be used, then their number; nothing if all can be used.

    Args:
        bad_lines: the lines that cannot be used.
        used: number of the lines that were used.
    """
    ordered = sorted(bad_lines)
    messages = [f"line {number}: {message}" for number, message in ordered]
    if ordered:
        messages.append(f"{len(ordered)} of {len(ordered) + used} lines could not be used")
    return messages

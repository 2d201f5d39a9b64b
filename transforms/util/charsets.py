"""From the bytes of a feed or a page to its text, whatever charset they are in.

A document of the open web often states no charset, or a wrong one, and a single byte of it is often broken.
So the bytes decide first: a byte order mark, zero bytes, valid UTF-8. A broken byte costs one character and
not the document.
"""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from charset_normalizer import from_bytes
from w3lib.encoding import read_bom, resolve_encoding

from transforms.util.data_files import read_data
from transforms.util.languages import most_likely_language

_SAMPLE_BYTES = 100_000
_DEFAULT = "cp1252"
_SURROGATE_BYTES = re.compile(rb"\xed[\xa0-\xbf][\x80-\xbf]")
_NOT_ASCII = re.compile(rb"[\x80-\xff]+")
_ASCII_LETTER = re.compile(rb"[A-Za-z]")
_TAG = re.compile(rb"<[^<>]{0,2000}>")
_CUT_SEQUENCE = re.compile(
    rb"[\xe0-\xef][\x80-\xbf](?![\x80-\xbf])|[\xf0-\xf4][\x80-\xbf]{1,2}(?![\x80-\xbf])"
)
_DOCUMENT_STARTS = b"<{[ \t\r\n"
_EBCDIC_START = b"\x4c\x6f\xa7\x94"  # "<?xm"
_XML_ENCODING = re.compile(r"""<\?xml[^<>]{0,200}encoding\s*=\s*["']([\w.:-]{1,40})""")
_STATEFUL = ("iso2022", "hz")
# "¶" and "ą" are the same byte in two charsets. Within a word it is the letter.
_SIGN_IN_WORD = re.compile(r"(?<=[a-z])[\x80-\x9f\u00a1-\u00bf\u02c7-\u02dd\ufffd](?=[a-z])")
# Continuation bytes of valid UTF-8 for each invalid byte. Other charsets reach 0.5 at most: Cyrillic in
# cp866.
_MIN_VALID_BYTES_PER_ERROR = 2
# A document that declares UTF-8 needs less evidence.
_MIN_VALID_BYTES_PER_ERROR_DECLARED = 1
# A declared charset may not know one in 20 of the bytes beyond ASCII. A wrong one knows far fewer.
_MAX_ERROR_SHARE = 1 / 20
# Accented letters stand alone between ASCII letters. Words in other scripts have no ASCII letters: in
# Cyrillic seven bytes follow each other, in Big5 60 % of the bytes are beyond ASCII.
_MAX_LATIN_RUN_BYTES = 1.6
_MAX_LATIN_SHARE = 0.35


@dataclass(frozen=True, slots=True)
class CharsetRules:
    """The rules of ``charsets.yaml``, which says what each is for."""

    western_languages: frozenset[str]
    other_latin_languages: dict[str, frozenset[str]]
    refused: frozenset[str]
    aliases: dict[str, str]


@cache
def load_charset_rules() -> CharsetRules:
    """Return the rules.

    Raises:
        ValueError: the file lacks a key, has one that nothing reads, or names an unknown charset.
    """
    raw = read_data((files("transforms.util") / "charsets.yaml").read_text("utf-8"))
    names = {field.name for field in dataclasses.fields(CharsetRules)}
    if set(raw) != names:
        raise ValueError(f"charsets.yaml: unknown or missing keys {sorted(set(raw) ^ names)}")
    for charset in (*raw["other_latin_languages"], *raw["aliases"].values()):
        if resolve_encoding(charset) is None:
            raise ValueError(f"charsets.yaml: unknown charset {charset!r}")
    return CharsetRules(
        western_languages=frozenset(raw["western_languages"]),
        other_latin_languages={k: frozenset(v) for k, v in raw["other_latin_languages"].items()},
        refused=frozenset(resolve_encoding(name) or name for name in raw["refused"]),
        aliases=dict(raw["aliases"]),
    )


def decode_document(body: bytes, stated: Iterable[str | None]) -> str:
    """Return the text of a document. A byte that its charset does not know becomes U+FFFD.

    Tried in this order: a byte order mark; the zero bytes of UTF-16 and UTF-32 (XML 1.0, appendix F); valid
    UTF-8; UTF-8 with a few broken bytes; the stated charsets; a guess from the bytes. Latin text without a
    stated charset is windows-1252, unless its language needs other letters.

    Args:
        body: the document.
        stated: the charsets that the HTTP header and the document state, the most credible first.
    """
    charset, mark = read_bom(body)
    if charset and charset != "utf-8":
        return body.decode(charset, "replace").removeprefix("\ufeff")
    wide = charset_of_zero_bytes(body)
    if wide:
        return body.decode(wide, "replace")
    body = _SURROGATE_BYTES.sub(b"\xef\xbf\xbd", body.removeprefix(mark or b""))
    if body.startswith(_EBCDIC_START):
        stated = [_ebcdic_charset(body), *stated]
    names = [charset or "", *_usable_names(stated)]
    text = _decode_stateful(body, names)
    if text is not None:
        return text
    if _is_utf8(body, is_declared="utf-8" in names):
        return body.decode("utf-8", "replace")
    for name in names:
        text = _decode_mostly(body, name)
        if text is not None:
            return text
    return body.decode(_guess_charset(body), "replace")


def charset_of_zero_bytes(body: bytes) -> str | None:
    """Return the form of UTF-16 or UTF-32 that a document without byte order mark is in, or None.

    A document begins with an ASCII character, so the first bytes show where the zero bytes are.
    """
    match [byte != 0 for byte in body[:4]]:
        case [True, False, False, False]:
            name, first = "utf-32-le", body[0]
        case [False, False, False, True]:
            name, first = "utf-32-be", body[3]
        case [True, False, True, False]:
            name, first = "utf-16-le", body[0]
        case [False, True, False, True]:
            name, first = "utf-16-be", body[1]
        case _:
            return None
    return name if first in _DOCUMENT_STARTS else None


def _usable_names(stated: Iterable[str | None]) -> Iterator[str]:
    """Yield the names under which Python knows the stated charsets. Wide ones are skipped: they have zero
    bytes."""
    rules = load_charset_rules()
    for label in filter(None, stated):
        label = label.strip().lower()
        name = resolve_encoding(rules.aliases.get(label, label))
        if name and name not in rules.refused and not name.startswith(("utf-16", "utf-32")):
            yield "utf-8" if name.startswith("utf-8") else name


def _ebcdic_charset(body: bytes) -> str:
    match = _XML_ENCODING.match(body[:300].decode("cp037"))
    return match.group(1) if match else "cp037"


def _decode_stateful(body: bytes, names: list[str]) -> str | None:
    """Return the text of a document in ISO 2022 or HZ, which looks like ASCII, or None."""
    for name in names:
        if name.startswith(_STATEFUL) and (b"\x1b" in body or b"~{" in body):
            try:
                return body.decode(name)
            except UnicodeDecodeError:
                continue
    return None


def _is_utf8(body: bytes, *, is_declared: bool) -> bool:
    """Return whether a document is UTF-8, perhaps with a few broken bytes."""
    valid = body.decode("utf-8", "ignore")
    errors = body.decode("utf-8", "replace").count("\ufffd") - valid.count("\ufffd")
    if not errors:
        return True
    valid_bytes = len(valid.encode()) - len(valid)
    if not is_declared:
        return valid_bytes >= _MIN_VALID_BYTES_PER_ERROR * errors
    if valid_bytes:
        return valid_bytes >= _MIN_VALID_BYTES_PER_ERROR_DECLARED * errors
    # Nothing but cut sequences, such as the first two bytes of a quotation mark.
    cut_bytes = sum(map(len, _CUT_SEQUENCE.findall(body)))
    return cut_bytes == sum(map(len, _NOT_ASCII.findall(body)))


def _decode_mostly(body: bytes, name: str) -> str | None:
    """Return the text of a document in a stated charset, or None where the bytes contradict it."""
    if not name or name == "utf-8":
        return None
    try:
        text = body.decode(name, "replace")
    except (LookupError, UnicodeError, ValueError):
        return None
    errors = text.count("\ufffd")
    if errors and errors > _MAX_ERROR_SHARE * sum(map(len, _NOT_ASCII.findall(body))):
        return None
    return text if "<" in text else None  # a charset without ASCII, for bytes in ASCII


def _guess_charset(body: bytes) -> str:
    """Return the charset that the bytes suggest."""
    sample = body[:_SAMPLE_BYTES]
    start = _NOT_ASCII.search(body)
    if start and start.start() > _SAMPLE_BYTES // 2:  # a long document whose beginning is ASCII
        sample = body[start.start() - _SAMPLE_BYTES // 2 :][:_SAMPLE_BYTES]
    if _is_latin(sample):
        return _guess_latin_charset(sample)
    guess = from_bytes(sample).best()
    return guess.encoding if guess else _DEFAULT


def _is_latin(sample: bytes) -> bool:
    text = _TAG.sub(b" ", sample)
    runs = _NOT_ASCII.findall(text)
    not_ascii = sum(map(len, runs))
    letters = len(_ASCII_LETTER.findall(text))
    return not_ascii <= _MAX_LATIN_RUN_BYTES * len(runs) and not_ascii <= _MAX_LATIN_SHARE * (
        not_ascii + letters
    )


def _guess_latin_charset(sample: bytes) -> str:
    """Return windows-1252, or the charset of the language of the text where it needs other letters."""
    rules = load_charset_rules()
    sample = _TAG.sub(b" ", sample)[:4_000]
    if most_likely_language(sample.decode(_DEFAULT, "replace")) in rules.western_languages:
        return _DEFAULT
    fitting = [
        name
        for name, languages in rules.other_latin_languages.items()
        if most_likely_language(text := sample.decode(name, "replace")) in languages
        and not _SIGN_IN_WORD.search(text)
    ]
    return fitting[0] if fitting else _DEFAULT

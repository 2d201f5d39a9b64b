"""The names of authors in a text: what is a person's name, and what only stands beside one.

Strict, because a wrong author is worse than none: a channel, a button, a date, a post, an e-mail address or a
place is nobody.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from transforms.feeds.date_words import fold_word, load_date_words
from transforms.pages.author_words import load_author_words, load_given_names
from transforms.pages.boilerplate_words import WORD
from transforms.util.text import one_line

PART_BREAK = "\x1f"
"""Stands in a text where one element ends and another begins; for regular expressions it is white space."""
MAX_NAME_CHARACTERS = 60
_MAX_AUTHORS, _MAX_AUTHOR_WORDS, _MAX_AUTHOR_CHARACTERS = 10, 8, 200
_MAX_PERSON_WORDS, _FULL_NAME_WORDS = 5, 2
_MIN_NAMES_OF_LIST, _MAX_SURE_WORDS = 3, 4
_MIN_WEEKDAY_CHARACTERS = 5
_ADDRESS = re.compile(r"https?://|www\.|@")
_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|info|ru|ua|co\.uk|de|fr|es)$", re.I)
_INITIAL = re.compile(r"(?:[^\W\d_]\.-?){1,2}")
_DIGITS = re.compile(r"\d")
_MARKS_IN_NAMES = str.maketrans("", "", ".'’ʼ`-‐·")
_END = "end"  # what no name follows
_ENDS = re.compile(r"[|·•–—/()\[\]<>:\"«»“”]|\s-\s|[.!?…]\s*$")


def read_names(text: str, *, is_sure: bool = False, least_words: int = _FULL_NAME_WORDS) -> tuple[str, ...]:
    """Return the names of persons at the beginning of a text.

    >>> read_names("Priya Menon in Delhi, Lucas Ferro and Ann Mill, Geneva | 4 April")
    ('Priya Menon', 'Lucas Ferro', 'Ann Mill')
    >>> read_names("Telegram"), read_names("Correspondent in Beirut"), read_names("Land, Sea and Air")
    ((), (), ())

    After a comma alone comes a name, a place or an outlet: it counts only if it is surely a person's, if a
    word such as "and" follows in the list, or if the page marks a list of three or more as names.

    Args:
        text: the text without the words before the names, such as "By".
        is_sure: whether the page marks the text as the author's name, so that it may be an agency or a pen
            name in small letters.
        least_words: how many words a name has at least.
    """
    pieces = list(_split(text))
    last_joined = max((n for n, (between, _) in enumerate(pieces) if between == "and"), default=0)
    if is_sure and _is_list_of_names([piece for between, piece in pieces if between != _END]):
        last_joined = len(pieces)
    names: list[str] = []
    for n, (between, piece) in enumerate(pieces):
        name = _cut(piece)
        is_apart = between == "," and n > last_joined and not is_surely_person(name)
        if n and (between == _END or is_apart):
            break
        if load_author_words().roles.search(name):
            if not names:
                return ()
            continue
        if not names and name.casefold() in load_author_words().agencies:
            return (name,)
        if not _is_name(name, is_sure, least_words):
            # Of "The Russian and Syrian ministries" no part is a name.
            if between == "and" and not _is_unnamed(name):
                return ()
            break
        names.append(name)
    return tuple(dict.fromkeys(names))[:_MAX_AUTHORS]


def is_surely_person(name: str) -> bool:
    """Return whether a text is the name of a person, though nothing around it says so.

    It begins with a given name or with an initial, and no word of it is one of outlets, posts or places.

    >>> is_surely_person("Helen Marsh"), is_surely_person("R. Key"), is_surely_person("New York")
    (True, True, False)
    """
    words = name.split()
    if not _is_name(name, False, _FULL_NAME_WORDS) or len(words) > _MAX_SURE_WORDS:
        return False
    known = load_author_words()
    folded = _fold(name)
    if known.roles.search(name) or not known.not_persons.isdisjoint(folded):
        return False
    return _INITIAL.fullmatch(words[0]) is not None or not load_given_names().isdisjoint(
        (folded[0], folded[0].partition("-")[0])
    )


def join_stated_names(texts: Iterable[str]) -> str | None:
    """Return the authors that the head of a page or its data state, separated by commas; None where none is.

    A name of an outlet or a desk stays. A post, an address, a messenger or a button does not.

    >>> join_stated_names(["By TOM KRISHER, AP Auto Writer"]), join_stated_names(["Telegram", "a@b.example"])
    ('TOM KRISHER', None)
    """
    names = [name for text in texts for name in _read_stated(text)]
    return ", ".join(list(dict.fromkeys(names))[:_MAX_AUTHORS])[:_MAX_AUTHOR_CHARACTERS] or None


def strip_lead(text: str) -> str:
    """Return a text without words such as "By" or "Reporting by" at its beginning."""
    words = load_author_words()
    lead = words.credits.match(text) or words.leads.match(text)
    return text[lead.end() :] if lead else text


def _read_stated(text: str) -> Iterator[str]:
    if _ADDRESS.search(text):
        return
    whole = strip_lead(one_line(text)).split(" | ")[0]
    pieces = [piece.strip() for piece in re.split(r"[,;،]", whole) if piece.strip()]
    for piece in pieces:
        is_site = len(pieces) > 1 and _SITE.fullmatch(piece)
        if is_site or len(piece.split()) > _MAX_AUTHOR_WORDS or _says_something_else(piece):
            continue
        if load_author_words().logins.fullmatch(piece.strip("'\" ")):
            continue
        persons = [_cut(part) for part in _split_joined(piece)]
        if len(persons) > 1 and all(_is_name(name, False, _FULL_NAME_WORDS) for name in persons):
            yield from persons
        elif name := _strip_agency(piece):
            yield name


def _says_something_else(piece: str) -> bool:
    words = load_author_words()
    return (
        words.roles.search(piece) is not None
        or any(word in words.never for word in _fold(piece))
        or (_DIGITS.search(piece) is not None and not _strip_date(_DIGITS.sub("", piece)))
    )


def _fold(text: str) -> list[str]:
    return [fold_word(word.strip(",;:!?()")) for word in text.split()]


@cache
def _joiner() -> re.Pattern[str]:
    words = "|".join(map(re.escape, sorted(load_author_words().joiners)))
    return re.compile(rf"(?:^|(?<=[\s{PART_BREAK}]))(?:{words})(?=[\s{PART_BREAK}])", re.I)


def _split_joined(piece: str) -> list[str]:
    return [part.strip() for part in _joiner().split(piece)]


def _split(text: str) -> Iterator[tuple[str, str]]:
    """Yield what stands between two pieces of a text ("and", ",", ``end``), and the piece after it."""
    text = _joiner().sub("\x1d", text.strip())
    between = ","
    for token in re.split(rf"([,;،\x1d{PART_BREAK}]|{_ENDS.pattern})", text):
        if token is None or not token.strip(" \t"):
            continue
        if token == "\x1d":  # noqa: S105  a separator
            between = "and" if between != _END else _END
        elif token == PART_BREAK:
            between = between or "part"
        elif token in {",", ";", "،"}:
            between = between if between in ("and", _END) else ","
        elif _ENDS.fullmatch(token):
            between = _END
        else:
            yield (_END if between == "part" else between), token.strip()
            between = ""


def _cut(piece: str) -> str:
    """Return a piece without what follows the name: "Ann Mill in Kyiv" is "Ann Mill"."""
    words = piece.split()
    places = load_author_words().place_words
    place = next(
        (n for n, word in enumerate(words) if n and (word in places or word[0].isdigit() or "@" in word)),
        len(words),
    )
    return _strip_agency(_strip_date(" ".join(words[:place])))


def _strip_agency(name: str) -> str:
    folded = name.casefold()
    for agency in sorted(load_author_words().agencies, key=len, reverse=True):
        rest = name[: -len(agency)].strip(" ,")
        if folded.endswith(f" {agency}") and len(rest.split()) >= _FULL_NAME_WORDS:
            return rest
    return name


def _is_name(name: str, is_sure: bool, least_words: int) -> bool:
    words = name.split()
    if not least_words <= len(words) <= _MAX_PERSON_WORDS or len(name) > MAX_NAME_CHARACTERS:
        return False
    known = load_author_words()
    if known.leads.fullmatch(f"{name} ") or known.logins.fullmatch(name):
        return False
    if any(word in known.never for word in _fold(name)) or not all(map(_is_name_word, words)):
        return False
    if is_sure and len(words) == 1:
        return True
    is_written = (
        not word[0].islower() or fold_word(word.partition("-")[0]) in known.particles for word in words
    )
    return all(is_written) and not words[-1][0].islower() and sum(len(word.strip(".")) for word in words) > 2


def _is_list_of_names(pieces: list[str]) -> bool:
    is_list = len(pieces) >= _MIN_NAMES_OF_LIST
    return is_list and all(_is_name(_cut(piece), False, _FULL_NAME_WORDS) for piece in pieces)


def _is_unnamed(piece: str) -> bool:
    words = load_author_words()
    return piece.casefold() in words.unnamed | words.agencies


def _is_name_word(word: str) -> bool:
    letters = word.translate(_MARKS_IN_NAMES)
    return WORD.fullmatch(letters) is not None and _DIGITS.search(word) is None and "_" not in word


def _strip_date(name: str) -> str:
    """Return a name without the words of a date that follow it: "Jeff Foust Monday". "Theresa May" stays."""
    words, dates = name.split(), load_date_words()
    if all(fold_word(word) in dates.weekdays | dates.months.keys() for word in words):
        return ""
    while words:
        last = fold_word(words[-1])
        is_weekday = last in dates.weekdays and len(last) >= _MIN_WEEKDAY_CHARACTERS
        if not is_weekday and not (last in dates.months and len(words) != _FULL_NAME_WORDS):
            break
        words.pop()
    return " ".join(words)

"""Give upper-case text its case back, from how the committed articles write each word.

A word takes the case that it mostly has inside sentences; beside a known neighbour ("National Guard"), that
of the pair. Words that no article has are in lower case if they are English, and names otherwise. The length
of the text never changes, so that offsets into it stay right.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

WORD = re.compile(r"[A-Za-z]+(?:['\u2019][A-Za-z]+)*")
_OPENS = re.compile(r"(?:^|\n|[.!?][\"')\]]*\s+|[:;]\s+[\"(]|--\s+|\s[\"(][\"(]?)[\s\"'(\[]*$")
"""What stands before the first word of a sentence."""
_STARTS = re.compile(
    r"(?:^|\n|(?<!\bMR)(?<!\bDR)(?<!\bST)(?<!\bNO)(?<!\b[A-Z])[.!?][\"')\]]*\s+|:\s+\"|--\s+)[\s\"'(\[]*$"
)
"""The same in upper-case text, where an abbreviation ends no sentence."""
_BEFORE_CHARS = 40
_MIN_PAIRS = 2
_SURE, _SURE_SHARE = 50, 0.97
"""A word that often stands inside sentences, nearly always in one case, keeps it beside any neighbour."""
_SMALL = frozenset(["of", "the", "and", "for", "in", "on", "de", "del", "y", "e", "to", "a"])
_ARTICLES = frozenset(["la", "las", "los", "el", "san", "santa", "don"])
_ENDINGS = (
    ("s", ""), ("es", ""), ("ies", "y"), ("ed", ""), ("ed", "e"), ("ied", "y"), ("ing", ""), ("ing", "e"),
    ("er", ""), ("er", "e"), ("ers", ""), ("ers", "e"), ("ly", ""), ("ness", ""), ("al", ""), ("able", ""),
    ("able", "e"), ("ist", ""), ("ists", ""), ("ment", ""), ("ity", ""), ("ization", "ize"),
    ("ations", "ation"),
)  # fmt: skip
_PREFIXES = tuple("un re non anti counter pro dis mis over under out multi co ultra".split())
_AFTER_NAMES = frozenset(
    "department province district battalion brigade avenue street university hospital embassy party river "
    "ministry cartel zone neighborhood municipality radio church".split()
)
"""Nouns that belong to the name before them."""
_TITLES = frozenset(
    "president general colonel major captain lieutenant minister senator deputy bishop archbishop monsignor "
    "judge mayor governor commander ambassador secretary director".split()
)
"""Titles, which are in title case before a name of a person."""
_DEMONYMS = re.compile(r"(?:an|ian|ean|ese|ino)s?$")


@dataclass(frozen=True, slots=True)
class TrueCaser:
    """The case of words.

    ``words``, ``pairs``: how often each spelling stands inside sentences, by the word or two words in lower
    case. ``english``: base forms. ``names``: words of names, in lower case. ``phrases``: names of several
    words. ``acronyms``: upper-case words. ``countries``: words of the names of countries.
    """

    words: dict[str, Counter[str]]
    pairs: dict[tuple[str, str], Counter[tuple[str, str]]]
    english: frozenset[str]
    names: frozenset[str] = frozenset()
    phrases: frozenset[tuple[str, ...]] = frozenset()
    acronyms: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()

    def restore(self, text: str) -> str:
        """Return a text in upper case with the case that a newspaper gives it."""
        tokens = list(WORD.finditer(text))
        lower = [m.group(0).lower() for m in tokens]
        cased = [self._case(lower, n) for n in range(len(tokens))]
        for first, last in self._phrases(lower):
            for n in range(first, last):
                inner = n > first and lower[n] in _SMALL
                cased[n] = lower[n] if inner else _title(lower[n]) if cased[n].islower() else cased[n]
        for n in range(1, len(tokens)):
            opens = _opens_sentence(text, tokens[n - 1].start()) and lower[n - 1] not in self.names
            named = cased[n - 1][0].isupper() and _touches(text, tokens[n - 1 : n + 1])
            if lower[n] in _AFTER_NAMES and named and not opens:
                cased[n] = _title(lower[n])
        for n in range(len(tokens) - 2, -1, -1):
            named = cased[n + 1].istitle() and not self._is_demonym(lower[n + 1])
            if lower[n] in _TITLES and named and _touches(text, tokens[n : n + 2]):
                cased[n] = _title(lower[n])
        parts, at = [], 0
        for match, word in zip(tokens, cased, strict=True):
            if _after_digit(text, match):
                word = match.group(0).lower()
            elif _glued(text, match):
                word = match.group(0)
            elif word.islower() and _opens_sentence(text, match.start()):
                word = _title(word)
            parts += [text[at : match.start()], word]
            at = match.end()
        return "".join([*parts, text[at:]])

    def _phrases(self, lower: Sequence[str]) -> Iterator[tuple[int, int]]:
        longest = max((len(p) for p in self.phrases), default=0)
        for first in range(len(lower)):
            for size in range(min(longest, len(lower) - first), 1, -1):
                if tuple(lower[first : first + size]) in self.phrases:
                    yield first, first + size
                    break

    def _case(self, lower: Sequence[str], n: int) -> str:
        word = lower[n]
        if "'" in word and word.split("'")[0] not in ("d", "o"):
            stem, _, rest = word.partition("'")
            owner = self._case([stem], 0) if rest == "s" else "I" if stem == "i" else stem
            return f"{owner}'{rest}"
        if word in self.acronyms:
            return word.upper()
        known = self.words.get(word)
        if known and known.total() >= _SURE and known.most_common(1)[0][1] >= _SURE_SHARE * known.total():
            return known.most_common(1)[0][0]
        beside: Counter[str] = Counter()
        if n + 1 < len(lower):
            for (first, _), count in self.pairs.get((word, lower[n + 1]), Counter()).items():
                beside[first] += count
        if n:
            for (_, second), count in self.pairs.get((lower[n - 1], word), Counter()).items():
                beside[second] += count
        if beside.total() >= _MIN_PAIRS:
            return beside.most_common(1)[0][0]
        if known:
            return known.most_common(1)[0][0]
        return self._unknown(word, lower[n - 1] if n else "")

    def _unknown(self, word: str, before: str) -> str:
        if word in ("de", "del", "y") or (word in ("la", "las", "los") and before == "de"):
            return word
        if word in self.names or word in _ARTICLES or self._is_demonym(word):
            return _title(word)
        if self.is_english(word):
            return word
        return word.upper() if not re.search("[aeiouy]", word) and len(word) > 1 else _title(word)

    def _is_demonym(self, word: str) -> bool:
        return bool(_DEMONYMS.search(word)) and any(c[:4] == word[:4] for c in self.countries)

    def is_english(self, word: str) -> bool:
        """Return whether a word in lower case, or what it is formed from, is English."""
        if word in self.english:
            return True
        for ending, base in _ENDINGS:
            stem = word[: -len(ending)] + base
            doubled = base == "" and len(stem) > 3 and stem[-1] == stem[-2] and stem[:-1] in self.english
            if word.endswith(ending) and len(stem) > 2 and (stem in self.english or doubled):
                return True
        return any(
            word.startswith(p) and len(word) > len(p) + 3 and self.is_english(word[len(p) :])
            for p in _PREFIXES
        )


def _title(word: str) -> str:
    return word[:1].upper() + word[1:]


def _opens_sentence(text: str, start: int) -> bool:
    before = text[max(0, start - _BEFORE_CHARS) : start]
    return bool(_STARTS.search(before if start <= _BEFORE_CHARS else "x" + before))


def _touches(text: str, pair: Sequence[re.Match[str]]) -> bool:
    return text[pair[0].end() : pair[1].start()] == " "


def _glued(text: str, match: re.Match[str]) -> bool:
    """Return whether a word is part of a model or an abbreviation: "M-16", "U.S.", "AK-47"."""
    before, after = text[max(0, match.start() - 2) : match.start()], text[match.end() : match.end() + 2]
    is_letter = len(match.group(0)) == 1 and (after[:1] in (".", "-") or before[-1:] == ".")
    return is_letter or bool(re.match(r"-\d", after))


def _after_digit(text: str, match: re.Match[str]) -> bool:
    """Return whether a word is the ending of a number: "4TH", "22-MM"."""
    return bool(re.search(r"\d-?$", text[max(0, match.start() - 2) : match.start()]))


def learn(texts: Iterable[str], english: frozenset[str]) -> TrueCaser:
    """Return a true caser that knows the words of texts."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    pairs: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for text in texts:
        before: re.Match[str] | None = None
        for match in WORD.finditer(text):
            spelled = re.sub(r"['\u2019]s$", "", match.group(0))
            if _OPENS.search(text[max(0, match.start() - 8) : match.start()]):
                before = None
                continue
            words[spelled.lower()][spelled] += 1
            if before is not None and _touches(text, (before, match)):
                pairs[before.group(0).lower(), spelled.lower()][before.group(0), spelled] += 1
            before = match
    return TrueCaser(dict(words), dict(pairs), english)

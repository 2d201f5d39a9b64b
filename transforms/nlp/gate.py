"""A fast check of an article's words that decides whether the language model reads the article.

It reads the whole text, because a third of the articles on strikes name no weapon in their title. It passes
those that have a weapon or a word for a strike, and a word for a hit or a victim, or one for an explosion.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from schemas.records import Article
from transforms.nlp.language import LanguagePack, has_language_pack, load_pack

MAX_TEXT = 100_000
"""Extraction reads this many characters of an article's text."""
_ENOUGH = frozenset({"explosion"})
"""Kinds of words for a strike that need no word for a hit or a victim."""
_WORD = re.compile(r"[^\W\d_]+(?:[-'\u2019]\w+)*")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Phrases to search for: ``words`` are the single words, ``longer`` the others by their first word."""

    words: frozenset[str]
    longer: dict[str, tuple[str, ...]]

    def any_in(self, text: str, words: set[str]) -> bool:
        """Return whether a text contains one of the phrases.

        Args:
            text: in lower case.
            words: the words of the text.
        """
        if not self.words.isdisjoint(words):
            return True
        return any(phrase in text for first in self.longer.keys() & words for phrase in self.longer[first])


def phrases(listed: Iterable[str]) -> Phrases:
    """Return phrases ready to be searched for.

    Of a phrase with " *" only the part before it is searched for.
    """
    words, longer = set(), defaultdict(list)
    for phrase in listed:
        found = _WORD.findall(phrase)
        if found == [phrase]:
            words.add(phrase)
        elif found:
            longer[found[0]].append(phrase.split(" *")[0])
    return Phrases(frozenset(words), {first: tuple(sorted(set(rest))) for first, rest in longer.items()})


@cache
def _required(pack: LanguagePack) -> tuple[Phrases, Phrases]:
    """Return two groups: weapons and words for strikes; hits, explosions and words for victims.

    A text needs one of each. A word for an explosion is in both: "a blast at the consulate" needs no victim.
    """
    lexicon, casualties = pack.lexicon, pack.casualties
    strikes = [phrase for listed in lexicon["weapons"].values() for phrase in listed]
    strikes += [*lexicon["models"], *lexicon["strike_nouns"], *lexicon["bombing_verbs"]]
    strikes += [word for kind in lexicon["strike_kinds"].values() for word in kind["words"]]
    hits = [*lexicon["hit_verbs"], *lexicon["strike_nouns"], *casualties["gate_words"]]
    hits += [
        word
        for kind in _ENOUGH & lexicon["strike_kinds"].keys()
        for word in lexicon["strike_kinds"][kind]["words"]
    ]
    hits += [word for kind in lexicon["hit_kinds"].values() for word in kind["words"]]
    for kind in ("killed", "injured"):
        hits += [phrase for listed in casualties[kind].values() for phrase in listed]
    return phrases(strikes), phrases(hits)


def words_of(lowered: str) -> set[str]:
    """Return the words of a text in lower case, and the parts of words with hyphens."""
    words = set(_WORD.findall(lowered))
    return words | {part for word in words if "-" in word for part in word.split("-")}


def may_tell_of_strikes(text: str, pack: LanguagePack) -> bool:
    """Return whether a text contains the words without which no strike can be reported in it."""
    lowered = text.lower()
    words = words_of(lowered)
    return all(required.any_in(lowered, words) for required in _required(pack))


def passes_gate(article: Article) -> bool:
    """Return whether an article can contain a strike, by its words alone."""
    return may_tell_of_strikes(f"{article.title}\n{article.text[:MAX_TEXT]}", load_pack(article.language))


def is_worth_reading(article: Article) -> bool:
    """Return whether the model must read an article: its language has a pack, and it passes the gate."""
    return has_language_pack(article.language) and passes_gate(article)

"""What the nouns around numbers say: people or things, one group or two, victims or speakers."""

from collections.abc import Iterator, Sequence

from spacy.tokens import Token

from transforms.nlp.learned.context import Context
from transforms.nlp.victims import VictimReader

_MAX_SUM_TOKENS = 10
"""Two numbers of one sum stand at most this far apart."""
_THING_TOKENS = 4
"""The noun of a number stands at most this far after it."""


def things_in(reader: VictimReader, context: Context) -> Iterator[int]:
    """Yield where numbers of things begin: "two drones hit", "three of five districts" count no victims."""
    words = reader.words
    for at, quantity in reader.opens.items():
        last = reader.last_of[at]
        for token in reader.tokens[last + 1 : last + 1 + _THING_TOKENS]:
            word = token.lower_
            if word in words.things or context.term_tokens.get(token.i) == "weapon":
                yield quantity.start
            if word in words.things | words.persons | words.person | words.children | words.child:
                break
            if reader.is_at(token.i - reader.tokens[0].i, "triggers") or token.tag_[:1] not in "NJ":
                break


def is_person(noun: Token, context: Context, reader: VictimReader) -> bool:
    """Return whether a noun means persons: by the lists, or as a name that is no place."""
    words, word = reader.words, noun.lower_
    if word in words.person | words.child | words.persons | words.children:
        return True
    return noun.tag_ in ("NNP", "NNPS") and context.words[noun.i] != "<place>"


def speaks(noun: Token, reader: VictimReader) -> bool:
    """Return whether a person of a list is the one who tells it: "seven people, an official said"."""
    return (
        noun.dep_ == "conj"
        and noun.head.tag_[:1] == "N"
        and reader.is_at(noun.i - reader.tokens[0].i + 1, "speaks_after")
    )


def is_sum(between: Sequence[Token], reader: VictimReader) -> bool:
    """Return whether two numbers count people of one group, by the words between them.

    Not in "nine dead and 30 hurt", "nine people, of whom three", "eight dead, down from 11".
    """
    offset = reader.tokens[0].i
    if not 0 < len(between) <= _MAX_SUM_TOKENS or any(t.tag_[:2] == "VB" for t in between):
        return False
    if not reader.is_at(between[-1].i - offset, "joints"):
        return False
    other = ("triggers", "includes", "part_markers", "partitives", "stops", "quotes")
    return not any(reader.is_at(t.i - offset, words) for t in between for words in other)


def size_of(noun: Token, reader: VictimReader) -> int | None:
    """Return how many people a noun means: its number, or 1 for one person; None where it is open."""
    at = noun.i - reader.tokens[0].i
    for child in noun.children:
        opening = reader.opens.get(child.i - reader.tokens[0].i)
        if child.dep_ == "nummod" and opening is not None and opening.kind == "count":
            return opening.low
    if not 0 <= at < len(reader.tokens) or reader.lower[at] in reader.words.things:
        return None
    if reader.is_at(at, "pronouns_of_one"):
        return 1
    if reader.lower[at] in reader.words.person | reader.words.child or reader.tagged(at, "proper"):
        return 1
    is_one = reader.tagged(at, "singular") and not reader.is_at(at, "no_persons")
    return 1 if is_one and any(child.dep_ in ("det", "poss") for child in noun.children) else None

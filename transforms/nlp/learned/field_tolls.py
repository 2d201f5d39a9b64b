"""The toll that a field of a form gives: "A woman and her son were killed; a porter died later. Fatalities: 3."

Such a field sums up what the text tells. All five annotated texts with one strike and one such field have its number.
"""

from collections.abc import Sequence

from transforms.nlp.language import LanguagePack
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.count_candidates import KINDS, CountCandidate
from transforms.nlp.learned.units import Unit

_FIELD_CHARS = 40
"""The name of a field is at most so long."""


def field_tolls(
    units: Sequence[Unit], candidates: Sequence[CountCandidate], context: Context, pack: LanguagePack
) -> dict[tuple[int, str], int]:
    """Return the position of the number that a field gives for a strike, by strike and kind.

    There is none where the article has several strikes, or several fields of a kind.
    """
    if len(units) != 1:
        return {}
    found = {}
    for kind in KINDS:
        pattern = pack.patterns[f"casualties.field_of_{kind}"]
        told = [
            c
            for c, candidate in enumerate(candidates)
            if candidate.kind == kind
            and candidate.source == "count"
            and pattern.search(
                context.findings.text[max(0, candidate.start - _FIELD_CHARS) : candidate.start]
            )
        ]
        if len(told) == 1:
            found[0, kind] = told[0]
    return found

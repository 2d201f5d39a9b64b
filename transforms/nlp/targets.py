"""What the words around a target say of it: it is in ruins, people were killed there, the wounded were taken there."""

from transforms.nlp.language import LanguagePack

_CUE_CHARS = 45
"""Words around a target that say what happened to it stand within this distance."""


def is_ruined(start: int, end: int, sentence: int, text: str, pack: LanguagePack) -> bool:
    """Return whether a text says that the target at ``[start, end)`` is in ruins, or that people were killed there.

    Args:
        start: of the target, in characters.
        end: of the target.
        sentence: where its sentence begins.
        text: of the article.
        pack: the language.
    """
    rules = pack.patterns
    before, after = text[max(sentence, start - _CUE_CHARS) : start], text[end : end + _CUE_CHARS]
    return bool(
        rules["fields.ruin_of"].search(before)
        or rules["fields.lies_ruined"].match(after)
        or rules["fields.killed_at"].search(before)
    )


def is_of_care(start: int, sentence: int, text: str, pack: LanguagePack) -> bool:
    """Return whether the wounded were taken to a place, so that it was not the target.

    Args:
        start: of the place, in characters.
        sentence: where its sentence begins.
        text: of the article.
        pack: the language.
    """
    rules = pack.patterns
    before = text[max(sentence, start - _CUE_CHARS) : start]
    if rules["fields.is_in"].search(before) and not rules["fields.is_hit"].search(before):
        return True
    return bool(rules["fields.taken_to"].search(before))

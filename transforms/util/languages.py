"""The language of a text. The only module that imports py3langid."""

import py3langid


def most_likely_language(text: str) -> str:
    """Return the ISO 639 code of the language that a text is most likely in. A short text is often
    misjudged."""
    return str(py3langid.classify(text)[0])

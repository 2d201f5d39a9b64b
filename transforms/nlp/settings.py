"""Settings of extraction.

They are apart from the extractor, so that code that only passes them on does not load the model's library.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtractionSettings:
    """Which model extraction uses.

    ``model``: name of a spaCy model; None for the first installed one that the language's pack lists.
    """

    model: str | None = None


DEFAULTS = ExtractionSettings()

"""What extraction is told. Apart from the extractor: whoever only passes it on loads no model's library."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExtractionSettings:
    """``model``: name of an installed spaCy model; None takes the first known one."""

    model: str | None = None


DEFAULTS = ExtractionSettings()

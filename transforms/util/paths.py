"""Paths as patterns."""

import re


def escape_pattern(path: str) -> str:
    """Return a pattern that only this path matches, where ``*``, ``?`` and ``[`` have a meaning: in Beam and
    in DuckDB."""
    return re.sub(r"([\[*?])", r"[\1]", path)

"""An extractor for tests of worker processes: it ends its process on one text."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from schemas.records import Article, DeadLetter, Report
from transforms.nlp.batches import extract_batch as real


def extract_batch(articles: Sequence[Article], settings: Any) -> list[list[Report] | DeadLetter]:
    if any("poison" in a.text for a in articles):
        os._exit(1)
    return real(articles, settings)

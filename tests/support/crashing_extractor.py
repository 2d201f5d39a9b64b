"""An extractor that kills its process at a text with the word "poison", for tests of worker processes.

It is a module because worker processes import it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

from schemas.records import Article, DeadLetter, Report
from transforms.nlp import batches


def extract_batch(articles: Sequence[Article], settings: Any) -> list[list[Report] | DeadLetter]:
    if any("poison" in a.text for a in articles):
        os._exit(1)
    return batches.extract_batch(articles, settings)

"""A signature of a text by which copies and rewrites of one wire text are known again."""

import re
from functools import lru_cache

import numpy as np
from datasketch import MinHash

_PERMUTATIONS = 32
_WORDS = 5
COPY_SIMILARITY = 0.5
"""Estimated Jaccard similarity of five-word shingles from which two texts count as one source."""


@lru_cache(maxsize=1024)
def text_signature(text: str) -> str | None:
    """Return the MinHash of a text's five-word shingles in hexadecimal, None for a very short text."""
    words = re.findall(r"\w+", text.lower())
    if len(words) < 2 * _WORDS:
        return None
    signature = MinHash(num_perm=_PERMUTATIONS, seed=1)
    signature.update_batch([" ".join(words[i : i + _WORDS]).encode() for i in range(len(words) - _WORDS + 1)])
    return str(signature.hashvalues.astype(">u4").tobytes().hex())


def similarity(a: str, b: str) -> float:
    """Return the estimated Jaccard similarity of two signatures."""
    first, second = (np.frombuffer(bytes.fromhex(s), dtype=">u4") for s in (a, b))
    return float(np.mean(first == second)) if len(first) == len(second) else 0.0

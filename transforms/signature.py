"""A signature of a text by which copies and rewrites of one wire text are known again."""

import re
from collections.abc import Iterable
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
    if a == b:
        return 1.0
    first, second = _values(a), _values(b)
    return float(np.mean(first == second)) if len(first) == len(second) else 0.0


def _values(signature: str) -> np.ndarray:
    try:
        return np.frombuffer(bytes.fromhex(signature), dtype=">u4")
    except ValueError:  # not one of ours: it is like nothing but itself
        return np.array([], dtype=">u4")


def count_sources(told: Iterable[tuple[str, str | None]]) -> int:
    """Return how many independent sources there are among (outlet, signature) pairs.

    One outlet is one source, and so are all that carry copies of one text, however long the chain.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent[name] != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    outlets: dict[str, str] = {}
    for outlet, signature in told:
        parent.setdefault(outlet, outlet)
        if signature:
            # One text in two outlets makes them one; which of them stands for it does not matter.
            first = outlets.setdefault(signature, outlet)
            parent[root(outlet)] = root(first)
    signatures = [s for s in outlets if len(_values(s)) == _PERMUTATIONS]
    # One row for each permutation: ten thousand texts are compared with each other in a second.
    table = np.array([_values(s) for s in signatures]).reshape(len(signatures), _PERMUTATIONS).T.copy()
    for n in range(1, len(signatures)):
        equal = np.add.reduce(table[:, :n] == table[:, n : n + 1], axis=0, dtype=np.uint8)
        for other in np.flatnonzero(equal >= COPY_SIMILARITY * _PERMUTATIONS):
            parent[root(outlets[signatures[n]])] = root(outlets[signatures[other]])
    return len({root(outlet) for outlet in parent})

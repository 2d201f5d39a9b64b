"""A signature of a text by which copies and rewrites of one wire text are known again."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np

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
    # Imported here: only who reads articles makes signatures, and it brings a third of a second of scipy.
    from datasketch import MinHash

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
    outlets: dict[str, int] = {}
    texts: dict[str, int] = {}
    same: list[tuple[int, int]] = []
    for outlet, signature in told:
        node = outlets.setdefault(outlet, len(outlets))
        if signature:
            same.append((node, texts.setdefault(signature, len(texts))))
    # Outlets and texts are the two sides of one graph; alike texts are linked besides.
    parent = list(range(len(outlets) + len(texts)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for node, text in same:
        parent[root(node)] = root(len(outlets) + text)
    for a, b in _alike(list(texts)) if len(outlets) > 1 else ():
        parent[root(len(outlets) + a)] = root(len(outlets) + b)
    return len({root(n) for n in range(len(outlets))})


def _alike(signatures: list[str]) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions of alike signatures, enough to link all that are."""
    known = [n for n, s in enumerate(signatures) if len(_values(s)) == _PERMUTATIONS]
    # One row for each permutation, so that a text is compared with all before it in one go.
    table = np.array([_values(signatures[n]) for n in known]).reshape(len(known), _PERMUTATIONS).T.copy()
    group = np.arange(len(known))
    for n in range(1, len(known)):
        equal = np.add.reduce(table[:, :n] == table[:, n : n + 1], axis=0, dtype=np.uint8)
        for other in np.unique(group[:n][equal >= COPY_SIMILARITY * _PERMUTATIONS]):
            yield known[n], known[int(other)]
            group[group == other] = n
            group[n] = n

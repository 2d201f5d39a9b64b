"""Signatures of texts, by which copies and rewrites of one wire text are recognised."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

import numpy as np

_PERMUTATIONS = 32
_SHINGLE_WORDS = 5
COPY_SIMILARITY = 0.5
"""Two texts count as one source from this estimated Jaccard similarity of their five-word shingles on."""


@lru_cache(maxsize=1024)
def text_signature(text: str) -> str | None:
    """Return the MinHash of a text's five-word shingles: 32 numbers in hexadecimal.

    None for a text of fewer than ten words: it has too few shingles to compare.
    """
    words = re.findall(r"\w+", text.lower())
    if len(words) < 2 * _SHINGLE_WORDS:
        return None
    # Imported here, because only processes that extract reports need it. It imports scipy, which takes 0.3 s.
    from datasketch import MinHash

    starts = range(len(words) - _SHINGLE_WORDS + 1)
    signature = MinHash(num_perm=_PERMUTATIONS, seed=1)
    signature.update_batch([" ".join(words[i : i + _SHINGLE_WORDS]).encode() for i in starts])
    return str(signature.hashvalues.astype(">u4").tobytes().hex())


def similarity(a: str, b: str) -> float:
    """Return the estimated Jaccard similarity of two signatures, 0 to 1; 0 where one is malformed."""
    if a == b:
        return 1.0
    hashes_a, hashes_b = _read_hashes(a), _read_hashes(b)
    if len(hashes_a) != len(hashes_b) or not len(hashes_a):
        return 0.0
    return np.count_nonzero(hashes_a == hashes_b) / len(hashes_a)


@lru_cache(maxsize=16384)
def _read_hashes(signature: str) -> np.ndarray:
    try:
        return np.frombuffer(bytes.fromhex(signature), dtype=">u4")
    except ValueError:  # not a signature of ours: it is similar only to itself
        return np.array([], dtype=">u4")


def count_sources(reports: Iterable[tuple[str, str | None]]) -> int:
    """Return the number of independent sources of some reports.

    All reports of one outlet are one source. So are the outlets that carry copies of one text, also where the
    copies form a chain: A is similar to B and B to C.

    Args:
        reports: outlet and text signature of each report; None where the text has no signature.
    """
    outlets: dict[str, int] = {}
    texts: dict[str, int] = {}
    carried: list[tuple[int, int]] = []
    for outlet, signature in reports:
        outlet_number = outlets.setdefault(outlet, len(outlets))
        if signature:
            carried.append((outlet_number, texts.setdefault(signature, len(texts))))
    # A graph whose nodes are the outlets, then the texts. Its connected components are the sources.
    groups = _DisjointGroups(len(outlets) + len(texts))
    for outlet_number, text_number in carried:
        groups.join(outlet_number, len(outlets) + text_number)
    if len(outlets) > 1:
        for a, b in _find_copies(list(texts)):
            groups.join(len(outlets) + a, len(outlets) + b)
    return len({groups.find(outlet_number) for outlet_number in range(len(outlets))})


class _DisjointGroups:
    """Groups of numbers that can be joined: union-find with path halving."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, number: int) -> int:
        """Return the number that represents the group of a number."""
        parent = self._parent
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    def join(self, a: int, b: int) -> None:
        self._parent[self.find(a)] = self.find(b)


def _find_copies(signatures: list[str]) -> Iterator[tuple[int, int]]:
    """Yield pairs of positions of similar signatures.

    Not every pair: enough pairs that all similar signatures are connected.
    """
    known = [n for n, signature in enumerate(signatures) if len(_read_hashes(signature)) == _PERMUTATIONS]
    hashes = np.array([_read_hashes(signatures[n]) for n in known])
    # One row for each permutation, so that one signature is compared with all earlier ones at once.
    table = hashes.reshape(len(known), _PERMUTATIONS).T.copy()
    group = np.arange(len(known))
    for n in range(1, len(known)):
        equal = np.add.reduce(table[:, :n] == table[:, n : n + 1], axis=0, dtype=np.uint8)
        similar_groups = np.unique(group[:n][equal >= COPY_SIMILARITY * _PERMUTATIONS])
        for other in similar_groups:
            yield known[n], known[int(other)]
            group[group == other] = n
            group[n] = n

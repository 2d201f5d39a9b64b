"""Every input of the catalogue has a test that is named after it."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
CATALOGUE = {"F": 45, "H": 30, "P": 16, "T": 7, "D": 7, "N": 2, "C": 6}


def _files() -> list[Path]:
    return [*HERE.glob("test_*.py"), *(HERE.parent / "support").glob("hostile_*.py")]


def test_every_input_of_the_catalogue_has_a_test() -> None:
    text = "\n".join(path.read_text("utf-8") for path in _files())
    named = {m.upper() for m in re.findall(r'"([FHPTDNC]\d\d)[a-z]?"', text)}
    for line in re.findall(r"def test_((?:[a-z]\d\d_(?:to_)?)+)", text):
        ids = [m.upper() for m in re.findall(r"[a-z]\d\d", line)]
        named.update(ids)
        if "_to_" in line:
            named.update(f"{ids[0][0]}{n:02d}" for n in range(int(ids[0][1:]), int(ids[1][1:]) + 1))
    expected = {f"{kind}{n:02d}" for kind, number in CATALOGUE.items() for n in range(1, number + 1)}
    assert len(expected) == 113
    assert expected - named == set()

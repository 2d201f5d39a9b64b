"""The project's data files read the same by either parser."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from transforms.util.data_files import read_data

ROOT = Path(__file__).parents[3]
FILES = sorted(ROOT.glob("transforms/**/*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_libyaml_reads_what_the_plain_parser_reads(path: Path) -> None:
    text = path.read_text("utf-8")
    read = read_data(text)
    assert read
    assert read == yaml.safe_load(text)

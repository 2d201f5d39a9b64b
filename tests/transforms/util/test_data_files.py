"""Both parsers of YAML read the same from the project's data files."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from transforms.util.data_files import read_data

ROOT = Path(__file__).parents[3]
FILES = sorted(ROOT.glob("transforms/**/*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_libyaml_and_the_python_parser_read_the_same_data(path: Path) -> None:
    text = path.read_text("utf-8")
    read = read_data(text)
    assert read
    assert read == yaml.safe_load(text)

"""The plan of the house: what stands where, and what may import what."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import transforms

ROOT = Path(__file__).parents[2]
PACKAGES = ("benchmarks", "deploy", "pipelines", "schemas", "training", "transforms")
MAX_LINES = 400


def modules(*packages: str) -> dict[str, Path]:
    """Return the modules of some packages by their dotted names."""
    found = {}
    for package in packages:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imported(path: Path, known: dict[str, Path]) -> Iterator[str]:
    """Yield the modules that a file imports anywhere, also inside functions and for type checkers only."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                yield name if name in known else node.module


def imports() -> dict[str, set[str]]:
    known = modules(*PACKAGES)
    return {name: {i for i in imported(path, known) if i in known} for name, path in known.items()}


def circle_of(graph: dict[str, set[str]]) -> list[str]:
    """Return the modules of an import circle, or nothing."""
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_no_import_circle_not_even_by_late_imports() -> None:
    assert circle_of(imports()) == []


def test_a_circle_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def late():\n    from b import x\n")
    (tmp_path / "b.py").write_text("import a\n")
    known = {name: tmp_path / f"{name}.py" for name in "ab"}
    graph = {name: set(imported(path, known)) for name, path in known.items()}
    assert set(circle_of(graph)) == {"a", "b"}


def is_transform(node: ast.stmt) -> bool:
    return isinstance(node, ast.ClassDef) and any(
        isinstance(base, ast.Attribute) and base.attr == "PTransform" for base in node.bases
    )


def test_the_root_of_transforms_holds_one_step_a_file_named_as_its_transform() -> None:
    steps = {path for path in (ROOT / "transforms").glob("*.py") if path.name != "__init__.py"}
    names = []
    for path in steps:
        body = ast.parse(path.read_text("utf-8")).body
        found = [node.name for node in body if is_transform(node) and isinstance(node, ast.ClassDef)]
        assert found == ["".join(word.capitalize() for word in path.stem.split("_"))], path.name
        names += found
    assert sorted(names) == transforms.__all__
    assert [getattr(transforms, name).__name__ for name in transforms.__all__] == transforms.__all__


def test_no_transform_below_the_root() -> None:
    for path in (ROOT / "transforms").glob("*/**/*.py"):
        assert not any(is_transform(node) for node in ast.walk(ast.parse(path.read_text("utf-8")))), path


@pytest.mark.parametrize("package", ["pipelines", "schemas", "transforms"])
def test_no_file_is_too_long(package: str) -> None:
    lengths = {name: path.read_text("utf-8").count("\n") for name, path in modules(package).items()}
    assert {name: n for name, n in lengths.items() if n > MAX_LINES} == {}


def test_no_name_stands_for_two_modules() -> None:
    every = modules("pipelines", "schemas", "transforms")
    names = Counter(name.rpartition(".")[2] for name, path in every.items())
    assert [name for name, number in names.items() if number > 1] == []


def test_no_module_name_as_a_string() -> None:
    """A name in a string is not renamed with its module. Files that hold data are asked for by ``files()``."""
    every = modules("pipelines", "schemas", "transforms")
    for name, path in every.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                assert node.value not in every or node.value in PACKAGES or _is_asked_for(node, path), name


def _is_asked_for(node: ast.Constant, path: Path) -> bool:
    line = path.read_text("utf-8").splitlines()[node.lineno - 1]
    return re.search(rf"files\(\"{re.escape(str(node.value))}\"\)", line) is not None

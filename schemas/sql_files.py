"""SQL files: statements in BigQuery's dialect, one in a file, with a comment at the top that says what
they do."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SQLFile:
    """A statement, and what it does: the sentences of the comment at its top."""

    name: str
    meaning: str
    sql: str


@cache
def sql_files(folder: Path) -> Mapping[str, SQLFile]:
    """Return the SQL files of a folder by name, without the ending, sorted.

    Raises:
        ValueError: a file does not begin with a comment of whole sentences.
    """
    return {path.stem: _read(path) for path in sorted(folder.glob("*.sql"))}


def _read(path: Path) -> SQLFile:
    lines = path.read_text("utf-8").splitlines()
    number = next((n for n, line in enumerate(lines) if not line.startswith("-- ")), len(lines))
    meaning = " ".join(line[3:] for line in lines[:number])
    if not meaning.endswith("."):
        raise ValueError(f"{path}: the file must begin with a comment: whole sentences")
    return SQLFile(path.stem, meaning, "\n".join(lines[number:]))


def statement(module_file: str, name: str, **parts: object) -> str:
    """Return the statement ``sql/NAME.sql`` beside a module.

    Args:
        module_file: the module's ``__file__``.
        name: the file's name, without the ending.
        parts: values for ``{part}`` in the statement: names and expressions made from the tables' schema
            files, never values from outside, which are query parameters. ``{other_file}`` includes a file of
            the same folder.

    Raises:
        KeyError: there is no such file, or a part is missing.
    """
    files = sql_files(Path(module_file).parent / "sql")
    included = {other: file.sql for other, file in files.items()}
    return files[name].sql.format_map({**included, **parts})

"""Runs the cells of a notebook without Jupyter. ``python notebook.py FILE`` prints what each cell shows, as JSON."""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

NEEDS_PANDAS = "needs-pandas"
"""The tag of cells that are left out where pandas is not installed."""


def code_cells(path: Path) -> list[dict[str, Any]]:
    """Return the cells with code."""
    return [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]


def run_cells(path: Path, names: dict[str, Any]) -> Iterator[str]:
    """Run the cells in their order, with the variables in ``names``. Yield what Jupyter would show of each."""
    for cell in code_cells(path):
        if NEEDS_PANDAS not in cell["metadata"].get("tags", ()) or find_spec("pandas"):
            yield _run("".join(cell["source"]), names)


def _run(source: str, names: dict[str, Any]) -> str:
    """Return the value of a cell's last line, if that is an expression; Jupyter hides one before a semicolon."""
    body = ast.parse(source).body
    last = body.pop() if isinstance(body[-1], ast.Expr) and not source.rstrip().endswith(";") else None
    exec(compile(ast.Module(body, []), "cell", "exec"), names)
    if not isinstance(last, ast.Expr):
        return ""
    return str(eval(compile(ast.Expression(last.value), "cell", "eval"), names))


if __name__ == "__main__":
    print(json.dumps(list(run_cells(Path(sys.argv[1]), {}))))

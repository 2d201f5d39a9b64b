"""The suite of the warehouses: the same tests on a DuckDB file and, over HTTP, on an emulator of BigQuery.

``make test-bigquery`` starts the emulator. Without it, only the tests on DuckDB exist.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bigquery_wire import EMULATOR_PYTHON, WireProxy, emulator, wire_proxy
from conftest import Ledger

HERE = Path(__file__).parent
KINDS = ["duckdb", "bigquery"] if EMULATOR_PYTHON else ["duckdb"]
_numbers = itertools.count()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "kind" in metafunc.fixturenames:
        needs_wire = metafunc.module.__name__.rpartition(".")[2].startswith("test_wire")
        metafunc.parametrize("kind", ["bigquery"] if needs_wire else KINDS)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Leave out the tests of HTTP where there is no emulator."""
    return True if collection_path.name.startswith("test_wire") and not EMULATOR_PYTHON else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give the tests of this folder time: the emulator takes seconds for each query, more beside other suites."""
    for item in items:
        if item.path.is_relative_to(HERE) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(1200))


@pytest.fixture(scope="session")
def emulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start one emulator for the whole session."""
    with emulator(tmp_path_factory.mktemp("emulator")) as base:
        yield base


@pytest.fixture
def wire(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[WireProxy]:
    """Return the proxy of the emulator. The client library and all workers connect to it."""
    with wire_proxy(request.getfixturevalue("emulated")) as proxy:
        monkeypatch.setenv("BIGQUERY_EMULATOR_HOST", proxy.base)
        yield proxy


@pytest.fixture
def new_ledger(kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Ledger]:
    """Return a function that makes an empty ledger in the kind of warehouse."""
    if kind == "bigquery":
        request.getfixturevalue("wire")

    def make_ledger() -> Ledger:
        number = next(_numbers)
        ledger = Ledger(tmp_path / f"ledger{number}")
        if kind == "bigquery":
            ledger.url = f"bigquery://test-project/ledger_{number}"
            ledger.storage = str(ledger.folder)
        return ledger

    return make_ledger


@pytest.fixture
def ledger(new_ledger: Callable[[], Ledger]) -> Ledger:
    """Return an empty ledger."""
    return new_ledger()

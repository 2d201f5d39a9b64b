"""The review desk of a served ledger: one that a test changes, and one that many tests share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Ledger
from editor import Editor, Still, a_desk, a_still_desk, facts
from served_ledger import Served


@pytest.fixture
def served(ledger: Ledger) -> Iterator[Served]:
    """Serve a ledger of three strikes with its desk. It takes the place of the served newsroom here."""
    with a_desk(ledger) as running:
        yield running


@pytest.fixture
def editor(served: Served) -> Editor:
    """Return an editor who has signed in."""
    return Editor(served)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Still]:
    """Serve a ledger for the tests of a module that store nothing."""
    with a_still_desk(tmp_path_factory.mktemp("still")) as desk:
        yield desk


@pytest.fixture
def still(shared: Still) -> Iterator[Still]:
    """Check that a test has stored nothing. The tries of its sign-ins are forgotten before it."""
    shared.clock[0] += 61
    yield shared
    assert facts(shared.ledger) == []

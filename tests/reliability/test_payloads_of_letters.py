"""Payloads through whole runs: they stay with open letters, go with resolved ones, and survive crashes."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest
from conftest import LOOPBACK, Ledger
from hostile_support import HostileServer, answer, serving_hostile

from pipelines.options import payload_folder


def page(number: int, text: str) -> bytes:
    """Return a page that is too large for a row. Without a text it is a dead letter."""
    filler = random.Random(number).randbytes(20_000).hex()
    return f"<html><body><!-- {filler} -->{text}</body></html>".encode()


def story(number: int) -> str:
    sentences = "".join(
        f"<p>Sentence {n} of story {number} that tells at some length what happened there.</p>"
        for n in range(9)
    )
    return f"<article><h1>Story {number}</h1>{sentences}</article>"


def serve(server: HostileServer, pages: int) -> str:
    items = "".join(
        f"<item><title>Story {n}</title><link>{server.base}/{n}</link></item>" for n in range(pages)
    )
    server.replies["/feed"] = answer(
        200, f"<rss version='2.0'><channel><title>O</title>{items}</channel></rss>".encode()
    )
    for n in range(pages):
        server.replies[f"/{n}"] = answer(200, page(n, ""))
    return f"{server.base}/feed"


def files(ledger: Ledger) -> set[Path]:
    folder = Path(payload_folder(ledger.url, ledger.storage))
    return set(folder.iterdir()) if folder.exists() else set()


def named_by_open_letters(ledger: Ledger) -> set[Path]:
    rows = ledger.rows("SELECT payload_uri FROM dead_letters WHERE resolved_at IS NULL")
    return {Path(x["payload_uri"]) for x in rows if x["payload_uri"]}


def test_a_payload_goes_with_the_run_that_resolves_its_letter(ledger: Ledger) -> None:
    with serving_hostile() as server:
        feed = serve(server, 2)
        ledger.run([feed])
        assert len(files(ledger)) == 2
        assert files(ledger) == named_by_open_letters(ledger)
        kept = files(ledger)
        server.replies["/0"] = answer(200, page(0, story(0)))
        run = ledger.run([feed])
        assert (run["entries_written"], run["dead_letters_resolved"]) == (1, 1)
    assert len(files(ledger)) == 1
    assert files(ledger) == named_by_open_letters(ledger)
    assert files(ledger) < kept


@pytest.mark.slow
def test_a_crash_costs_no_payload_of_an_open_letter_and_the_next_run_deletes_what_it_left(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving_hostile() as server:
        feed = serve(server, 3)
        with monkeypatch.context() as patch:
            patch.setattr("transforms.load_run.load_run", crash)
            with pytest.raises(Exception, match="no more power"):
                ledger.run([feed])
        left = files(ledger)
        assert len(left) == 3  # of no letter yet, but a run may still store one
        server.replies["/2"] = answer(200, page(9, ""))
        ledger.run([feed])
        assert files(ledger) == named_by_open_letters(ledger)
        assert len(files(ledger) & left) == 2

        server.replies |= {f"/{n}": answer(200, page(n, story(n))) for n in range(3)}
        with monkeypatch.context() as patch:
            patch.setattr("transforms.load_run.sweep_payloads", crash)
            with pytest.raises(Exception, match="no more power"):
                ledger.run([feed])
        assert named_by_open_letters(ledger) == set()
        assert len(files(ledger)) == 3
        ledger.run([feed])
    assert files(ledger) == set()
    assert len(ledger.rows("SELECT * FROM articles")) == 3


def crash(*_: object, **__: object) -> None:
    raise RuntimeError("no more power")


def test_letters_without_payload_where_the_quota_is_used_up_are_replayed_by_fetching_again(
    ledger: Ledger,
) -> None:
    ledger.policy = dataclasses.replace(LOOPBACK, payload_quota_bytes=30_000)
    with serving_hostile() as server:
        feed = serve(server, 4)
        run = ledger.run([feed])
        assert run["entries_dead_letter"] == 4
        rows = ledger.rows("SELECT payload_uri, payload_sha256 FROM dead_letters")
        assert sum(x["payload_uri"] is None for x in rows) == 3
        assert all((x["payload_uri"] is None) == (x["payload_sha256"] is None) for x in rows)
        assert sum(path.stat().st_size for path in files(ledger)) <= 30_000
        server.replies |= {f"/{n}": answer(200, page(n, story(n))) for n in range(4)}
        assert ledger.run([], replay="")["entries_written"] == 4
    assert files(ledger) == set()


def test_two_warehouses_with_one_storage_keep_their_payloads_apart(tmp_path: Path) -> None:
    ledgers = [Ledger(tmp_path / name) for name in "ab"]
    for ledger in ledgers:
        ledger.storage = str(tmp_path / "shared")
    with serving_hostile() as server:
        feed = serve(server, 1)
        for ledger in ledgers:
            ledger.run([feed])
        server.replies["/0"] = answer(200, page(0, story(0)))
        ledgers[0].run([feed])
    assert files(ledgers[0]) == set()
    assert len(files(ledgers[1])) == 1
    assert files(ledgers[1]) == named_by_open_letters(ledgers[1])

"""The limits of fetching as options: what they become, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipelines.cli import main
from pipelines.options import ConfigurationInvalid, RunChoices, ingest_config, make_policy, size_bytes


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("1024", 1024),
        ("500MB", 500_000_000),
        ("1.5 gb", 1_500_000_000),
        ("2kB", 2_000),
        ("1TB", 10**12),
    ],
)
def test_a_size_has_a_unit_or_is_bytes(text: str, expected: int) -> None:
    assert size_bytes("--payload-quota", text) == expected


@pytest.mark.parametrize("text", ["", "MB", "-1", "1e9", "1 GiB", "lots", "1,5GB", "nan"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ConfigurationInvalid, match="--payload-quota takes a size"):
        size_bytes("--payload-quota", text)


@pytest.mark.parametrize("seconds", [0, 0.5, -1, 86_401, float("nan"), float("inf")])
def test_a_host_budget_outside_a_second_and_a_day_is_refused(seconds: float) -> None:
    with pytest.raises(ConfigurationInvalid, match="--host-budget must be between"):
        make_policy((), None, seconds)


def test_who_names_a_host_budget_gets_it_for_slow_hosts_too() -> None:
    policy = make_policy((), None, 600)
    assert (policy.host_budget_s, policy.slow_host_s) == (600, 600)


@pytest.mark.parametrize(
    ("every", "budget", "slow"), [(None, 300, 15), ("15m", 300, 15), ("2m", 60, 15), ("20s", 10, 10)]
)
def test_one_host_holds_a_run_for_half_the_interval_at_most(
    tmp_path: Path, every: str | None, budget: float, slow: float
) -> None:
    """In a stream the results of all other hosts wait for the end of the pane."""
    feeds = tmp_path / "feeds.txt"
    feeds.write_text("https://o.example/feed\n")
    for is_stream in (False, True) if every else (False,):
        choices = RunChoices(str(feeds), f"duckdb:///{tmp_path}/l.duckdb", every=every, is_stream=is_stream)
        policy = ingest_config(choices).policy
        assert (policy.host_budget_s, policy.slow_host_s) == (budget, slow)


@pytest.mark.parametrize(
    ("option", "value"), [("--host-budget", "0"), ("--host-budget", "soon"), ("--payload-quota", "lots")]
)
def test_unusable_limits_are_one_line_and_status_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str
) -> None:
    feeds = tmp_path / "feeds.txt"
    feeds.write_text("https://o.example/feed\n")
    warehouse = f"duckdb:///{tmp_path}/l.duckdb"
    assert main(["run", "--feeds", str(feeds), "--warehouse", warehouse, option, value]) == 2
    assert option in capsys.readouterr().err
    assert not (tmp_path / "l.duckdb").exists()

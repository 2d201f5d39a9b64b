"""Jobs on a warehouse: alone on it whatever its name, with nothing to do, and beside files that are not theirs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from conftest import Ledger
from sample_records import a_report
from store_reports import store

from pipelines.cli import main
from pipelines.hold_lease import hold_lease
from pipelines.options import staging_root
from transforms.storage.staged import run_folder, write_staged
from transforms.warehouse import WarehouseBusy, open_warehouse

FAR_LATER = "2030-01-01"


LATER = ["--since", FAR_LATER]


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        *(("without tables", x) for x in (["resolve"], ["reextract"], ["resolve", *LATER])),
        *(("empty", x) for x in (["resolve"], ["reextract"], ["reextract", *LATER])),
        *(("filled", x) for x in (["resolve", *LATER], ["reextract", *LATER])),
    ],
)  # fmt: skip
def test_a_job_with_nothing_to_do_says_so(
    capsys: pytest.CaptureFixture[str], ledger: Ledger, kind: str, arguments: list[str]
) -> None:
    with open_warehouse(ledger.url) as opened:
        if kind == "empty":
            opened.ensure()
    if kind == "filled":
        store(ledger, [a_report(n) for n in range(2)])
    for _ in range(2):
        assert main([*arguments, "--warehouse", ledger.url]) == 0
        assert capsys.readouterr() == ("nothing to do\n", "")


def test_a_user_s_own_files_in_the_storage_stay(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = [
        tmp_path / name
        for name in ("staging/thesis.txt", "staging/run-1/a.txt", "payloads/a.gz", "thesis.txt")
    ]
    for path in mine:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("mine")
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--warehouse", ledger.url]) == 0
    for storage in (".", str(tmp_path), f"{tmp_path}/staging"):
        for command in ("replay", "resolve", "reextract"):
            assert main([command, "--storage", storage, "--warehouse", ledger.url]) == 0
    assert [path.read_text() for path in mine] == ["mine"] * len(mine)


def test_a_run_leaves_the_files_of_another_warehouse_in_the_same_storage(tmp_path: Path) -> None:
    first, second = Ledger(tmp_path / "first"), Ledger(tmp_path / "second")
    storage = str(tmp_path / "files")
    staged = [
        write_staged(run_folder(staging_root(x.url, storage), "run-20250405T120000-0123abcd"), "intakes", [{"a": 1}])
        for x in (first, second)
    ]  # fmt: skip
    assert main(["init", "--warehouse", first.url]) == 0
    assert main(["replay", "--storage", storage, "--warehouse", first.url]) == 0
    assert [Path(file.path).exists() for file in staged] == [False, True]


def link(at: Path, to: Path) -> Path:
    at.symlink_to(to)
    return at


OTHER_NAMES: dict[str, Callable[[Path], str]] = {
    "a link": lambda f: f"duckdb:///{link(f / 'link.duckdb', f / 'ledger.duckdb')}",
    "a relative link": lambda f: f"duckdb:///{link(f / 'link.duckdb', Path('ledger.duckdb'))}",
    "a link to a link": lambda f: f"duckdb:///{link(f / 'l2', link(f / 'l1', f / 'ledger.duckdb'))}",
    "a link to its folder": lambda f: f"duckdb:///{link(f / 'folder', f)}/ledger.duckdb",
    "a path with dots": lambda f: f"duckdb:///{f}/../{f.name}/./ledger.duckdb",
    "two slashes": lambda f: f"duckdb:////{f}//ledger.duckdb",
    "a relative path": lambda _: "duckdb:///./ledger.duckdb",
    "a bare name": lambda _: "duckdb:///ledger.duckdb",
}


@pytest.mark.parametrize("exists", [True, False], ids=["of a file", "of no file yet"])
@pytest.mark.parametrize("name", OTHER_NAMES)
def test_the_lease_holds_for_every_name_of_a_warehouse(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch, name: str, exists: bool
) -> None:
    monkeypatch.chdir(ledger.folder)
    if exists:
        assert main(["init", "--warehouse", ledger.url]) == 0
    other = OTHER_NAMES[name](ledger.folder)
    for first, second in ((ledger.url, other), (other, ledger.url)):
        with hold_lease(first, "run-1"), pytest.raises(WarehouseBusy), hold_lease(second, "run-2", wait_s=0):
            pass
    with hold_lease(other, "run-3"):
        pass


@pytest.mark.parametrize("name", ["a[1]", "b*c", "k=v", "[!x]", "white space", "it's", "ночь"])
def test_jobs_run_in_a_folder_of_any_name(tmp_path: Path, name: str) -> None:
    ledger = Ledger(tmp_path / name)
    storage = tmp_path / name / "files"
    store(ledger, [a_report(n) for n in range(2)])
    before = ledger.tables()
    for arguments in (
        ["replay"],
        ["resolve"],
        ["replay", "--storage", str(storage)],
        ["resolve", "--storage", str(storage)],
    ):
        assert main([*arguments, "--warehouse", ledger.url]) == 0
    assert ledger.tables() == before
    assert (
        main(
            [
                "export",
                "incidents",
                "--out",
                str(tmp_path / name / "out*[x]?.jsonl"),
                "--warehouse",
                ledger.url,
            ]
        )
        == 0
    )
    assert (tmp_path / name / "out*[x]?.jsonl").read_text()

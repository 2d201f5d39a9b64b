"""``deploy/compose.yaml``: commands that exist, on one volume that the image's user may write to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

import click
import pytest
import yaml
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner

from pipelines.arguments import interval_s
from pipelines.cli import cli

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy/compose.yaml"
LEDGER = "/home/strikeledger/ledger"


def services(text: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(text)["services"]
    return found


def parsed(service: dict[str, Any]) -> dict[str, Any]:
    """Return the values that the command of a service would get, as click checks them.

    Raises:
        ClickException: there is no such command or option, or a value that it refuses.
    """
    name, *words = service["command"]
    context = click.Context(cli, info_name="strikeledger")
    command = cli.get_command(context, name)
    if command is None:
        raise click.UsageError(f"no command {name}")
    assert service["entrypoint"] == ["strikeledger"]
    values: dict[str, Any] = command.make_context(name, [*words], parent=context).params
    return values


def faults(text: str) -> Iterator[str]:
    """Yield what keeps the services from working together."""
    for name, service in services(text).items():
        try:
            values = parsed(service)
        except click.ClickException as error:
            yield f"{name}: {error.format_message()}"
            continue
        warehouse = PurePosixPath(service["environment"]["STRIKELEDGER_WAREHOUSE"])
        if f"ledger:{warehouse.parent}" not in service["volumes"]:
            yield f"{name}: the ledger is not on the volume"
        if "every" in values and not interval_s("--every", values["every"]):
            yield f"{name}: no interval"
        mounted = [volume.removesuffix(":ro").rpartition(":")[2] for volume in service["volumes"]]
        if "feeds" in values and values["feeds"] not in mounted:
            yield f"{name}: nothing lies at {values['feeds']}"
        for port in service.get("ports", ()):
            if port != f"127.0.0.1:{values['port']}:{values['port']}":
                yield f"{name}: publishes {port}"
            if values["host"] != "0.0.0.0":
                yield f"{name}: listens where the machine does not reach it"


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("WAREHOUSE", "FEEDS", "STORAGE"):
        monkeypatch.delenv(f"STRIKELEDGER_{name}", raising=False)
    monkeypatch.chdir(tmp_path)


def test_it_matches_the_schema_of_compose_files() -> None:
    arguments = ["--builtin-schema", "vendor.compose-spec", str(FILE)]
    assert CliRunner().invoke(check_jsonschema, arguments).exit_code == 0


def test_its_commands_are_commands_of_this_program() -> None:
    text = FILE.read_text("utf-8")
    assert list(faults(text)) == []
    assert [service["command"][0] for service in services(text).values()] == ["init", "run", "serve"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("--every, 15m", "--often, 15m", "No such option"),
        ("command: [serve,", "command: [server,", "no command server"),
        ('--port, "8000"', '--port, "many"', "not a valid integer"),
        ("--host, 0.0.0.0", "--host, 127.0.0.1", "listens where the machine does not reach it"),
        ("127.0.0.1:8000:8000", "8000:8000", "publishes 8000:8000"),
        ("--feeds, /etc/strikeledger/feeds.yaml", "--feeds, feeds.txt", "nothing lies at feeds.txt"),
        ("ledger/ledger.duckdb", "other/ledger.duckdb", "the ledger is not on the volume"),
    ],
)
def test_a_broken_file_is_found(old: str, new: str, says: str) -> None:
    text = FILE.read_text("utf-8")
    assert old in text
    assert says in " ".join(faults(text.replace(old, new)))


def test_the_list_of_feeds_and_the_image_are_there() -> None:
    run = services(FILE.read_text("utf-8"))["run"]
    default = re.findall(r"\$\{FEEDS:-([^}]+)\}", " ".join(run["volumes"]))
    assert len(default) == 1 and (FILE.parent / default[0]).is_file()
    assert (FILE.parent / run["build"]["context"] / run["build"]["dockerfile"]).samefile(
        ROOT / "deploy/Dockerfile"
    )


def test_the_user_of_the_image_owns_the_folder_of_the_volume() -> None:
    dockerfile = (ROOT / "deploy/Dockerfile").read_text("utf-8")
    assert re.search(rf"mkdir -p [^\n]*{LEDGER}\b", dockerfile)
    assert "COPY --from=account --chown=10001:10001 /home/strikeledger /home/strikeledger" in dockerfile
    assert all(service["working_dir"] == LEDGER for service in services(FILE.read_text("utf-8")).values())

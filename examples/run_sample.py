"""The script of ``make run``: serves the sample newsroom, runs the pipeline on it, and shows the ledger."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "newsroom"))

from newsroom import DEFAULT_PORT, Newsroom, serving

from pipelines.cli import main as strikeledger

DEFAULT_WAREHOUSE = "./sample.duckdb"
PORT_IN_USE = (98, 48)
"""``errno.EADDRINUSE`` of Linux and of macOS."""


def run_sample(base: str, warehouse: str, beam_flags: list[str]) -> int:
    """Run the pipeline on a newsroom and print the incidents; return the exit status."""
    url = f"duckdb:///{warehouse}"
    run = ["run", "--feeds", f"{base}/feeds.txt", "--allow-host", "127.0.0.1", "--host-delay", "0"]
    status = strikeledger([*run, "--warehouse", url, *(["--", *beam_flags] if beam_flags else [])])
    if status:
        return status
    print()
    status = strikeledger(["show", "incidents", "--warehouse", url])
    if status:
        return status
    # Commands that read take the sample by themselves, where it is the only ledger here.
    is_found = warehouse == DEFAULT_WAREHOUSE and not Path("strikeledger.duckdb").exists()
    option = "" if is_found else f" --warehouse {warehouse}"
    print(f"""
The ledger is in {warehouse}. What to try next:
  .venv/bin/strikeledger show reports{option}
  .venv/bin/strikeledger export incidents --out incidents.csv{option}
  .venv/bin/strikeledger run --feeds examples/feeds.yaml     (real feeds, with a network)""")
    return 0


def main() -> int:
    """Parse the arguments and run. If the port is in use, take a free port and a separate ledger."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", default=DEFAULT_WAREHOUSE)
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("beam_flags", nargs="*")
    args = parser.parse_args()
    room = Newsroom()
    print(
        f"{len(room.articles)} sample articles of {len(room.outlets)} outlets, served over HTTP on loopback",
        flush=True,
    )
    try:
        with serving(room, args.port) as base:
            return run_sample(base, args.warehouse, args.beam_flags)
    except OSError as error:
        if error.errno not in PORT_IN_USE:
            raise
    with serving(room, 0) as base:
        # The key of an article is its address. In the same ledger, each article would be there twice.
        port = base.rpartition(":")[2]
        warehouse = str(Path(args.warehouse).with_suffix(f".{port}.duckdb"))
        return run_sample(
            base, warehouse if warehouse.startswith(("/", ".")) else f"./{warehouse}", args.beam_flags
        )


if __name__ == "__main__":
    sys.exit(main())

"""What ``make run`` does: serve the sample newsroom, run the real pipeline against it, show the ledger."""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "newsroom"))

from newsroom import DEFAULT_PORT, Newsroom, serving

from pipelines.cli import main as strikeledger


def run_sample(base: str, warehouse: str, beam_flags: list[str]) -> int:
    """Run the pipeline against a newsroom and print the incidents; return the exit status."""
    url = f"duckdb:///{warehouse}"
    run = ["run", "--feeds", f"{base}/feeds.txt", "--allow-host", "127.0.0.1", "--host-delay", "0"]
    status = strikeledger([*run, "--warehouse", url, *(["--", *beam_flags] if beam_flags else [])])
    if status:
        return status
    print()
    status = strikeledger(["show", "incidents", "--warehouse", url])
    if status:
        return status
    print(f"""
The ledger is in {warehouse}. To go on:
  .venv/bin/strikeledger show reports --warehouse {url}
  .venv/bin/strikeledger export incidents --format csv --warehouse {url}
  .venv/bin/strikeledger run --feeds examples/feeds.yaml     (real feeds; needs a network)""")
    return 0


def main() -> int:
    """Parse the arguments and run; a busy port gives way to a free one with a ledger of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--warehouse", default="./sample.duckdb")
    parser.add_argument("--port", type=int, default=DEFAULT_PORT)
    parser.add_argument("beam_flags", nargs="*")
    args = parser.parse_args()
    room = Newsroom()
    print(
        f"{len(room.articles)} sample articles of {len(room.outlets)} outlets, over HTTP on loopback",
        flush=True,
    )
    try:
        with serving(room, args.port) as base:
            return run_sample(base, args.warehouse, args.beam_flags)
    except OSError as error:
        if error.errno not in (98, 48):
            raise
    with serving(room, 0) as base:
        # Addresses are the keys of articles, so another port is another ledger.
        port = base.rpartition(":")[2]
        warehouse = str(Path(args.warehouse).with_suffix(f".{port}.duckdb"))
        return run_sample(
            base, warehouse if warehouse.startswith(("/", ".")) else f"./{warehouse}", args.beam_flags
        )


if __name__ == "__main__":
    sys.exit(main())

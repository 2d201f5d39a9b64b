"""The processes that extract reports on one machine.

On a cluster the engine has a process for each core, and these are not used.
"""

from transforms.pages.parser_processes import PARSERS
from transforms.util.once import once
from transforms.util.sandbox import Limits, Sandbox, shared_sandbox, start_forkserver

MODEL = f"{__package__}.preload_model"
"""The module that loads the model into the server that processes are forked from."""
LIMITS = Limits(cpu_s=60, memory_bytes=3 * 1024**3, wall_s=600.0)
"""For a dozen articles, and for loading the model before the first."""


def start_early() -> None:
    """Start the server that processes are forked from, and return at once.

    It loads the parsers and the model while this process loads Beam. Where the engine spreads the articles, nobody
    calls this: the first input starts the server, with the parsers only.
    """
    start_forkserver((PARSERS, MODEL))


@once
def extraction_sandbox(processes: int) -> Sandbox:
    """Return the sandbox in which this process extracts. It has this number of worker processes.

    spaCy keeps every new word in memory, so callers close it at the end of a run.
    """
    return shared_sandbox(processes, LIMITS, (PARSERS, MODEL))

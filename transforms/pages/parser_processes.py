"""The processes that parse feeds and clean pages."""

from transforms.util.once import once
from transforms.util.sandbox import PARSING_LIMITS, Sandbox, shared_sandbox

PARSERS = f"{__package__}.preload_parsers"
"""The module that loads the parsers into the server that processes are forked from."""


@once
def parsing_sandbox() -> Sandbox:
    """Return the sandbox in which this process parses. It has one worker process for each core."""
    return shared_sandbox(None, PARSING_LIMITS, (PARSERS,))

"""Loads the parsers into the server from which worker processes are forked. Nothing else imports this module.

A new process then has the parsers at once. It also stops new processes from importing the user's main
program, which multiprocessing would do: a script that calls the pipeline without ``if __name__ ==
"__main__"`` would start itself again in each process.
"""

import contextlib
import gc
from multiprocessing import spawn

import transforms.feeds.parse  # noqa: F401  loaded for the processes that will be forked
from transforms.feeds.date_words import load_date_words
from transforms.pages.boilerplate_words import load_boilerplate_words
from transforms.pages.clean import detect_language
from transforms.pages.line_model import load_line_model

# A full disk refuses the copy that the model of languages makes of itself. The error is then raised in the
# process that needs the model: the server must continue.
with contextlib.suppress(Exception):
    load_boilerplate_words()
    load_date_words()
    load_line_model()
    detect_language("The model of languages takes half a second to load. " * 9)


def _skip_main(_: str) -> None:
    """Do nothing: the processes need no main program."""


spawn._fixup_main_from_name = _skip_main  # type: ignore[attr-defined]
spawn._fixup_main_from_path = _skip_main  # type: ignore[attr-defined]
# Without the freeze, the first garbage collection of each process would touch, and so copy, all loaded
# memory.
gc.collect()
gc.freeze()

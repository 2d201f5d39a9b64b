"""Loaded once by the server that worker processes are forked from, and nowhere else.

It loads the parsers, so that a new process has them at once, and keeps new processes from running the user's
main program again, as multiprocessing has it: a script that calls the pipeline without an
``if __name__ == "__main__"`` would start itself again in each.
"""

import gc
from multiprocessing import spawn

import transforms.feeds.parse  # noqa: F401  loaded for the processes to come
from transforms.pages.boilerplate_words import words
from transforms.pages.clean import language_of

words()
language_of("The model of languages takes half a second to load. " * 9)


def _leave_main(_: str) -> None:
    """Do nothing: the workers need no main program."""


spawn._fixup_main_from_name = _leave_main  # type: ignore[attr-defined]
spawn._fixup_main_from_path = _leave_main  # type: ignore[attr-defined]
# What is loaded stays: else each process's first collection would look at all of it, and so copy all of it.
gc.collect()
gc.freeze()

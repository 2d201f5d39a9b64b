"""Load the model into the server from which extraction processes are forked, once for all of them.

The server imports this module after ``transforms.pages.preload_parsers``.
"""

import contextlib
import gc

import transforms.nlp.reports  # noqa: F401  the whole extractor
from transforms.nlp.pipeline import build_nlp
from transforms.util.signature import text_signature

# The run may use another model, and this one may not be installed. The error is then raised in the process
# that uses the model, and only that process fails: the server must continue.
with contextlib.suppress(Exception):
    build_nlp("en", None)
text_signature("Its library is loaded with the first text that is long enough to have a signature. " * 2)
gc.collect()
gc.freeze()

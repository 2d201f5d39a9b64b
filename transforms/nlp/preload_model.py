"""Loaded after ``transforms.pages.preload_parsers`` where processes are to read articles: the model, once for all of them."""

import contextlib
import gc

import transforms.nlp.reports  # noqa: F401  all that reads an article
from transforms.nlp.pipeline import build_nlp
from transforms.util.signature import text_signature

# Another model may be wanted, and this one not be installed: what is amiss is told where it is used, by a process
# that fails alone. The server must live.
with contextlib.suppress(Exception):
    build_nlp("en", None)
text_signature("Its library is loaded with the first text that is long enough to have a signature. " * 2)
gc.collect()
gc.freeze()

"""The spaCy pipeline: the model's tagger and parser, and our own components around them."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import cast

import spacy
from spacy.language import Language
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc
from thinc.api import Model, NumpyOps
from threadpoolctl import threadpool_limits

from transforms.nlp.components import BEFORE_MODEL, COMPONENTS
from transforms.nlp.drafts import Publication
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack, load_pack

EXTRACTOR = "rules-2"
_BATCH = 32
_READ = frozenset({"TAG", "DEP"})
"""What our components read of the model's attributes."""
_JUNK = re.compile(r"\S{300,}")


@cache
def choose_model(name: str | None = None, language: str = "en") -> str:
    """Return the model to load: the one named, else the first installed of those the language's pack
    names, else the last of them."""
    if name:
        return name
    known = load_pack(language).models
    installed = set(spacy.util.get_installed_models())
    return next((m for m in known if m in installed), known[-1])


@cache
def build_nlp(language: str, model: str | None) -> Language:
    """Return the pipeline of a language, built once a process. Named entities are left out: the
    model's recogniser labels barely half the towns of war zones, and costs half the time."""
    nlp = spacy.load(choose_model(model, language), exclude=["ner", "lemmatizer"])
    _keep_used_rules(nlp)
    _multiply_by_numpy(nlp)
    config = {"language": language}
    for number, component in enumerate(BEFORE_MODEL):
        nlp.add_pipe(component, before=nlp.pipe_names[number], config=config)
    for component in COMPONENTS:
        nlp.add_pipe(component, last=True, config=config)
    return nlp


def _keep_used_rules(nlp: Language) -> None:
    """Leave the model's own rules of attributes only where they change what ours read. Of 179, nearly all
    tell parts of speech and morphology from tags, for a fifth of all time."""
    if "attribute_ruler" in nlp.pipe_names:
        ruler = cast(AttributeRuler, nlp.get_pipe("attribute_ruler"))
        used = [rule for rule in ruler.patterns if not _READ.isdisjoint(cast(Iterable[str], rule["attrs"]))]
        ruler.clear()
        ruler.add_patterns(used)


def _multiply_by_numpy(nlp: Language) -> None:
    """Let numpy's BLAS multiply the model's matrices, and not BLIS, which spaCy takes by default: its kernels
    are three times slower here (40 against 120 GFLOPS), and half of all time went there. One thread: workers
    share the cores by articles, and with two an article took 51 ms of CPU for 34, and 31 of wall time.

    Other operations than spaCy's default for the CPU stay what they are (a GPU, Apple's library).
    """
    threadpool_limits(1, user_api="blas")
    numpy_products = NumpyOps(use_blis=False)
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        for layer in model.walk() if isinstance(model, Model) else ():
            if type(layer.ops) is NumpyOps:
                layer.ops = numpy_products


def extractor_version(model: str | None = None, language: str = "en") -> str:
    """Return extractor, model and the model's version: results differ by model."""
    return f"{EXTRACTOR}+{_with_version(choose_model(model, language))}"


@cache
def _with_version(name: str) -> str:
    """Return the model with its version: reading it parses a file, too much for each report."""
    try:
        return f"{name}-{version(name)}"
    except PackageNotFoundError:
        return name


def _blot(match: re.Match[str]) -> str:
    """Replace a run without blanks by letters, as many: spaCy's tokenizer is quadratic in brackets."""
    return "x" * len(match.group(0))


def read_documents(
    texts: Iterable[tuple[str, str, Publication]],
    language: str = "en",
    model: str | None = None,
    is_ruled_out: Callable[[Findings, LanguagePack], bool] | None = None,
) -> Iterator[Doc]:
    """Yield the analysed documents of (headline, text, publication) triples, in order.

    Args:
        texts: what to read.
        language: of all of them.
        model: which model, if not the first known one.
        is_ruled_out: says of blocks and terms whether the model need not read on; such a document holds
            nothing else, and no drafts.
    """
    nlp = build_nlp(language, model)
    first = [nlp.get_pipe(name) for name in BEFORE_MODEL]

    waiting: deque[tuple[Doc, bool]] = deque()

    def wanted() -> Iterator[Doc]:
        for headline, text, published in texts:
            doc = nlp.make_doc(_JUNK.sub(_blot, f"{headline}\n\n{text}"))
            doc._.title_end, doc._.published = len(headline), published
            for component in first:
                doc = component(doc)
            is_out = is_ruled_out is not None and is_ruled_out(doc._.findings, load_pack(language))
            waiting.append((doc, is_out))
            if not is_out:
                yield doc

    for read in nlp.pipe(wanted(), batch_size=_BATCH, disable=BEFORE_MODEL):
        while waiting[0][1]:
            yield waiting.popleft()[0]
        waiting.popleft()
        yield read
    yield from (doc for doc, _ in waiting)

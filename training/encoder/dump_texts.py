"""Write the articles with their candidates: ``python -m training.encoder.dump_texts OUT [FOLDER ...]``.

It runs in the project's own environment, because it needs the language model. Without folders it writes the
articles to train with; with folders of the corpus, theirs.
"""

import json
import sys
from pathlib import Path
from typing import Any

from training.analysed import Analysed, analyse_all
from training.corpus import read_all, read_folder, real_folder
from training.encoder.links import links_of
from transforms.nlp.gazetteer import Gazetteer
from transforms.nlp.language import LanguagePack, load_pack
from transforms.nlp.open_gazetteer import open_gazetteer


def row_of(article: Analysed, gazetteer: Gazetteer, pack: LanguagePack) -> dict[str, Any]:
    """Return the row of an article: its text, and its candidates with their labels."""
    return {
        "folder": article.article.folder,
        "article": article.article.id,
        "fold": article.fold,
        "text": article.context.findings.text,
        "title_end": article.context.findings.title_end,
        "strikes": len(article.article.golds),
        "candidates": [
            {
                "spans": [(m.start, m.end) for m in candidate.mentions],
                "label": label,
                "mention_labels": list(mention_labels),
            }
            for candidate, label, mention_labels in zip(
                article.candidates, article.labels, article.mention_labels, strict=True
            )
        ],
        **links_of(article, gazetteer, pack),
    }


def main(arguments: list[str]) -> None:
    """Write the rows of all articles."""
    out, *folders = (Path(a) for a in arguments)
    articles = [a for f in folders for a in read_folder(f)] or list(read_all(real=real_folder()))
    gazetteer, pack = open_gazetteer(), load_pack("en")
    with out.open("w", encoding="utf-8") as lines:
        for article in analyse_all(articles, gazetteer):
            lines.write(json.dumps(row_of(article, gazetteer, pack)) + "\n")
    print(f"{len(articles)} articles")


if __name__ == "__main__":
    main(sys.argv[1:])

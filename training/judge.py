"""Print what the model says of articles: ``python -m training.judge WEIGHTS < ARTICLES``.

Input: article lines, as ``strikeledger extract`` takes them. For each place: the probability that it was
struck, the verdict, and the features that moved the linear part most.
"""

import sys
from pathlib import Path

from pipelines.extract_files import article_of_line
from transforms.nlp.learned.context import Context
from transforms.nlp.learned.model import read_model
from transforms.nlp.learned.struck import judge_places
from transforms.nlp.learned.weight_files import load_weights
from transforms.nlp.open_gazetteer import open_gazetteer
from transforms.nlp.reports import read_candidates


def main(arguments: list[str]) -> None:
    """Judge the articles of standard input."""
    model, gazetteer = load_weights(Path(arguments[0]), read_model), open_gazetteer()
    articles = [article_of_line(line) for line in sys.stdin if line.strip()]
    for article, doc in zip(articles, read_candidates(articles, "en"), strict=True):
        context = Context(doc, doc._.findings, doc._.published.instant)
        print(f"{article.article_url}  {article.title}")
        for verdict in judge_places(context, gazetteer, model):
            reasons = ", ".join(f"{name} {weight:+.2f}" for name, weight in verdict.reasons)
            struck = "struck" if verdict.is_struck else "-"
            place = f"{verdict.place.name}, {verdict.place.country}"
            print(f"  {verdict.probability:.2f} {struck:6} {place}: {reasons}")


if __name__ == "__main__":
    main(sys.argv[1:])

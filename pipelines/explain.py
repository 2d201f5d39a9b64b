"""``explain``: why an article, a report or an incident is as it is."""

from rich.console import Console

from pipelines.explain_article import explain_article
from pipelines.explain_incident import explain_incident
from pipelines.explain_report import explain_report
from pipelines.find_ids import find_incident, find_report
from transforms.warehouse import Warehouse


def explain(warehouse: Warehouse, what: str, console: Console) -> None:
    """Print the explanation.

    Args:
        warehouse: the tables.
        what: the id of a report or an incident, or as much of it as no other has; or the URL of an article.
        console: where to print.

    Raises:
        NotFound: no id begins so, or several do.
        NothingToExplain: nothing of that name is stored.
    """
    if what.startswith("i-"):
        explain_incident(warehouse, find_incident(warehouse, what), console)
    elif "://" in what:
        explain_article(warehouse, what, console)
    else:
        explain_report(warehouse, find_report(warehouse, what), console)

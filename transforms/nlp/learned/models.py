"""All learned models that decide on an article together, and those that belong to the project."""

from dataclasses import dataclass
from functools import cache

from transforms.nlp.learned.count_model import CountModel, read_count_model
from transforms.nlp.learned.model import StruckModel, read_model
from transforms.nlp.learned.pair_model import PairModel, read_pair_model
from transforms.nlp.learned.weight_files import packaged_model


@dataclass(frozen=True, slots=True)
class Models:
    """A model for each decision.

    ``places``: was this place struck? ``twins``: do two of its mentions tell of two strikes? ``dates``, ``counts``,
    ``weapons``, ``actors``, ``targets``, ``spots``, ``times``: which of them belongs to the strike? ``main``: is the
    article about it?
    """

    places: StruckModel
    twins: PairModel
    dates: PairModel
    counts: CountModel
    weapons: PairModel
    actors: PairModel
    targets: PairModel
    main: PairModel
    spots: PairModel
    times: PairModel


@cache
def packaged_models() -> Models:
    """Return the models that belong to the project. A process reads them once.

    Raises:
        WeightsInvalid: a file of weights is missing or spoilt.
    """
    return Models(
        places=packaged_model("places", read_model),
        twins=packaged_model("twins", read_pair_model),
        dates=packaged_model("dates", read_pair_model),
        counts=packaged_model("counts", read_count_model),
        weapons=packaged_model("weapons", read_pair_model),
        actors=packaged_model("actors", read_pair_model),
        targets=packaged_model("targets", read_pair_model),
        main=packaged_model("main", read_pair_model),
        spots=packaged_model("spots", read_pair_model),
        times=packaged_model("times", read_pair_model),
    )

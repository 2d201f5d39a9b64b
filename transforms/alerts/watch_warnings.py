"""What is strange in a file of watches, though it can be used."""

import difflib
from collections.abc import Iterable, Iterator, Mapping

from schemas.identity import fold_name
from transforms.alerts.watches import Watch


def actor_warnings(watches: Iterable[Watch], usual_names: Mapping[str, str]) -> Iterator[str]:
    """Yield a line for each actor of a watch that the extractor never names.

    A person may still set such a name by a correction, so it is no error.

    Args:
        watches: the watches.
        usual_names: the usual name of each party by the folded words for it, itself included.
    """
    names = {fold_name(name): name for name in usual_names.values()}
    for watch in watches:
        for actor in watch.conditions.actors:
            if actor not in names:
                yield f"watch {watch.name!r}, key 'actor': {_warning(actor, usual_names, names)}"


def _warning(actor: str, usual_names: Mapping[str, str], names: Mapping[str, str]) -> str:
    meant = usual_names.get(actor) or next(
        (names[close] for close in difflib.get_close_matches(actor, names, n=1, cutoff=0.8)), None
    )
    hint = f"; {meant!r} is the name that reports have" if meant else ""
    return f"no report names the attacker {actor!r}{hint}; only a person's correction can"

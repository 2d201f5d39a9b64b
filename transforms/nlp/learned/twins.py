"""Which scenes at one place tell of the same strike, by the learned model of pairs of scenes."""

from collections.abc import Mapping

from transforms.nlp.learned.twin_features import Key


def grouped(scenes: int, odds: Mapping[Key, float], least: float) -> list[list[int]]:
    """Return the scenes of each strike by their numbers, the strikes in the order of their first scenes.

    A scene joins the strike that it differs from least, unless it differs from each.

    Args:
        scenes: how many there are.
        odds: log-odds that two scenes tell of different strikes.
        least: from which mean log-odds a scene tells of another strike.
    """
    groups: list[list[int]] = []
    for scene in range(scenes):
        apart = [sum(odds[other, scene] for other in group) / len(group) for group in groups]
        nearest = min(range(len(groups)), key=lambda n: apart[n], default=None)
        if nearest is None or apart[nearest] >= least:
            groups.append([scene])
        else:
            groups[nearest].append(scene)
    return groups

"""The gazetteer of this process, built where it is missing."""

from functools import cache

from transforms.nlp.gazetteer import GAZETTEER_VERSION, Gazetteer, gazetteer_path


@cache
def open_gazetteer() -> Gazetteer:
    """Return this process's gazetteer, building it on first use where it is missing or outdated."""
    path = gazetteer_path()
    if not path.exists() or Gazetteer(path).version() != str(GAZETTEER_VERSION):
        from transforms.nlp.build_gazetteer import build

        build(path)
    return Gazetteer(path)

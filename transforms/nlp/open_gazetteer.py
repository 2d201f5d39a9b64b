"""Opens the gazetteer of this process, and builds its file where it is missing.

Apart from ``transforms.nlp.gazetteer``, which the build itself imports.
"""

from transforms.nlp.build_gazetteer import build
from transforms.nlp.gazetteer import GAZETTEER_VERSION, Gazetteer, gazetteer_path
from transforms.util.once import once


@once
def open_gazetteer() -> Gazetteer:
    """Return the gazetteer of this process.

    Builds the file (half a minute) where it is missing or outdated.
    """
    path = gazetteer_path()
    if not path.exists() or Gazetteer(path).version() != str(GAZETTEER_VERSION):
        build(path)
    return Gazetteer(path)

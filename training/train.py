"""Write the weights: ``python -m training.train ROWS WEIGHTS``.

The thresholds are chosen on probabilities by weights that did not see the articles; the weights that are
written have seen all.
"""

import sys
from pathlib import Path

from training.evaluate import out_of_fold
from training.export import write_weights
from training.fit import fit_weights, read_rows
from training.thresholds import choose_thresholds


def main(arguments: list[str]) -> None:
    """Fit the weights on all rows and write them."""
    rows = read_rows(Path(arguments[0]))
    thresholds = choose_thresholds(rows, out_of_fold(rows))
    write_weights(fit_weights(rows, thresholds), Path(arguments[1]))
    print(f"{len(rows)} candidates, thresholds {thresholds}")


if __name__ == "__main__":
    main(sys.argv[1:])

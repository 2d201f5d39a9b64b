"""The mean of two trained encoders: ``python -m training.encoder.mean_weights ONE OTHER SHARE OUT``.

Both began with the same pretrained weights, so their mean is an encoder too. ``training/HISTORY.md`` has the
figures of each and of the mean. SHARE is that of OTHER, between 0 and 1.
"""

import sys
from pathlib import Path

import torch  # type: ignore[import-not-found,unused-ignore]


def main(arguments: list[str]) -> None:
    """Write the mean of the weights of two encoders."""
    one, other, out = (Path(arguments[n]) for n in (0, 1, 3))
    share = float(arguments[2])
    if not 0 <= share <= 1:
        raise SystemExit(f"the share must be between 0 and 1, not {share}")
    first, second = (torch.load(path, weights_only=True) for path in (one, other))
    if first.keys() != second.keys():
        raise SystemExit(f"{one} and {other} have other parts")
    torch.save({name: (1 - share) * first[name] + share * second[name] for name in first}, out)


if __name__ == "__main__":
    main(sys.argv[1:])

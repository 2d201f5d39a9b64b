"""Training of the learned decisions. It needs its own environment; what it writes needs numpy only."""

REAL = "real-train"
"""The name of the folder of real articles. It is used where it is there; its texts are not in the project."""
REAL_OLD = "train-muc4"
"""The folder of real reports of 1987 to 1991 on Latin America, which is in the project."""

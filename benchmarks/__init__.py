"""Benchmarks: what the pipeline costs, compared with other ways to do the same work.

They use the sample newsroom and the helpers of the tests. These are modules outside of packages, so their
folders are added to the import path here.
"""

import sys
from pathlib import Path

_ROOT = Path(__file__).parent.parent
sys.path.extend(str(_ROOT / folder) for folder in ("examples/newsroom", "tests/support", "tests"))

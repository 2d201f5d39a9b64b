"""A DoFn that holds a fetcher: one session and one event loop for its life on a worker."""

import apache_beam as beam

from transforms.http import FetchPolicy, HttpFetcher


class FetchingDoFn(beam.DoFn):
    """Opens a fetcher in ``setup`` and closes it in ``teardown``; the constructor only keeps values."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        self._opened: HttpFetcher | None = None

    def setup(self) -> None:
        """Open this worker's fetcher."""
        self._opened = HttpFetcher(self._policy)

    def fetcher(self) -> HttpFetcher:
        """Return the fetcher. A method, for Beam reads every property of a DoFn while it builds the graph."""
        assert self._opened is not None, "setup() comes first"
        return self._opened

    def teardown(self) -> None:
        """Close connections."""
        if self._opened is not None:
            self._opened.close()
            self._opened = None

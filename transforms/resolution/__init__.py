"""Which reports tell of one strike: places, scores, the assignment in order of publication, and the
fields of the incident that comes of it. All of it is plain Python over sets of reports."""

RESOLVER = "resolver-2"
"""Version of the rules. Links of another version are not settled: the next run derives everything anew."""

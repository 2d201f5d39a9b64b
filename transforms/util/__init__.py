"""What several parts of the pipeline need: errors, counters, dead letters, text, URLs, worker processes."""

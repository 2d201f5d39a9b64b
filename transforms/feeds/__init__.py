"""Feeds: polling, parsing, scheduling, and which of their entries are known."""

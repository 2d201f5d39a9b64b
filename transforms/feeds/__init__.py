"""Feeds: polling and parsing them, planning the next poll, and finding which of their entries are known."""

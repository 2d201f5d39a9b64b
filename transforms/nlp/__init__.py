"""Extraction of reports from the text of articles. Only this package imports spaCy."""

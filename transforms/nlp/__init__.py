"""Telling strikes from text: the only package that imports spaCy."""

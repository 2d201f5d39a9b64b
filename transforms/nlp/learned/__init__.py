"""Decisions that a model learned from annotated articles. The run time needs numpy only."""

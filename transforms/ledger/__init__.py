"""All SQL of our own tables."""

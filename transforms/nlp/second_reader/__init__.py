"""A second reader: a language model behind an HTTP endpoint reads articles too, where a user has one.

Its answers are not believed. A field is kept only where its sentence stands in the article and holds the value.
"""

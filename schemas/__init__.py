"""Records, closed lists, identities and table schemas.

This package imports neither Beam nor a warehouse client.
"""

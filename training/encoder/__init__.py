"""Training of the encoder of struck places. It needs an environment of its own, with torch."""

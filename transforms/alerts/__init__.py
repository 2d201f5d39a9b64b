"""Watches and alerts: which incidents a user wants to hear of, and what each channel was told. No Beam."""

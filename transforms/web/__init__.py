"""The network: one polite, bounded, guarded HTTP client. It knows no Beam."""

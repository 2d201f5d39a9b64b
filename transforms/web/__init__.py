"""Everything that talks to the network: one polite HTTP client with limits and an address guard. No Beam."""

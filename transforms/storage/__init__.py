"""Files where every worker can see them."""

"""The dashboard: one page that holds its data, its map and its libraries, and needs no network."""

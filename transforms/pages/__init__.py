"""Pages: fetching them, and cleaning them to text."""

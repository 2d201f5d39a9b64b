"""Pages: fetching them, and cleaning them to the text of an article."""

"""Logic as plain functions, and the Beam transforms that wire them."""

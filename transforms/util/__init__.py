"""What more than one part needs."""

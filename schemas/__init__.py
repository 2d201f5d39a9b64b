"""Records, vocabularies, identities and table schemas. Imports no Beam and no warehouse client."""

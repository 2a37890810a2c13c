"""How the text argues."""

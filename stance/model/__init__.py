"""The transparent classifier."""

"""What coders decide."""

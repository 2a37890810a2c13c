"""Texts in, paragraphs out."""

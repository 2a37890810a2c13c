"""Batches of texts scanned in numpy: the definitions of `stance.corpus`, faster."""

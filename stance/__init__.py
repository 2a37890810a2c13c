"""Argument and stance analysis for policy texts in English and Chinese.

The folders are the steps of the work: ``corpus`` (texts in, paragraphs out), ``coding``
(what coders decide), ``model`` (the transparent classifier), ``measure`` (numbers with
their uncertainty), ``show`` (results out), ``cli`` (the command line).
"""

from stance.errors import StanceError, StanceWarning

__version__ = "0.1.0"
__all__ = ["StanceError", "StanceWarning", "__version__"]

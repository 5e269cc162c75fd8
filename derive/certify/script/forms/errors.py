"""Why there is no proof script."""

from __future__ import annotations


class NoProof(ValueError):
    """No proof script was found; the message tells where it ended."""


class Rescaled(Exception):
    """An exponential with a smaller fraction in its exponent was met: everything has to be done again with it."""

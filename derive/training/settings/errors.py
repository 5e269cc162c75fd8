"""What ends a training run with one line for its user."""

from __future__ import annotations


class TrainError(Exception):
    """Something that the user can mend; the message is one line that says what was expected and what was found."""


class DataError(TrainError):
    """Data that cannot be trained with."""


class SaveError(TrainError):
    """A model that cannot be written or read; whatever the file held before is still there."""

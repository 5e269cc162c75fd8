"""What is worked out item by item from a tuple that grows, such as the definitions and the assumptions of a document."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

T = TypeVar("T")
KEPT = 12


class Growing(Generic[T]):
    """A fold over a tuple that goes on from its value for a tuple of which this one is a continuation.

    Only the values for the last few tuples are kept. `extend` is given a value, the items that are new, and what the call
    was given besides; it leaves the old value as it is.

    >>> total = Growing(0, lambda before, new: before + sum(new))
    >>> total((1, 2)), total((1, 2, 3)), total((4,))
    (3, 6, 4)
    """

    def __init__(self, start: T, extend: Callable[..., T]) -> None:
        self._start, self._extend = start, extend
        self._recent: list[tuple[tuple[Any, ...], tuple[Hashable, ...], T]] = []

    def __call__(self, items: tuple[Any, ...], *given: Hashable) -> T:
        """The fold over `items`."""
        recent = self._recent
        for place, (known, also, value) in enumerate(recent):
            if known is items and also == given:
                if place:
                    self._recent = [recent[place], *recent[:place], *recent[place + 1 :]]
                return value
        before, best = 0, self._start
        for known, also, value in recent:
            if (
                before < len(known) <= len(items)
                and items[len(known) - 1] is known[-1]
                and also == given
                and items[: len(known)] == known
            ):
                before, best = len(known), value
        value = best if before == len(items) else self._extend(best, items[before:], *given)
        self._recent = [(items, given, value), *recent[: KEPT - 1]]
        return value

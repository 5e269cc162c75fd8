"""Which cases of a long table are run by those who want an answer within minutes; the rest run with ``-m ""``."""

from collections.abc import Iterable

import pytest


def slow_but(names: Iterable[str], *quick: str) -> list[object]:
    """The names as cases of which all but the `quick` ones are marked slow; a name that is none of them is a mistake.

    >>> slow_but(["a"], "b")
    Traceback (most recent call last):
    ValueError: no such case: b
    """
    names = list(names)
    if unknown := set(quick) - set(names):
        raise ValueError(f"no such case: {', '.join(sorted(unknown))}")
    return [name if name in quick else pytest.param(name, marks=pytest.mark.slow) for name in names]


def every(count: int, cases: Iterable[object]) -> list[object]:
    """The cases, of which all but each `count`-th are marked slow."""
    values = [case if isinstance(case, tuple) else (case,) for case in cases]
    return [pytest.param(*each, marks=[pytest.mark.slow] if at % count else []) for at, each in enumerate(values)]

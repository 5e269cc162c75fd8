"""Concrete numbers at which a claim fails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Witness:
    """Concrete sizes, indices and numbers at which the two sides differ, with the value of each side.

    `size` is the value of the main size, whose name is `main`; `values` maps names (``i``, ``z_1``, ``w_{1,2}``) to
    integers or to exact numbers in print.
    """

    size: int | None
    values: tuple[tuple[str, str | int], ...]
    left: str
    right: str
    main: str = "n"

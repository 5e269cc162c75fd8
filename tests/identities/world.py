"""Where formulas have values: the values of names, lengths and indices, with NumPy's arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from tests.identities.notation import Node

Value = NDArray[np.complex128]


class Misfit(ValueError):
    """Shapes that do not fit, or a part that has no value."""


@dataclass(frozen=True)
class World:
    """Values of names, lengths and indices; `lets` are names with what they are defined as."""

    values: Mapping[str, Value]
    sizes: Mapping[str, int]
    lets: Mapping[str, Node] = field(default_factory=dict)
    indices: Mapping[str, int] = field(default_factory=dict)
    directions: Mapping[str, Value] = field(default_factory=dict)
    layout: str = "usual"
    inner: bool = False

    def moved(self, name: str, value: Value) -> World:
        return replace(self, values={**self.values, name: value})

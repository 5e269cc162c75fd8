"""Concrete stand-ins for unknown functions, so that an identity valid for all functions holds and others fail.

The stand-in for a function of p arguments is

    f(x) = c0 + c1 u + c2 sin(u + φ) + c3 exp(v/3),     u = Σ w_p x_p,  v = Σ w'_p x_p

with coefficients that depend on its name only. It is smooth, satisfies no simple differential equation,
and its derivatives of every order are written down below, not computed by differentiation.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from flint import fmpq

from derive.balls.duals import ZERO, Value, integer_power
from derive.balls.elementary import cos, exp, sin


@dataclass(frozen=True)
class Generic:
    """The coefficients of a stand-in."""

    constant: fmpq
    linear: fmpq
    wave: fmpq
    phase: fmpq
    growth: fmpq
    first: tuple[fmpq, ...]
    second: tuple[fmpq, ...]

    def value(self, arguments: Sequence[Value], orders: Sequence[int]) -> Value:
        """The derivative of the given `orders` at `arguments` (all orders 0: the value itself).

        With K = Σ orders: ``Π w_p^{k_p} (c1 [K≤1] + c2 sin^(K)(u + φ)) + c3 Π (w'_p/3)^{k_p} exp(v/3)``.
        """
        total = sum(orders)
        u = sum((w * x for w, x in zip(self.first, arguments, strict=True)), ZERO)
        v = sum((w * x for w, x in zip(self.second, arguments, strict=True)), ZERO)
        inner, outer = fmpq(1), fmpq(1)
        for w, w2, order in zip(self.first, self.second, orders, strict=True):
            inner *= integer_power(w, order)
            outer *= integer_power(w2 / 3, order)
        angle = u + self.phase
        wave = (sin, cos, sin, cos)[total % 4](angle) * (self.wave * (1 if total % 4 < 2 else -1))
        polynomial = self.constant + self.linear * u if total == 0 else self.linear if total == 1 else ZERO
        return (wave + polynomial) * inner + exp(v * fmpq(1, 3)) * (self.growth * outer)

    def formula(self, name: str) -> str:
        """The stand-in in print, for a witness."""
        names = ["x"] if len(self.first) == 1 else [f"x_{p + 1}" for p in range(len(self.first))]

        def combination(weights: tuple[fmpq, ...]) -> str:
            return " + ".join(x if w == 1 else f"{w} {x}" for w, x in zip(weights, names, strict=True))

        u, v = combination(self.first), combination(self.second)
        return (
            f"{name}({', '.join(names)}) = {self.constant} + {self.linear} ({u})"
            f" + {self.wave} sin({u} + {self.phase}) + {self.growth} exp(({v})/3)"
        )


@lru_cache(maxsize=256)
def generic(name: str, arity: int) -> Generic:
    """The stand-in for the unknown function `name` of `arity` arguments, the same in every process."""
    digest = hashlib.blake2b(f"{name}/{arity}".encode(), digest_size=64).digest()
    draw = iter(digest)

    def pick(low: int, spread: int, bottom: int) -> fmpq:
        return fmpq(low + next(draw) % spread, bottom)

    coefficients = (pick(5, 6, 2), pick(2, 5, 5), pick(2, 4, 4), pick(1, 5, 6), pick(2, 4, 3))
    if arity == 1:
        return Generic(*coefficients, (fmpq(1),), (fmpq(1),))
    first = tuple(fmpq(2 + digest[(7 * p + 11) % 64] % 5, 3 + p % 4) for p in range(arity))
    second = tuple(fmpq(1 + digest[(5 * p + 29) % 64] % 7, 2 + p % 3) for p in range(arity))
    return Generic(*coefficients, first, second)

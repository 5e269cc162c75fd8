r"""The errors of generated functions in units in the last place of what their inputs allow.

The truth is the term of the function, unfolded, in ball arithmetic at the exact inputs, of 320 bits, of more where those do
not settle a hundred. What a rounding of the inputs alone changes is no fault of a function, so that errors are measured in
ULP of

.. math:: C = \max\Bigl(|f|, \sum_x S_x\Bigr), \quad S_x = \min_c \sum_k \Bigl|\frac{\partial f}{\partial x_k}\Bigr| |x_k - c|

for the inputs x, with c other than 0 only of a vector x, where f does not change if all x_k do by the same amount; of a product
with a direction v it is v alone that counts, with c its entry at the place of the result, and scalars: a number that exponents
are divided by. Where that is too little and c is 0, ∂f/∂x_k is the quotient of the changes if x_k changes by a unit in its last
place: an exponential of a product of large numbers is far from linear there.
"""

from dataclasses import replace
from fractions import Fraction
from itertools import product

import numpy as np
from flint import arb, ctx

from derive.balls import evaluation as balls
from derive.balls.evaluation import Point
from derive.code.arrays.program import BATCH

BITS, STEP = 320, Fraction(1, 2**140)
PRECISIONS = (BITS, 4 * BITS, 16 * BITS)
LOWEST = Fraction(-(10**8))
INFINITE = 10**6
PRODUCTS = ("jvp", "vjp", "hvp")


class Exact:
    """One function at one example; `arrays` are its arguments by their names in the program."""

    def __init__(self, function, arrays):
        self.signature, self.values, self.conditions = function.signature, {}, {}
        spelled = {wanted: name for name, wanted in function.spelling.items()}
        self.sizes, self.scalars, self.members, self.indices = {}, {}, {}, {}
        for node in function.program.inputs:
            own = [axis for axis in node.axes if axis.size != BATCH]
            values = np.asarray(arrays[node.name])
            self.sizes |= {axis.size: length for axis, length in zip(own, values.shape, strict=True) if not axis.size.isdigit()}
            if node.kind == "index":
                self.indices[self.signature.labels.point] = int(values) + 1
                self.sizes.setdefault(node.below, 0)
            elif not own:
                self.scalars[spelled[node.name]] = _fraction(values)
            else:
                name = spelled[node.name]
                self.members |= {
                    (name, tuple(p + 1 for p in place)): _fraction(values[place]) for place in np.ndindex(values.shape)
                }
        for _, span in self.signature.context.ranges:
            self.sizes |= {symbol.name: 2 for symbol in span.high.free_symbols if not self.sizes.get(symbol.name)}
        names = self.signature.independent
        definitions = tuple(d for d in self.signature.context.definitions if str(getattr(d.head, "base", d.head)) not in names)
        self.context = replace(self.signature.context, definitions=definitions)

    def known(self, wanted, place):
        """The entry of a result at a place, counted from 0; None where it has none."""
        if (wanted.name, place) not in self.values:
            try:
                self.values[wanted.name, place] = self.value(wanted, place)
            except (balls.Undefined, balls.Undecided):
                self.values[wanted.name, place] = None
        return self.values[wanted.name, place]

    def condition(self, wanted, place, unit=None):
        """C of an entry, as a ball's middle; with a `unit` of what changes of the inputs by that part of them change."""
        if (wanted.name, place, unit) not in self.conditions:
            self.conditions[wanted.name, place, unit] = self._condition(wanted, place, self.known(wanted, place), unit)
        return self.conditions[wanted.name, place, unit]

    def value(self, wanted, place, changed=None):
        """The same where the inputs in `changed` have other values."""
        here = dict(zip(wanted.letters, (p + 1 for p in place), strict=True))
        changed = changed or {}
        members = self.members | {key: v for key, v in changed.items() if isinstance(key, tuple)}
        scalars = self.scalars | {key: v for key, v in changed.items() if isinstance(key, str)}
        point = Point(self.sizes, {**self.indices, **here}, scalars, members, lambda name, positions: Fraction(1))
        for bits in PRECISIONS:
            value = balls.evaluate(wanted.term, point, self.context, bits)
            if value.rad() <= max(abs(value.mid()) * arb(2) ** -100, arb(2) ** -1200):
                break
        return value

    def _condition(self, wanted, place, value, unit):
        groups = {}
        for key in (*self.members, *self.scalars):
            groups.setdefault(key[0] if isinstance(key, tuple) else key, []).append(key)
        product_with = self._direction(groups) if self.signature.kind in PRODUCTS else None
        total = arb(0)
        for name, keys in groups.items():
            if product_with is not None and name not in (product_with, *self.scalars):
                continue
            given = {key: (self.members | self.scalars)[key] for key in keys}
            slopes = self._slopes(wanted, place, value, dict.fromkeys(given, STEP))
            whole = sum(slopes.values(), start=arb(0))
            size = sum((abs(s) for s in slopes.values()), start=arb(0))
            centres = [Fraction(0)]
            if len(keys) > 1 and all(len(key[1]) == 1 for key in keys) and abs(whole.mid()) <= 1e-25 * size.mid():
                here = (name, tuple(p + 1 for p in place))
                centres = [given[here]] if product_with and here in given else [given[key] for key in slopes] or centres
            elif unit is not None:
                slopes = self._slopes(wanted, place, value, {key: abs(x) * unit or STEP for key, x in given.items()})
            sums = [
                sum((abs(slope.mid()) * _arb(abs(given[key] - c)) for key, slope in slopes.items()), start=arb(0))
                for c in centres
            ]
            total += min((s.mid() for s in sums), default=arb(0))
        return max(abs(value.mid()), total)

    def _slopes(self, wanted, place, value, steps):
        """The change of an entry by each step of an input, over the step."""
        inputs = self.members | self.scalars
        moved = {key: inputs[key] + step for key, step in steps.items() if inputs[key] != LOWEST}
        return {key: (self.value(wanted, place, {key: x}) - value) / _arb(steps[key]) for key, x in moved.items()}

    def _direction(self, groups):
        known = {str(base) for base in ("v", "u", "h", "r", "vector")}
        context_of = {name for name, _ in self.signature.context.shapes}
        return next((name for name in groups if name in known & context_of), None)


def _fraction(x):
    x = float(x)
    return LOWEST if x == -np.inf else Fraction(x)


def _arb(x):
    return arb(x.numerator) / arb(x.denominator)


def worst(exact, results, dtype):
    r"""The largest error of the results (by name) in ULP of C, or of \|f\| where that is below 2, how many are NaN or infinite
    in vain, and where."""
    largest, bad, where = 0.0, 0, None
    info = np.finfo(dtype)
    with ctx.workprec(BITS):
        least = arb(2) ** int(info.minexp - info.nmant)
        for wanted in exact.signature.results:
            got = np.asarray(results[wanted.name])
            for place in product(*(range(n) for n in got.shape)):
                true = exact.known(wanted, place)
                if true is None:
                    continue
                entry = float(got[place])
                if abs(true.mid()) >= min(float(info.max), INFINITE if LOWEST in exact.members.values() else np.inf):
                    continue
                if not np.isfinite(entry):
                    bad, where = bad + 1, where or (wanted.name, place, entry, float(true.mid()))
                    continue
                away = abs(arb(entry) - true)
                if away.mid() <= 8 * least:
                    continue
                unit = arb(2) ** -int(info.nmant)
                error = float((away / max(abs(true.mid()) * unit, least)).mid())
                if error > 2:
                    error = float((away / max(exact.condition(wanted, place) * unit, least)).mid())
                if error > 8:
                    condition = exact.condition(wanted, place, Fraction(1, 2**info.nmant))
                    error = float((away / max(condition * unit, least)).mid())
                if error > largest:
                    largest, where = error, where if bad else (wanted.name, place, entry, float(true.mid()))
    return largest, bad, where

r"""Values of the notation's trees at concrete matrices, by NumPy alone.

A column is an array of shape (n, 1), a row (1, n), a number a 0-dimensional one. A first derivative is a complex step, whose
error is rounding; what is differentiated again is a central difference of that. A derivative by a matrix that is symmetric,
or tied otherwise, moves each entry by itself. A differential is the derivative along the directions of the names that have a
differential of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from itertools import product

import numpy as np

from tests.identities.notation import Node
from tests.identities.world import Misfit, Value, World

SMALL, STEP = 1e-30, 1e-5


def entries(node: Node, world: World, free: Mapping[str, str]) -> Iterator[Value]:
    """The values at all indices that are free in a formula; `free` has the length of each."""
    letters = sorted(free)
    for places in product(*(range(world.sizes[free[letter]]) for letter in letters)):
        yield value(node, replace(world, indices={**world.indices, **dict(zip(letters, places, strict=True))}))


def value(node: Node, world: World) -> Value:
    """The value of a tree.

    Raises:
        Misfit: for shapes that do not fit.
        numpy.linalg.LinAlgError: for the inverse of a singular matrix.
    """
    return _plain(RULES[node.kind](node, world))


def _plain(found: Value) -> Value:
    found = np.asarray(found, dtype=complex)
    return found.reshape(()) if found.size == 1 else found


def _name(node: Node, world: World) -> Value:
    if node.text in world.values:
        return world.values[node.text]
    if node.text in world.lets:
        return value(world.lets[node.text], world)
    if node.text in world.sizes:
        return np.array(world.sizes[node.text], dtype=complex)
    if node.text in world.indices:
        return np.array(world.indices[node.text] + 1, dtype=complex)
    raise Misfit(f"nothing is known of {node.text}")


def _times(left: Value, right: Value) -> Value:
    if left.ndim == 0 or right.ndim == 0:
        return left * right
    if left.shape[1] != right.shape[0]:
        raise Misfit(f"{left.shape} times {right.shape}")
    return left @ right


def _mul(node: Node, world: World) -> Value:
    if not any(_is_open(part) for part in node.parts):
        result = value(node.parts[0], world)
        for part in node.parts[1:]:
            result = _times(result, value(part, world))
        return result
    return _with_open(node.parts, world)


def _with_open(factors: tuple[Node, ...], world: World) -> Value:
    """A product with I, 1 or 0, whose length is that of the neighbour that is no number."""
    known = [None if _is_open(part) else value(part, world) for part in factors]
    shapes = [None if each is None else each.shape for each in known]
    if all(shape is None or shape == () for shape in shapes):
        raise Misfit("the length of a constant is open")
    result: Value | None = None
    for at, part in enumerate(factors):
        found = known[at]
        if found is None:
            left = result.shape[1] if result is not None and result.ndim else None
            after = [shape for shape in shapes[at + 1 :] if shape]
            side = left if left is not None else after[0][0]
            found = _constant(part, side)
        result = found if result is None else _times(result, found)
    assert result is not None
    return result


def _is_open(node: Node) -> bool:
    return node.kind in ("I", "const") or node.kind == "T" and _is_open(node.parts[0])


def _constant(node: Node, side: int) -> Value:
    if node.kind == "T":
        return _constant(node.parts[0], side).T
    if node.kind == "I":
        return np.eye(side, dtype=complex)
    return np.full((side, 1), float(node.text), dtype=complex)


def _add(node: Node, world: World) -> Value:
    known = [(part, _try(part, world)) for part in node.parts]
    shape = next((found.shape for _, found in known if found is not None and found.ndim), ())
    result: Value | None = None
    for part, found in known:
        each = found if found is not None else _sized(part, world, shape)
        if result is not None and result.shape != each.shape and not _spreads(result.shape, each.shape):
            raise Misfit(f"{result.shape} plus {each.shape}")
        result = each if result is None else result + each
    assert result is not None
    return result


def _spreads(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Whether one is a number and the other a vector, to each entry of which it is added."""
    return not (one and other) and 1 in (*one, *other)


def _try(node: Node, world: World) -> Value | None:
    """The value; None where a constant's length is open."""
    if _is_open(node) or node.kind in ("neg", "mul", "frac") and any(_try(part, world) is None for part in node.parts):
        try:
            return None if node.kind != "mul" else value(node, world)
        except Misfit:
            return None
    return value(node, world)


def _sized(node: Node, world: World, shape: tuple[int, ...]) -> Value:
    """A number times I or 1, of the length of a shape; 0 of any."""
    if node.kind == "neg":
        return -_sized(node.parts[0], world, shape)
    if node.kind == "frac":
        return _sized(node.parts[0], world, shape) / value(node.parts[1], world)
    if node.kind == "mul":
        scale = np.array(1, dtype=complex)
        for part in node.parts[:-1]:
            scale = scale * value(part, world)
        return scale * _sized(node.parts[-1], world, shape)
    if node.kind == "const" and node.text == "0":
        return np.zeros(shape, dtype=complex)
    found = _constant(node, max(shape, default=1))
    if shape and found.shape != shape:
        raise Misfit(f"{found.shape} is not {shape}")
    return found


def _odot(node: Node, world: World) -> Value:
    known = [_try(part, world) for part in node.parts]
    shape = next((found.shape for found in known if found is not None and found.ndim), ())
    result = np.array(1, dtype=complex)
    for part, found in zip(node.parts, known, strict=True):
        each = found if found is not None else _sized(part, world, shape)
        if each.shape != shape:
            raise Misfit(f"{each.shape} entrywise beside {shape}")
        result = result * each
    return result


def _entry(node: Node, world: World) -> Value:
    found, places = value(node.parts[0], world), []
    for part in node.parts[1:]:
        places.append(int(part.text) - 1 if part.kind == "num" else world.indices[part.text])
    if found.ndim != 2 or len(places) == 1 and 1 not in found.shape:
        raise Misfit("an entry of no matrix")
    return found.reshape(-1)[places[0]] if len(places) == 1 else found[places[0], places[1]]


def _sum(node: Node, world: World) -> Value:
    body, low, high = node.parts
    first, last = (int(value(end, world).real) for end in (low, high))
    result = np.array(0, dtype=complex)
    for at in range(first - 1, last):
        result = result + value(body, replace(world, indices={**world.indices, node.text: at}))
    return result


def _square(found: Value) -> Value:
    if found.ndim != 2 or found.shape[0] != found.shape[1]:
        raise Misfit("a square matrix was expected")
    return found


def _inv(node: Node, world: World) -> Value:
    found = value(node.parts[0], world)
    return 1 / found if found.ndim == 0 else np.linalg.inv(_square(found))


def _pow(node: Node, world: World) -> Value:
    base, exponent = value(node.parts[0], world), value(node.parts[1], world)
    if base.ndim == 0:
        return base**exponent if exponent.imag or exponent.real % 1 else base ** int(exponent.real)
    return np.linalg.matrix_power(_square(base), int(exponent.real))


def _norm(node: Node, world: World) -> Value:
    found = value(node.parts[0], world)
    if node.text == "F" and (found.ndim == 0 or 1 in found.shape) or node.text != "F" and found.ndim and 1 not in found.shape:
        raise Misfit("a norm of another shape")
    return (found * np.sign(found.real)).sum() if node.text == "1" else np.sqrt((found * found).sum())


def _function(node: Node, world: World) -> Value:
    return FUNCTIONS[node.text](value(node.parts[0], world))


def _diag(found: Value) -> Value:
    if found.ndim and 1 in found.shape:
        return np.diag(found.reshape(-1))
    return np.diag(_square(found)).reshape(-1, 1)


def _softmax(found: Value) -> Value:
    powers = np.exp(found)
    return powers / powers.sum()


def _det(found: Value) -> Value:
    return np.array(np.linalg.det(_square(found)))


def _inner(node: Node, world: World) -> Value:
    left, right = (value(part, world) for part in node.parts)
    if left.shape != right.shape or left.ndim and left.shape[1] != 1:
        raise Misfit(f"an inner product of {left.shape} and {right.shape}")
    return (left * right).sum()


def _slope(of: Callable[[World], Value], world: World, name: str, at: tuple[int, ...]) -> Value:
    """The derivative of a value by one entry of a name."""
    here = value(Node("name", (), name), world)
    direction = np.zeros(here.shape, dtype=complex)
    direction[at] = 1
    return along(of, world, {name: direction})


def along(of: Callable[[World], Value], world: World, directions: Mapping[str, Value]) -> Value:
    """The derivative of a value where names move in these directions."""

    def moved(step: complex, inner: bool) -> Value:
        values = {name: value(Node("name", (), name), world) + step * each for name, each in directions.items()}
        return of(replace(world, values={**world.values, **values}, inner=inner))

    if not world.inner:
        return (moved(STEP, False) - moved(-STEP, False)) / (2 * STEP)
    return moved(1j * SMALL, True).imag / SMALL + 0j


def _depth(node: Node) -> int:
    return (node.kind in ("der", "grad", "d")) * (
        2 if node.text == "2" or node.kind == "der" and len(node.parts) > 2 else 1
    ) + max((_depth(part) for part in node.parts), default=0)


def _at_depth(body: Node, world: World) -> World:
    """A complex step is for the innermost derivative only."""
    names = {world.lets[name] for name in world.lets}
    deep = _depth(body) + max((_depth(each) for each in names), default=0)
    return replace(world, inner=deep == 0)


def _by(node: Node) -> tuple[Node, bool]:
    """The variable, and whether it is transposed."""
    return (node.parts[0], True) if node.kind == "T" else (node, False)


def _gradient(node: Node, world: World) -> Value:
    body, by = node.parts
    if node.text == "2":
        return _second(body, by, by, world)
    result = _table(lambda each: value(body, each), by, _at_depth(body, world))
    if result.shape == ():
        raise Misfit("a gradient by a number")
    return result


def _table(of: Callable[[World], Value], by: Node, world: World) -> Value:
    """The derivatives of a number by all entries, in the shape of the variable."""
    here = value(by, world)
    result = np.zeros(here.shape, dtype=complex)
    for at in np.ndindex(*here.shape):
        found = _slope(of, world, by.text, at)
        if np.ndim(found) and np.size(found) != 1:
            raise Misfit("the gradient of no number")
        result[at] = complex(np.asarray(found).reshape(()))
    return result


def _second(body: Node, one: Node, other: Node, world: World) -> Value:
    inner = replace(_at_depth(body, world))
    size = [value(by, world).size for by in (one, other)]

    def slopes(each: World) -> Value:
        return _table(lambda moved: value(body, moved), other, replace(each, inner=inner.inner)).reshape(-1)

    result = np.zeros(size, dtype=complex)
    shape = value(one, world).shape
    for row, at in enumerate(np.ndindex(*shape)):
        result[row] = _slope(slopes, replace(world, inner=False), one.text, at)
    return result


def _derivative(node: Node, world: World) -> Value:
    body, *by = node.parts
    names = [_by(each) for each in by]
    if any(each.kind == "entry" for each in by):
        return _by_entries(body, by, world)
    if len(by) == 2:
        return _second(body, names[0][0], names[1][0], world)
    (variable, turned), inner = names[0], _at_depth(body, world)
    above = value(body, world)
    if above.ndim == 0:
        found = _table(lambda each: value(body, each), variable, inner)
        return found.T if (turned or world.layout == "numerator") and found.ndim else found
    here = value(variable, world)
    if here.ndim == 0:
        return _slope(lambda each: value(body, each), inner, variable.text, ())
    if 1 not in above.shape or 1 not in here.shape:
        raise Misfit("the derivative of a matrix, or by one")
    columns = [_slope(lambda each: value(body, each), inner, variable.text, at).reshape(-1) for at in np.ndindex(*here.shape)]
    jacobian = np.stack(columns, axis=1)
    return jacobian.T if world.layout == "denominator" and not turned else jacobian


def _by_entries(body: Node, by: list[Node], world: World) -> Value:
    """The derivative by entries of names, the last innermost."""
    *outer, last = by
    inner: Callable[[World], Value] = lambda each: value(body, each)  # noqa: E731
    for each in [last, *reversed(outer)]:
        inner = _by_entry(inner, each, body, each is last)
    return inner(world)


def _by_entry(of: Callable[[World], Value], by: Node, body: Node, innermost: bool) -> Callable[[World], Value]:
    def slope(world: World) -> Value:
        base = by.parts[0]
        here = value(base, world)
        places = tuple(int(p.text) - 1 if p.kind == "num" else world.indices[p.text] for p in by.parts[1:])
        at = places if len(places) == 2 else (places[0], 0) if here.shape[1] == 1 else (0, places[0])
        inner = innermost and _at_depth(body, world).inner
        return _slope(of, replace(world, inner=inner), base.text, at)

    return slope


def _differential(node: Node, world: World) -> Value:
    (body,) = node.parts
    if body.kind == "name" and body.text in world.directions:
        return world.directions[body.text]
    return along(lambda each: value(body, each), _at_depth(body, world), world.directions)


def _open(_: Node, __: World) -> Value:
    raise Misfit("the length of a constant is open")


FUNCTIONS: dict[str, Callable[[Value], Value]] = {
    "tr": lambda found: np.trace(_square(found)),
    "diag": _diag,
    "det": _det,
    "ln": np.log,
    "exp": np.exp,
    "tanh": np.tanh,
    "sqrt": np.sqrt,
    "softmax": _softmax,
    "logsumexp": lambda found: np.log(np.exp(found).sum()),
    "sigmoid": lambda found: 1 / (1 + np.exp(-found)),
}
RULES: dict[str, Callable[[Node, World], Value]] = {
    "num": lambda node, _: np.array(int(node.text), dtype=complex),
    "name": _name,
    "I": _open,
    "const": _open,
    "add": _add,
    "neg": lambda node, world: -value(node.parts[0], world),
    "odot": _odot,
    "mul": _mul,
    "T": lambda node, world: value(node.parts[0], world).T,
    "inv": _inv,
    "pow": _pow,
    "entry": _entry,
    "delta": lambda node, world: np.array(float(world.indices[node.parts[0].text] == world.indices[node.parts[1].text])),
    "sum": _sum,
    "frac": lambda node, world: value(node.parts[0], world) / value(node.parts[1], world),
    "der": _derivative,
    "grad": _gradient,
    "norm": _norm,
    "inner": _inner,
    "d": _differential,
    "fn": _function,
}

"""The value of each head of the vocabulary at a place: one rule for each."""

from __future__ import annotations

import random
from collections.abc import Callable

import sympy
from sympy import Expr, Indexed, IndexedBase, Symbol

from derive.terms.terms import Call, Cases, Partial
from tests.mutation.place import MP, NEAR, STEP, Key, Number, Place, Undefined, Unknown, name_of, positions_of

LARGE = 10_000
LONGEST = 400


def _rational(world: Place, term: Expr) -> Number:
    return MP.mpf(int(term.p)) / int(term.q)


def _decimal(world: Place, term: Expr) -> Number:
    return MP.mpf(str(term))


def _symbol(world: Place, term: Expr) -> Number:
    if term in world.scalars:
        return world.scalars[term]
    if term in world.bound:
        return MP.mpf(world.bound[term])
    if term.is_integer:
        if (Symbol, term.name) in world.heads:
            return world.quantity(term.name, (), Symbol)
        if term.is_positive:
            if term.name not in world.sizes:
                raise Unknown(f"the size {term.name}")
            return MP.mpf(world.sizes[term.name])
        if term not in world.indices:
            raise Unknown(f"the index {term.name}")
        return MP.mpf(world.indices[term])
    return world.quantity(term.name, (), Symbol)


def _member(world: Place, term: Expr) -> Number:
    name = str(term.base.label)
    return world.quantity(world.families.get(name, name), tuple(world.integer(p) for p in term.indices), Indexed)


def _add(world: Place, term: Expr) -> Number:
    result = MP.zero
    for part in term.args:
        result += world.value(part)
    return result


def _mul(world: Place, term: Expr) -> Number:
    result = MP.one
    for part in term.args:
        result *= world.value(part)
    return result


def _power(world: Place, term: Expr) -> Number:
    base, exponent = world.value(term.args[0]), world.value(term.args[1])
    if exponent == int(exponent) and (term.args[1].is_integer or term.args[1].is_number):
        if base == 0 and exponent <= 0 and not (term.args[1].is_Integer and exponent == 0):
            raise Undefined("0 to a power that is not positive")
        if abs(exponent) > LARGE:
            raise Undefined("a large power")
        return base ** int(exponent)
    if base < 0 or (base == 0 and not (exponent > 0 and term.args[1].is_number and not world.moved)):
        raise Undefined("a real power of a number that is not positive")
    if world.moved and base < NEAR:
        raise Undefined("a root near 0")
    if base == 0:
        return MP.zero
    return _exponential_of(exponent * MP.log(base))


def _exponential_of(value: Number) -> Number:
    if abs(value) > LARGE:
        raise Undefined("a large exponential")
    return MP.exp(value)


def _logarithm(world: Place, term: Expr) -> Number:
    if len(term.args) == 2:
        raise Unknown("a logarithm to a base")
    value = world.value(term.args[0])
    if value <= 0 or (world.moved and value < NEAR):
        raise Undefined("the logarithm of a number that is not positive")
    return MP.log(value)


def _absolute(world: Place, term: Expr) -> Number:
    value = world.value(term.args[0])
    if world.moved and abs(value) < NEAR:
        raise Undefined("|x| near its kink")
    return abs(value)


def _sign(world: Place, term: Expr) -> Number:
    value = world.value(term.args[0])
    if world.moved and abs(value) < NEAR:
        raise Undefined("a sign near its jump")
    return MP.mpf(1 if value > 0 else -1 if value < 0 else 0)


def _largest(choose: Callable[[list[Number]], Number]) -> Callable[[Place, Expr], Number]:
    def rule(world: Place, term: Expr) -> Number:
        values = sorted(world.value(part) for part in term.args)
        if world.moved and any(b - a < NEAR for a, b in zip(values, values[1:], strict=False)):
            raise Undefined("a maximum where it changes over")
        return choose(values)

    return rule


def _delta(world: Place, term: Expr) -> Number:
    return MP.one if world.integer(term.args[0]) == world.integer(term.args[1]) else MP.zero


def _sum(world: Place, term: Expr) -> Number:
    def over(limits: tuple[sympy.Tuple, ...]) -> Number:
        if not limits:
            return world.value(term.function)
        *inner, (variable, low, high) = limits
        first, last, result = world.integer(low), world.integer(high), MP.zero
        if last - first > LONGEST:
            raise Unknown("a long sum")
        before = world.bound
        for value in range(first, last + 1):
            world.bound = {**before, variable: value}
            result += over(tuple(inner))
        world.bound = before
        return result

    before = world.bound
    try:
        return over(tuple(term.limits))
    finally:
        world.bound = before


def _cases(world: Place, term: Expr) -> Number:
    for branch in term.args:
        if world.holds(branch.args[1]):
            return world.value(branch.args[0])
    raise Undefined("no case applies")


def _partial(world: Place, term: Expr) -> Number:
    variable, body = term.variable, term.expr
    if isinstance(variable, Indexed):
        name = str(variable.base.label)
        key: Key = (world.families.get(name, name), tuple(world.integer(p) for p in variable.indices))
    elif isinstance(variable, Symbol) and not variable.is_integer:
        if variable in world.scalars:
            return _by_parameter(world, body, variable)
        key = (variable.name, ())
    else:
        raise Unknown(f"a derivative by {variable}")
    if (
        isinstance(body, (Symbol, Indexed))
        and (type(body), name_of(body)) not in world.heads
        and (Partial, name_of(term)) in world.heads
    ):
        places = tuple(world.integer(p) for p in positions_of(term))
        return world.quantity(name_of(term), places, Partial)
    before, world.touched = world.touched, set()
    try:
        values = []
        for step in (STEP, -STEP):
            with world.moving((*world.moved, (key, step))):
                values.append(world.value(body))
        seen = any(name == key[0] for name, _ in world.touched)
    finally:
        world.touched = before | world.touched
    if not seen and not _constant(world, body) and key[0] not in _names(world, body):
        raise Unknown(f"how {body} depends on {variable}")
    return (values[0] - values[1]) / (2 * STEP)


def _by_parameter(world: Place, body: Expr, variable: Symbol) -> Number:
    """The derivative by a parameter of a function whose body is being evaluated."""
    values, before = [], world.scalars
    with world.moving((*world.moved, ((f"parameter {variable.name}", ()), STEP))):
        for step in (STEP, -STEP):
            world.scalars = {**before, variable: before[variable] + step}
            try:
                values.append(world.value(body))
            finally:
                world.scalars = before
    return (values[0] - values[1]) / (2 * STEP)


def _names(world: Place, body: Expr) -> set[str]:
    """The names in a body and in the definitions that it uses."""
    found: set[tuple[type, str]] = set()
    waiting = [body]
    while waiting:
        here = {(type(node), name_of(node)) for node in waiting.pop().atoms(Symbol, Call, Indexed)} - found
        waiting += [definition.body for key in sorted(here, key=str) for definition in world.heads.get(key, ())]
        found |= here
    return {name for _, name in found}


def _constant(world: Place, body: Expr) -> bool:
    """Whether nothing in a body could depend on what it does not mention: it is made of numbers, indices and constants."""
    names = {s.name for s in body.atoms(Symbol) if not s.is_integer and not isinstance(s, sympy.Dummy)}
    labels = {str(base.label) for base in body.atoms(IndexedBase)}
    return not body.atoms(Indexed, Call) and names - labels <= set(world.context.constants)


def _call(world: Place, term: Expr) -> Number:
    known = world.heads.get((Call, term.name), [])
    if any(p.is_number for definition in known for p in definition.head.arguments):
        raise Unknown(f"{term.name} at special arguments")
    shape = [isinstance(a, IndexedBase) for a in term.arguments]
    for definition in reversed(known):
        parameters = definition.head.arguments
        if [isinstance(p, IndexedBase) for p in parameters] == shape:
            return _defined_call(world, term, parameters, definition.body)
    if known:
        raise Unknown(f"{term.name} of these arguments")
    if any(isinstance(a, IndexedBase) for a in term.arguments):
        raise Unknown(f"{term.name} of a family")
    return _stand_in(f"{term.name} {world.variant}", [world.value(a) for a in term.arguments], term.orders)


def _defined_call(world: Place, term: Expr, parameters: tuple[Expr, ...], body: Expr) -> Number:
    indices: dict[Symbol, int] = {}
    scalars: dict[Symbol, Number] = {}
    families: dict[str, str] = {}
    for parameter, argument in zip(parameters, term.arguments, strict=True):
        if isinstance(parameter, IndexedBase):
            families[str(parameter.label)] = world.families.get(str(argument.label), str(argument.label))
        elif parameter.is_integer:
            indices[parameter] = world.integer(argument)
        else:
            scalars[parameter] = world.value(argument)
    return _orders(world, body, indices, scalars, families, list(zip(parameters, term.orders, strict=True)))


def _orders(
    world: Place,
    body: Expr,
    indices: dict[Symbol, int],
    scalars: dict[Symbol, Number],
    families: dict[str, str],
    orders: list[tuple[Expr, int]],
) -> Number:
    """The derivative of a body of the given order in each parameter, by repeated central differences."""
    todo = next((place for place, (_, order) in enumerate(orders) if order), None)
    if todo is None:
        return world.inside(body, indices, scalars, families)
    parameter, order = orders[todo]
    if parameter not in scalars:
        raise Unknown("a derivative by an index or a family")
    left = [*orders[:todo], (parameter, order - 1), *orders[todo + 1 :]]
    values = []
    with world.moving((*world.moved, ((f"parameter {parameter}", ()), STEP))):
        for step in (STEP, -STEP):
            values.append(_orders(world, body, indices, {**scalars, parameter: scalars[parameter] + step}, families, left))
    return (values[0] - values[1]) / (2 * STEP)


def _stand_in(name: str, arguments: list[Number], orders: tuple[int, ...]) -> Number:
    """An unknown function: ``sin(Σ c_p x_p + c) + exp(Σ d_p x_p)`` with numbers made from its name, or a derivative of it."""
    rng = random.Random(f"function {name} of {len(arguments)}")
    waves = [MP.mpf(rng.randint(20, 190)) / 97 for _ in arguments]
    growth = [MP.mpf(rng.randint(-150, 150)) / 303 for _ in arguments]
    angle, power = MP.mpf(rng.randint(1, 300)) / 101, MP.zero
    wave, grow = MP.one, MP.one
    for value, order, c, e in zip(arguments, orders, waves, growth, strict=True):
        angle, power = angle + c * value, power + e * value
        wave, grow = wave * c**order, grow * e**order
    return wave * MP.sin(angle + sum(orders) * MP.pi / 2) + grow * _exponential_of(power)


Rule = Callable[[Place, Expr], Number]


def _simple(function: Callable[[Number], Number], low: int | None = None, high: int | None = None) -> Rule:
    """A function on the closed interval from `low` to `high`; differentiable inside it."""

    def rule(world: Place, term: Expr) -> Number:
        value = world.value(term.args[0])
        margin = NEAR if world.moved else 0
        if (low is not None and value < low + margin) or (high is not None and value > high - margin):
            raise Undefined("outside the domain of a function")
        if abs(value) > LARGE:
            raise Undefined("a large argument")
        return function(value)

    return rule


def _quotient(above: Callable[[Number], Number], below: Callable[[Number], Number]) -> Callable[[Number], Number]:
    def function(value: Number) -> Number:
        bottom = below(value)
        if abs(bottom) < NEAR:
            raise Undefined("a pole")
        return above(value) / bottom

    return function


def _one(value: Number) -> Number:
    return MP.one


RULES: dict[type, Callable[[Place, Expr], Number]] = {
    sympy.Rational: _rational,
    sympy.Float: _decimal,
    Symbol: _symbol,
    Indexed: _member,
    sympy.Add: _add,
    sympy.Mul: _mul,
    sympy.Pow: _power,
    sympy.exp: lambda world, term: _exponential_of(world.value(term.args[0])),
    sympy.log: _logarithm,
    sympy.Abs: _absolute,
    sympy.sign: _sign,
    sympy.Max: _largest(lambda values: values[-1]),
    sympy.Min: _largest(lambda values: values[0]),
    sympy.KroneckerDelta: _delta,
    sympy.Sum: _sum,
    Cases: _cases,
    Partial: _partial,
    Call: _call,
    type(sympy.pi): lambda world, term: +MP.pi,
    type(sympy.E): lambda world, term: +MP.e,
    sympy.sin: _simple(MP.sin),
    sympy.cos: _simple(MP.cos),
    sympy.tan: _simple(_quotient(MP.sin, MP.cos)),
    sympy.cot: _simple(_quotient(MP.cos, MP.sin)),
    sympy.sec: _simple(_quotient(_one, MP.cos)),
    sympy.csc: _simple(_quotient(_one, MP.sin)),
    sympy.sinh: _simple(MP.sinh),
    sympy.cosh: _simple(MP.cosh),
    sympy.tanh: _simple(MP.tanh),
    sympy.coth: _simple(_quotient(MP.cosh, MP.sinh)),
    sympy.asin: _simple(MP.asin, -1, 1),
    sympy.acos: _simple(MP.acos, -1, 1),
    sympy.atan: _simple(MP.atan),
    sympy.acot: _simple(lambda x: MP.atan(_quotient(_one, MP.mpf)(x))),
}

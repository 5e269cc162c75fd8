r"""Elementary functions, logarithms, calls and primes as terms.

``\log_a x`` is ln x / ln a, ``\lg`` has base 10, arccot has the range (0, π); ``(uv)'`` is the derivative with
respect to x where x, or a function of x, occurs in it.
"""

from __future__ import annotations

import sympy
from sympy import Expr, IndexedBase, Integer, Rational

from derive.latex.grammar import syntax
from derive.latex.meaning import obligations, powers
from derive.latex.meaning.scope import Meaning, Scope
from derive.latex.tokens.errors import Unread
from derive.terms import terms
from derive.terms.elementary import BY_KEY, BY_WORD, SPELLINGS, Spelling, head_of
from derive.terms.reasons import Why, because

_CONSTANT_LIKE = frozenset({"C", "c", "a", "b", "k", "n", "\\mu", "\\alpha", "\\beta", "\\lambda"})


def apply(elaborator: Meaning, node: syntax.Apply, scope: Scope) -> Expr:
    r"""``\sin x``, ``\exp(x)``, ``\sec^2 x``."""
    elaborator.no_vector(node.argument)
    argument = elaborator.scalar(node.argument, scope)
    elaborator.demand(node.argument, obligations.function(node.function, argument, elaborator.written(node.argument)), scope)
    row = BY_WORD[node.function[1:]]
    _say(elaborator, node.function)
    if row.key == "exp":
        value = powers.exponential(argument)
    elif row.complement:
        value = sympy.pi / 2 - head_of(BY_KEY[row.complement])(argument)
    else:
        value = head_of(row)(argument)
    return raised(elaborator, node, value, node.power, scope)


def raised(elaborator: Meaning, node: syntax.Node, value: Expr, power: syntax.Node | None, scope: Scope) -> Expr:
    r"""``\sin^2 x`` is (sin x)²."""
    if power is None:
        return value
    exponent = elaborator.scalar(power, scope)
    elaborator.demand(node, obligations.power(value, exponent, f"({elaborator.written(node)})"), scope)
    return powers.power(value, exponent)


def _say(elaborator: Meaning, command: str) -> Spelling:
    """Notes what there is to say of a spelling."""
    spelling = SPELLINGS[command[1:]]
    if spelling.note:
        elaborator.note(spelling.note)
    return spelling


def logarithm(elaborator: Meaning, node: syntax.Log, scope: Scope) -> Expr:
    r"""``\ln x``, ``\log x``, ``\lg x``, ``\log_a x``."""
    elaborator.no_vector(node.argument)
    argument = elaborator.scalar(node.argument, scope)
    elaborator.demand(node.argument, obligations.logarithm(argument, elaborator.written(node.argument)), scope)
    value: Expr = sympy.log(argument)
    if node.base is not None:
        base = elaborator.scalar(node.base, scope)
        elaborator.demand(node.base, obligations.logarithm_base(base, elaborator.written(node.base)), scope)
        value = value / sympy.log(base)
    else:
        own = _say(elaborator, node.spelling).base
        value = value if own is None else value / sympy.log(own)
    return raised(elaborator, node, value, node.power, scope)


def call(elaborator: Meaning, node: syntax.Call, scope: Scope) -> Expr:
    """``f(x)``, ``H(p, q)``: a family without its indices is passed whole."""
    arguments = [_passed(elaborator, argument, scope) for argument in node.arguments]
    if node.order and len(arguments) == 1 and isinstance(arguments[0], IndexedBase) and _of_number(elaborator, node):
        arguments = [terms.scalar(str(arguments[0].label))]
    if node.order and len(arguments) > 1:
        raise Unread(because(Why.PRIME_OF_SEVERAL_VARIABLES), node.start, node.end, "\\frac{\\partial}{\\partial x}")
    if node.order and isinstance(arguments[0], (IndexedBase, terms.Vector)):
        raise Unread(because(Why.PRIME_OF_FAMILY), node.start, node.end)
    orders = [node.order] + [0] * (len(arguments) - 1)
    return terms.Call(node.name.text, arguments, orders)


def _of_number(elaborator: Meaning, node: syntax.Call) -> bool:
    """Whether all definitions of the function are by one plain letter: what has a slope there is the number of that name."""
    defined = [arguments for name, arguments in elaborator.table.defined if name == node.name.text]
    plain = isinstance(node.arguments[0], syntax.Name) and "{" not in node.arguments[0].text
    return plain and bool(defined) and all(len(each) == 1 and "{" not in each[0] for each in defined)


def _passed(elaborator: Meaning, node: syntax.Node, scope: Scope) -> Expr:
    if isinstance(node, syntax.Members) or (
        isinstance(node, syntax.Name)
        and node.text not in scope.bound
        and elaborator.table.is_family(node.text)
        and node.text not in elaborator.table.scalars
    ):
        return terms.family(node.text)
    return elaborator.term(node, scope)


def prime(elaborator: Meaning, node: syntax.Prime, scope: Scope) -> Expr:
    """``u'`` of a function's name is its derivative at x; ``(expr)'`` is a derivative that is not carried out."""
    if (
        isinstance(node.operand, syntax.Name)
        and elaborator.source[node.operand.start] != "("
        and not elaborator.source.startswith("\\left", node.operand.start)
    ):
        text = node.operand.text
        variables = elaborator.table.variables_of(text) or ("x",)
        if len(variables) > 1:
            raise Unread(because(Why.PRIME_OF_SEVERAL_VARIABLES), node.start, node.end)
        if text not in scope.bound and elaborator.table.is_integer(text):
            raise Unread(because(Why.DERIVATIVE_OF_INDEX, name=text), node.start, node.end)
        known = elaborator.table.variables_of(text) is not None or elaborator.table.is_function(text) or text == "y"
        if not known or text in variables:
            raise Unread(
                because(Why.PRIME_OR_NAME, written=elaborator.written(node)),
                node.start,
                node.end,
                f"a declaration of the function {text} or of the name {text}'",
            )
        if elaborator.table.variables_of(text) is None:
            elaborator.note(f"{text} is a function of x")
        return terms.Call(text, [elaborator.symbol(variables[0])], [node.order])
    expression = elaborator.scalar(node.operand, scope)
    variable = _variable(elaborator, node, expression)
    for _ in range(node.order):
        expression = terms.Partial(expression, variable)
    return expression


def _variable(elaborator: Meaning, node: syntax.Prime, expression: Expr) -> Expr:
    """The variable that a prime differentiates with respect to."""
    symbol = elaborator.symbol("x")
    names = {part.text for part in syntax.walk(node.operand) if isinstance(part, syntax.Name)}
    if "x" in names or symbol in expression.free_symbols:
        return symbol
    candidates = sorted(
        name
        for name in names
        if name != "e"
        and elaborator.table.variables_of(name) is None
        and name not in _CONSTANT_LIKE | elaborator.table.constants | {"\\pi"}
        and terms.scalar(name) in expression.free_symbols
    )
    if len(candidates) == 1:
        written = elaborator.written(node.operand)
        elaborator.note(f"the prime on {written} is the derivative with respect to {candidates[0]}")
        return elaborator.symbol(candidates[0])
    if candidates:
        raise Unread(because(Why.PRIME_VARIABLE, candidates=" or ".join(candidates)), node.start, node.end, "\\frac{d}{dx}")
    elaborator.note(f"the prime on {elaborator.written(node.operand)} is the derivative with respect to x")
    return symbol


def constant(value: Expr) -> bool:
    """Whether `value` is a number."""
    return isinstance(value, (Rational, Integer)) or bool(value.is_number)

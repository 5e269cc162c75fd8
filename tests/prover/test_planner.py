"""Goals in general: what is derived, how, and that nothing unproved is ever a step."""

from __future__ import annotations

from functools import cache

import pytest
from sympy import Abs, Expr, Integer, KroneckerDelta, Mul, Rational, Sum, Symbol, exp, log, sign, sin, sqrt, tanh

from derive.judge.decide import decide
from derive.judge.kernel import Proof
from derive.judge.kernel import prove as proved
from derive.judge.verdict import Kind, Verdict
from derive.prover import rules, slopes
from derive.prover.derivation import Derivation
from derive.prover.planner import Prover
from derive.prover.slopes import Slopes
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot, Range
from derive.terms.terms import Call, Partial, family, index, scalar, size, summation
from derive.writing.writer import text
from tests.tools.slow import slow_but

i, j, k, l = (index(name) for name in "ijkl")
n, d = size("n"), size("d")
a, b, p, w, x, y, z = (family(name) for name in "abpwxyz")
ell = family("\\ell")
A, H, L, S, X, Y, Z, h, tau, lam = (scalar(name) for name in ("a", "H", "L", "S", "x", "y", "z", "h", "\\tau", "\\lambda"))
ONE = Integer(1)


def normalised(name: str, scale: Expr = ONE) -> Definition:
    member = family(name)
    return Definition(member[i], exp(z[i] / scale) / summation(exp(z[k] / scale), k, ONE, n))


def sums_to_one(member: object) -> Fact:
    return Fact(summation(member[k], k, ONE, n), "=", ONE)  # type: ignore[index]


CROSS = Definition(L, -summation(y[k] * log(a[k]), k, ONE, n))
SQUARES = Definition(L, summation((a[k] - y[k]) ** 2, k, ONE, n) / 2)
LOGISTIC = Definition(a[k], 1 / (1 + exp(-z[k])))
CLASSES = Context().define(normalised("a"), CROSS)
TARGETS = CLASSES.assume(sums_to_one(y))
ENTROPY = Context().define(normalised("p"), Definition(H, -summation(p[k] * log(p[k]), k, ONE, n)))
LAYER = (
    Context()
    .with_range(j, Range(ONE, d))
    .with_range(k, Range(ONE, n))
    .define(Definition(z[k], summation(w[k, j] * x[j], j, ONE, d) + b[k]), normalised("a"), CROSS)
    .assume(sums_to_one(y))
)
BINARY = Context().define(Definition(A, 1 / (1 + exp(-Z))), Definition(L, -(Y * log(A) + (1 - Y) * log(1 - A))))
SIGMA = Context().define(Definition(Call("\\sigma", [X]), 1 / (1 + exp(-X))))
BY_FUNCTION = SIGMA.define(Definition(a[k], Call("\\sigma", [z[k]])), SQUARES)
WITH_SUM = Context().define(Definition(S, summation(exp(z[k]), k, ONE, n)), Definition(a[i], exp(z[i]) / S), CROSS)
PENALTY = LAYER.define(
    Definition(L, -summation(y[k] * log(a[k]), k, ONE, n) + lam / 2 * summation(summation(w[k, j] ** 2, j, ONE, d), k, ONE, n))
)

GOALS: dict[str, tuple[Context, Expr, str]] = {
    "loss by logits": (TARGETS, Partial(L, z[i]), "a_i - y_i"),
    "without the hypothesis": (CLASSES, Partial(L, z[i]), "a_i sum_k y_k - y_i"),
    "one-hot targets": (CLASSES.assume(OneHot(y, index("c"))), Partial(L, z[i]), "a_i - y_i"),
    "Jacobian": (CLASSES, Partial(a[i], z[j]), "a_i (delta_ij - a_j)"),
    "its diagonal": (CLASSES, Partial(a[i], z[i]), "a_i (1 - a_i)"),
    "Hessian": (TARGETS, Partial(Partial(L, z[i]), z[j]), "a_i (delta_ij - a_j)"),
    "temperature": (Context().define(normalised("a", tau), CROSS).assume(sums_to_one(y)), Partial(L, z[i]), "(a_i - y_i)/tau"),
    "by the temperature": (Context().define(normalised("a", tau)), Partial(a[i], tau), "a_i (sum_k a_k z_k - z_i)/tau^2"),
    "binary": (BINARY, Partial(L, Z), "a - y"),
    "logarithms": (
        Context().define(Definition(ell[j], z[j] - log(summation(exp(z[k]), k, ONE, n)))),
        Partial(ell[j], z[i]),
        "delta_ij - exp(z_i)/(sum_k exp(z_k))",
    ),
    "squares": (Context().define(LOGISTIC, SQUARES), Partial(L, z[i]), "a_i (1 - a_i) (a_i - y_i)"),
    "mean of squares": (
        Context().define(LOGISTIC, Definition(L, summation((a[k] - y[k]) ** 2, k, ONE, n) / n)),
        Partial(L, z[i]),
        "2 a_i (1 - a_i) (a_i - y_i)/n",
    ),
    "squares by a function": (BY_FUNCTION, Partial(L, z[i]), "a_i (1 - a_i) (a_i - y_i)"),
    "weights": (LAYER, Partial(L, w[k, j]), "x_j (a_k - y_k)"),
    "biases": (LAYER, Partial(L, b[k]), "a_k - y_k"),
    "inputs": (LAYER, Partial(L, x[j]), "sum_k w_kj (a_k - y_k)"),
    "penalty": (PENALTY, Partial(L, w[k, j]), "lambda w_kj + x_j (a_k - y_k)"),
    "entropy": (ENTROPY, Partial(H, z[i]), "-p_i (H + ln p_i)"),
    "entropy by probabilities": (ENTROPY, Partial(H, p[i]), "-ln p_i - 1"),
    "a named sum": (WITH_SUM.assume(sums_to_one(y)), Partial(L, z[i]), "a_i - y_i"),
    "log of a sum": (CLASSES, Partial(log(summation(exp(z[k]), k, ONE, n)), z[i]), "a_i"),
    "function's derivative": (SIGMA, Call("\\sigma", [X], [1]), "sigma(x) (1 - sigma(x))"),
    "product with a function": (SIGMA, Partial(X * Call("\\sigma", [X]), X), "sigma(x) (x + 1 - x sigma(x))"),
    "hyperbolic by exponentials": (
        Context().define(Definition(h, (exp(X) - exp(-X)) / (exp(X) + exp(-X)))),
        Partial(h, X),
        "1 - h^2",
    ),
    "hyperbolic": (Context(), Partial(tanh(X), X), "1 - (tanh x)^2"),
    "polynomial": (Context(), Partial(X**2 + 1, X), "2 x"),
    "quotient": (Context(), Partial(X / (1 + X**2), X), "(1 - x^2)/(x^2 + 1)^2"),
    "root": (Context(), Partial(sqrt(1 + X**2), X), "x/sqrt(x^2 + 1)"),
    "product": (Context(), Partial(X**2 * sin(X), X), "x (x cos x + 2 sin x)"),
    "power": (Context(), Partial(X**X, X), "x^x (ln x + 1)"),
    "second derivative": (Context(), Partial(Partial(X * exp(-(X**2)), X), X), "2 x exp(-x^2) (2 x^2 - 3)"),
    "sum of members": (CLASSES, summation(a[k], k, ONE, n), "1"),
    "expression": (Context(), (X + 1) ** 2 - X**2, "2 x + 1"),
    "expanded": (Context(), (X + 1) ** 2, "x^2 + 2 x + 1"),
}


@cache
def derived(name: str) -> Derivation:
    context, goal, _ = GOALS[name]
    return Prover(context).derive(goal)


LONG = {"inputs", "weights", "biases", "squares", "squares by a function", "penalty", "mean of squares"}


@pytest.mark.parametrize("name", slow_but(GOALS, *sorted(set(GOALS) - LONG)))
def test_goal(name: str) -> None:
    _, goal, expected = GOALS[name]
    derivation = derived(name)
    assert derivation.last is not None and derivation.last.text == expected
    assert derivation.result is not None
    assert decide(Claim(goal, "=", derivation.result), derivation.context).kind is Kind.PROVED


@pytest.mark.parametrize("name", slow_but(GOALS, *sorted(set(GOALS) - LONG)))
def test_every_step_is_proved_and_named(name: str) -> None:
    for step in derived(name).all_steps():
        assert step.verdict.kind is Kind.PROVED
        assert step.rules and all(rule.name and rule.chinese for rule in step.rules)


def names(derivation: Derivation) -> list[str]:
    return [step.rules[0].name for step in (*derivation.steps, *derivation.closing)]


def test_the_order_in_which_a_person_writes() -> None:
    derivation = derived("loss by logits")
    assert [text(lemma.goal) for lemma in derivation.lemmas] == ["da_j/dz_i", "dL/da_j"]
    jacobian, outer = derivation.lemmas
    assert names(jacobian) == [
        "definition",
        "quotient rule",
        "derivative of the exponential",
        "sifting of the Kronecker delta",
        "both cases together",
    ]
    assert [case.last.text for case in jacobian.cases if case.last] == ["a_i (1 - a_i)", "-a_i a_j"]
    assert [case.case.text for case in jacobian.cases if case.case] == ["i = j", "i != j"]
    assert outer.last is not None and outer.last.text == "-y_j/a_j"
    assert names(derivation) == [
        "chain rule",
        "lemmas inserted",
        "sum split at one index",
        "simplified",
        "terms collected",
        "hypothesis",
    ]
    assert [step.text for step in derivation.steps][-2:] == ["a_i sum_k y_k - y_i", "a_i - y_i"]


def test_the_hypothesis_is_listed_and_the_case_is_not() -> None:
    conditions = [c.what for c in derived("loss by logits").conditions]
    assert conditions == [sums_to_one(y)] or (
        len(conditions) == 1 and isinstance(conditions[0], Fact) and conditions[0].relation == "="
    )


@pytest.mark.parametrize(
    ("goal", "message"),
    [
        (Partial(L, z[i]), "nothing says how L depends on z"),
        (Partial(sign(X), X), "sign has a kink"),
        (Partial(X, X**2), "compound"),
        (X, "no rule leads on"),
    ],
)
def test_what_cannot_be_derived_stays_open(goal: Expr, message: str) -> None:
    derivation = Prover(Context()).derive(goal)
    assert derivation.result is None
    assert message in derivation.message


def test_a_kink_is_differentiated_away_from_it() -> None:
    derivation = Prover(Context()).derive(Partial(Abs(X), X))
    assert derivation.result == Abs(X) / X
    obligations = [c.what for c in derivation.conditions]
    assert {(one.term, one.relation) for one in obligations if isinstance(one, Obligation)} == {(X, "!=")}


@pytest.mark.slow
def test_circular_definitions_stay_open() -> None:
    context = Context().define(Definition(a[i], z[i] + b[i]), Definition(b[i], a[i]))
    assert Prover(context).derive(Partial(a[i], z[j])).result is None


def test_a_wrong_rule_is_never_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: Slopes, term: Expr, inner: slopes.Inner) -> Expr:
        above, below = slopes._quotient(term, self.depends)
        return Mul(inner(above) * below + above * inner(below), below**-2)

    monkeypatch.setattr(slopes, "_quotient_rule", wrong)
    derivation = Prover(TARGETS).derive(Partial(L, z[i]))
    steps = list(derivation.all_steps())
    assert rules.QUOTIENT_RULE not in {rule for step in steps for rule in step.rules}
    assert all(
        isinstance(proved(Claim(s.before, "=", s.after), derivation.context.assume(*cases_of(derivation, s))), Proof)
        for s in steps
    )


def cases_of(derivation: Derivation, step: object) -> tuple[Fact, ...]:
    for part in (*derivation.lemmas, *derivation.cases):
        if step in (*part.steps, *part.closing):
            return () if part.case is None else (part.case,)
        found = cases_of(part, step)
        if found:
            return found
    return ()


def test_a_judge_that_proves_nothing_leaves_the_hole() -> None:
    derivation = Prover(TARGETS, lambda claim, context: Verdict(Kind.TESTED)).derive(Partial(L, z[i]))
    assert derivation.result is None and not list(derivation.all_steps())


def test_a_wrong_result_is_never_proposed_as_proved() -> None:
    seen: list[tuple[Claim, Verdict]] = []

    def watching(claim: Claim, context: Context) -> Verdict:
        verdict = decide(claim, context)
        seen.append((claim, verdict))
        return verdict

    derivation = Prover(TARGETS, watching).derive(Partial(L, z[i]))
    accepted = {(c.left, c.right) for c, verdict in seen if verdict.kind is Kind.PROVED}
    assert all((step.before, step.after) in accepted for step in derivation.all_steps())


def test_the_number_of_classes_stays_symbolic() -> None:
    """Nothing is written out per class: sums over 1..n stay sums."""
    steps = list(derived("loss by logits").all_steps())
    assert len(steps) == 19
    assert all(high == n for step in steps for sum_ in step.after.atoms(Sum) for _, _, high in sum_.limits)


@pytest.mark.slow
def test_letters_never_run_over_two_ranges() -> None:
    m = size("m")
    hidden, inner, v = family("h"), family("u"), family("v")
    q = index("p")
    context = (
        Context()
        .with_range(j, Range(ONE, d))
        .with_range(k, Range(ONE, n))
        .with_range(q, Range(ONE, m))
        .define(
            Definition(inner[j], summation(v[j, q] * x[q], q, ONE, m)),
            Definition(hidden[j], tanh(inner[j])),
            Definition(z[k], summation(w[k, j] * hidden[j], j, ONE, d)),
            normalised("a"),
            CROSS,
        )
        .assume(sums_to_one(y))
    )
    derivation = Prover(context).derive(Partial(L, v[j, q]))
    assert derivation.last is not None and derivation.last.text == "x_p (1 - h_j^2) sum_k w_kj (a_k - y_k)"
    ranges: dict[str, Range] = {}
    for part in _everything(derivation):
        for symbol, span in part.context.ranges:
            assert ranges.setdefault(symbol.name, span) == span


def _everything(derivation: Derivation) -> list[Derivation]:
    return [derivation, *(inner for part in (*derivation.lemmas, *derivation.cases) for inner in _everything(part))]


def test_a_delta_of_several_indices_and_numbers() -> None:
    derivation = Prover(CLASSES).derive(Partial(L, z[1]))
    assert derivation.last is not None and derivation.last.text == "a_1 sum_k y_k - y_1"


def test_lemmas_are_derived_once() -> None:
    prover = Prover(TARGETS)
    first, second = prover.derive(Partial(L, z[i])), prover.derive(Partial(L, z[j]))
    goals = [[lemma.goal for lemma in each.lemmas] for each in (first, second)]
    assert all(len(set(each)) == len(each) for each in goals) and goals[0]
    again = {lemma.goal: lemma for lemma in first.lemmas}
    assert all(again.get(lemma.goal, lemma) is lemma for lemma in second.lemmas)
    assert isinstance(first.result, Expr) and not first.result.has(KroneckerDelta)
    assert Symbol("i", integer=True) in first.result.free_symbols and Rational(1, 2) not in first.result.atoms()

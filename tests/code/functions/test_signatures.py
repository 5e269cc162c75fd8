"""The functions of the library's documents: their numbers against balls, against lambdify, and against planted errors."""

from dataclasses import replace

import numpy as np
import pytest
from sympy import exp

from derive.code.arrays.program import BATCH, Contract, Elementwise
from derive.code.functions.build import built
from derive.code.functions.compare import Mismatch, check
from derive.code.functions.examples import example
from derive.code.functions.interpret import evaluate
from derive.code.functions.lambdified import argument, lambdified
from derive.code.loading import load
from derive.jobs.compile import NothingToCompile
from derive.jobs.compile import compile as compiled
from derive.judge.decide import decide
from derive.terms.context import Claim
from tests.code.library import PROOFS, made
from tests.tools.slow import slow_but


@pytest.mark.parametrize("name", slow_but([path.stem for path in PROOFS], "softmax", "entropy"))
def test_nothing_is_left_out_of_the_library(name):
    assert made(name).notes == ()


@pytest.mark.parametrize("name", slow_but([path.stem for path in PROOFS], "softmax", "entropy"))
def test_the_programs_agree_with_the_balls(name):
    for function in made(name).functions:
        assert check(function) > 0, function.name


@pytest.mark.parametrize("name", slow_but([path.stem for path in PROOFS], "softmax", "entropy"))
def test_the_programs_agree_with_lambdify(name):
    assert made(name).functions
    for function in made(name).functions:
        agree_with_lambdify(function)


def agree_with_lambdify(function):
    arrays = example(function)
    found = evaluate(function.program, arrays)
    sizes = {
        axis.size: length
        for node in function.program.inputs
        for axis, length in zip(node.axes, np.shape(arrays[node.name]), strict=True)
    }
    batched = {node.name for node in function.program.inputs if any(axis.size == BATCH for axis in node.axes)}
    results = []
    for place in range(sizes.get(BATCH, 1)):
        own = {name: array[place] if name in batched else array for name, array in arrays.items()}
        names, call = lambdified(function, sizes, int(own.get("labels", 0)))
        missing = {name for name in names if name.startswith("y_") and "y" not in own}
        results.append(
            call(*(1 / len(missing) if name in missing else argument(name, own, function.spelling) for name in names))
        )
    for place, wanted in enumerate(function.signature.results):
        reference = np.array([result[place] for result in results])
        if function.signature.mean:
            reference = reference / len(results) if wanted.per_example else reference.mean(axis=0)
        assert np.allclose(np.ravel(found[wanted.name]), np.ravel(reference), rtol=1e-12, atol=1e-12), function.name


def planted(function, change):
    nodes = list(function.program.nodes)
    places = [place for place, node in enumerate(nodes) if change(node) is not None]
    nodes[places[-1]] = change(nodes[places[-1]])
    return replace(function, program=replace(function.program, nodes=tuple(nodes)))


def sign(node):
    turned = {"sub": "add", "add": "sub"}
    return replace(node, op=turned[node.op]) if isinstance(node, Elementwise) and node.op in turned else None


def halves(node):
    return replace(node, op="max") if getattr(node, "op", "") == "sum" else None


@pytest.mark.parametrize(
    ("name", "function", "change"),
    [
        ("softmax-cross-entropy", "loss_and_gradient", sign),
        ("softmax-cross-entropy", "loss_and_gradient", halves),
        ("softmax-cross-entropy", "d2L_dz2_hvp", sign),
        pytest.param("sigmoid-cross-entropy", "L", sign, marks=pytest.mark.slow),
        pytest.param("linear-layer", "loss_and_gradient", sign, marks=pytest.mark.slow),
        ("softmax", "a", halves),
    ],
)
def test_a_planted_error_is_found(name, function, change):
    with pytest.raises(Mismatch, match=function):
        check(planted(made(name)[function], change))


WITHOUT = {
    "softmax-cross-entropy": {"L", "dL_dz", "dL_da", "soft_loss_and_gradient"},
    "log-softmax": {"ell", "L", "dL_dz", "loss_and_gradient", "soft_loss_and_gradient"},
}


@pytest.mark.parametrize("name", slow_but([path.stem for path in PROOFS], "softmax", "entropy"))
def test_there_is_a_shorter_program_where_the_exponents_are_arguments(name):
    """Elsewhere they are computed (temperature), nothing is summed (sigmoid), or the largest is needed for the digits."""
    functions = made(name).functions
    if name in ("softmax", "softmax-cross-entropy", "log-softmax"):
        assert {function.name for function in functions if function.moderate is None} == WITHOUT.get(name, set())
        assert all(f.moderate is None or f.moderate.exponents == ("z",) for f in functions)
        assert all(len(f.moderate.program.nodes) < len(f.program.nodes) for f in functions if f.moderate is not None)
    else:
        assert all(function.moderate is None for function in functions)


SHARE = r"\frac{e^{z_i}}{FACTOR\sum_{k=1}^{n} e^{z_k}}"


@pytest.mark.parametrize(("factor", "shorter"), [("", True), ("s ", False), (r"\sum_{k=1}^{n} e^{z_k} ", False)])
def test_sums_of_exponentials_are_only_divided_by_each_other(factor, shorter):
    """Beside a factor as small as they are, sums that are not shifted would vanish."""
    made_of = compiled(f"$$a_i = {SHARE.replace('FACTOR', factor)}$$")
    assert (made_of["a"].moderate is not None) is shorter
    if factor == "s ":
        logits, small = np.full((1, 2), -35, np.float32), np.float32(1e-30)
        assert load(made_of.source).a(z=logits, s=small) == pytest.approx(0.5 / small, rel=1e-6)
        with np.errstate(over="ignore", divide="ignore"):
            assert not np.allclose(np.exp(logits) / (small * np.exp(logits).sum()), 0.5 / small, rtol=1e-3)


def planted_in_the_shorter(function, change):
    program = planted(replace(function, program=function.moderate.program), change).program
    return replace(function, moderate=replace(function.moderate, program=program))


@pytest.mark.parametrize("change", [sign, halves])
@pytest.mark.parametrize("name", ["loss_and_gradient", "d2L_dz2_hvp"])
def test_an_error_planted_in_the_shorter_program_is_found(name, change):
    function = made("softmax-cross-entropy")[name]
    assert check(function) == 2 * check(replace(function, moderate=None))
    with pytest.raises(Mismatch, match=name):
        check(planted_in_the_shorter(function, change))


@pytest.mark.parametrize(
    ("number", "holds"), [(0, True), (334, True), (-334, True), (335, False), (-335, False), (np.inf, False), (np.nan, False)]
)
def test_the_shorter_program_is_for_moderate_exponents(number, holds):
    function = made("softmax-cross-entropy")["loss_and_gradient"]
    arrays = {"z": np.array([[0, number, 1.0]]), "labels": np.array([0])}
    assert function.moderate.holds(arrays) is holds
    assert not function.moderate.holds({**arrays, "z": np.array([[40, 0, 0]], np.float32)})
    if holds:
        short, long = (evaluate(program, arrays) for program in (function.moderate.program, function.program))
        for result in ("loss", "gradient"):
            np.testing.assert_allclose(short[result], long[result], rtol=1e-14)


def test_without_a_proof_there_is_no_shorter_program():
    """The judge refuses what is said of the label only; the other program is as it was."""
    function = made("softmax-cross-entropy")["loss_and_gradient"]

    def doubting(claim, context):
        labelled = not any(str(s) == "s" for s in claim.right.free_symbols) and claim.right.has(exp)
        return decide(Claim(claim.left, "=", claim.right + 1) if labelled else claim, context)

    found = {}
    for judge in (doubting, decide):
        found[judge] = built(function.signature, lambda partial: function.signature.results[1].term, judge)
    assert found[doubting].moderate is None and found[decide].moderate is not None
    assert found[doubting].program == found[decide].program


def square(program):
    """The nodes with two axes of one size."""
    return [
        node
        for node in program.nodes
        if len({a.size for a in node.axes if a.size != BATCH}) < len([a for a in node.axes if a.size != BATCH])
    ]


@pytest.mark.parametrize("name", slow_but([path.stem for path in PROOFS], "softmax", "entropy"))
def test_no_square_matrix_unless_asked_for(name):
    assert [function.name for function in made(name).functions if square(function.program)] == []


def test_a_matrix_that_is_asked_for_is_made():
    asked = compiled(PROOFS[-2] if PROOFS[-2].stem == "softmax" else next(p for p in PROOFS if p.stem == "softmax"), ["da_dz"])
    assert [function.name for function in asked.functions] == ["da_dz"]
    assert square(asked["da_dz"].program)


def test_the_product_with_the_jacobian_is_contracted_first():
    contractions = [node for node in made("softmax")["da_dz_jvp"].program.nodes if isinstance(node, Contract)]
    assert len(contractions) == 1 and [axis.name for axis in contractions[0].axes] == [BATCH]


def test_what_is_used_twice_is_computed_once():
    ops = [
        node.op for node in made("softmax-cross-entropy")["loss_and_gradient"].program.nodes if isinstance(node, Elementwise)
    ]
    assert ops.count("exp") == 1 and ops.count("log1p") == 1 and "log" not in ops


def test_a_name_that_is_not_there_is_an_error_that_says_what_is():
    with pytest.raises(NothingToCompile, match="nope: no such function; there are a, da_dz"):
        compiled("softmax", ["nope"])


def test_text_without_a_definition_gives_nothing():
    with pytest.raises(NothingToCompile):
        compiled("$$1 + 1 = 2$$")


def test_what_has_no_array_code_is_left_out_with_its_reason():
    left = compiled("$$f = x^2$$\n\n$$g = \\Gamma(x)$$")
    assert [function.name for function in left.functions] == ["f"]


CASES = r"""
Let $a_i = \frac{e^{z_i}}{\sum_{k=1}^{n} e^{z_k}}$.

If $i \ne j$, then

$$\frac{\partial a_i}{\partial z_j} = -a_i a_j$$
"""


def test_a_derivative_of_one_case_is_no_function():
    assert [function.name for function in compiled(CASES).functions] == ["a"]


def test_a_false_derivative_is_no_function():
    text = "$$a = e^{2x}$$\n\n$$\\frac{\\partial a}{\\partial x} = {}a$$"
    assert "da_dx" in {function.name for function in compiled(text.replace("{}", "2 ")).functions}
    assert "da_dx" not in {function.name for function in compiled(text.replace("{}", "3 ")).functions}


def test_two_functions_of_one_argument_are_told_apart():
    made_of_two = compiled("$$f(x) = \\ln(1 + e^x)$$\n\n$$g(x) = x^2$$")
    assert [function.name for function in made_of_two.functions] == ["f", "g"]
    assert not made_of_two.notes

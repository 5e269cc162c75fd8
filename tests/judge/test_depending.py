"""A chain rule holds for quantities that are functions of what it goes through, and of nothing else."""

from __future__ import annotations

import importlib
from types import SimpleNamespace

import pytest

from derive.jobs.check import check
from derive.judge.decide import Disagreement
from derive.judge.depending import dependences, depending
from derive.judge.kernel import Proof, by_chain_rule, prove
from derive.judge.points.refuting import agrees
from derive.judge.verdict import Kind
from derive.terms import terms
from derive.terms.context import Claim, Context, DependsOn, Through
from derive.terms.reasons import Why, because
from derive.terms.terms import Partial, scalar

Z, Y, X, W, V = (terms.scalar(name) for name in "zyxwv")
RULE = Claim(2 * Partial(Z, W), "=", 2 * Partial(Z, Y) * Partial(Y, X) * Partial(X, W))
WRONG = Claim(2 * Partial(Z, W), "=", 2 * Partial(Z, Y) * Partial(Y, X) * Partial(X, V))


def test_a_claim_shows_what_its_quantities_depend_on():
    assert dependences(RULE, Context()) == (DependsOn(Y, (), (X,)), DependsOn(Z, (W,), (Y,)))
    assert dependences(Claim(Partial(Z, W), "=", V), Context()) == ()
    assert dependences(Claim(Partial(Z, W), "<", Partial(Z, Y) * Partial(Y, W)), Context()) == ()


def test_a_proof_names_what_it_takes_the_quantities_for():
    proof = by_chain_rule(RULE, Context())
    assert isinstance(proof, Proof) and set(proof.used) == set(dependences(RULE, Context()))
    assert not isinstance(prove(RULE, Context()), Proof)
    assert not isinstance(by_chain_rule(WRONG, Context()), Proof)


def test_the_numbers_follow_what_a_quantity_is_a_function_of():
    said = Context(through=(Through("z", "y"),))
    true = Claim(Partial(Z, W), "=", Partial(Z, Y) * Partial(Y, W))
    assert agrees(true, said, 6).failure is None and agrees(true, said, 6).points
    assert agrees(Claim(Partial(Z, W), "=", 2 * Partial(Z, Y) * Partial(Y, W)), said, 6).failure is not None
    assert agrees(RULE, depending(Context(), dependences(RULE, Context())), 6).failure is None


def last(document):
    return check(document).claims[-1]


LAYER = r"Let $z_k = \sum_j W_{kj} x_j$ and $e_k = \frac{\partial E}{\partial z_k}$. "


@pytest.mark.parametrize(
    ("before", "true", "false", "condition"),
    [
        ("Let $q = w^2 + 1$. ", r"2 \frac{\partial g}{\partial w} = 4 w \frac{\partial g}{\partial q}", "3 w", "q alone"),
        (
            "",
            r"2 \frac{\partial f}{\partial w} = 2 \frac{\partial f}{\partial u} \frac{\partial u}{\partial w}"
            r" + 2 \frac{\partial f}{\partial v} \frac{\partial v}{\partial w}",
            None,
            "u and v alone",
        ),
        (
            "",
            r"2 \frac{\partial L}{\partial x_i} = 2 \sum_j \frac{\partial L}{\partial p_j} \frac{\partial p_j}{\partial x_i}",
            None,
            "all p_j alone",
        ),
        (
            "",
            r"2 \frac{\partial c_i}{\partial w} = 2 \frac{\partial c_i}{\partial y_i} \frac{\partial y_i}{\partial w}",
            None,
            "y_i alone",
        ),
        (LAYER, r"\frac{\partial E}{\partial x_j} = \sum_k e_k W_{kj}", None, "all z_k alone"),
        (LAYER, r"\frac{\partial E}{\partial W_{kj}} = e_k x_j", None, "all z_k alone"),
    ],
)
def test_a_chain_rule_holds_on_that_condition(before, true, false, condition):
    found = last(f"{before}$${true}$$")
    assert found.verdict == "conditional" and condition in found.conditions[-1].text
    wrong = true.replace("4 w", false) if false else true.replace("=", "= 3 \\cdot", 1)
    assert last(f"{before}$${wrong}$$").verdict == "unread"


@pytest.mark.parametrize(
    "claim",
    [
        r"2 \frac{\partial L}{\partial x_i} = 2 \frac{\partial L}{\partial p_i} \frac{\partial p_i}{\partial x_i}",  # no sum
        r"2 \frac{\partial L}{\partial x_i} = 2 \sum_{j=2}^n \frac{\partial L}{\partial p_j} \frac{\partial p_j}{\partial x_i}",
        r"2 \frac{\partial c_i}{\partial w} = 2 \frac{\partial c_i}{\partial y_j} \frac{\partial y_j}{\partial w}",
        r"2 \frac{\partial f}{\partial w} = 2 \frac{\partial f}{\partial u} \frac{\partial u}{\partial w}"
        r" + \frac{\partial f}{\partial v} \frac{\partial v}{\partial w}",
    ],
)
def test_what_is_left_out_is_not_excused(claim):
    assert last(f"$${claim}$$").verdict == "unread"


def test_what_words_say_a_loss_depends_on_is_its_chain_rule():
    said = "Let $L$ be a differentiable function of $u$ only. Then "
    rule = r"\frac{\partial L}{\partial w} = \frac{\partial L}{\partial u} \frac{\partial u}{\partial w}"
    assert last(f"{said}${rule}$.").verdict == "proved"
    assert last(f"{said}${rule} \\cdot 2$.").verdict != "proved"


def test_a_slope_that_follows_from_another_is_no_definition():
    text = r"Let $u = w x + b$. Then $d = \frac{\partial L}{\partial u}$ and "
    assert last(text + r"$\frac{\partial L}{\partial w} = d x$.").verdict == "conditional"
    assert last(text + r"$\frac{\partial L}{\partial w} = d b$.").verdict == "unread"


def test_a_definition_that_does_not_lead_to_a_variable_is_as_good_as_none():
    loss = r"Let $L = \sum_i (\hat y_i - t_i)^2$. "
    rule = r"\frac{\partial L}{\partial z_p} = \sum_i \frac{\partial L}{\partial a_i} \frac{\partial a_i}{\partial z_p}"
    found = last(f"{loss}$${rule}$$")
    assert found.verdict == "conditional" and found.conditions[0].text == "L depends on z_p through all a_i alone"
    dropped = r"\frac{\partial L}{\partial z_p} = \frac{\partial L}{\partial a_p} \frac{\partial a_p}{\partial z_p}"
    assert last(f"{loss}$${dropped}$$").verdict == "unread"
    known = r"Let $a_i = 2 z_i$ and $L = \sum_i a_i^2$. "
    assert last(f"{known}$${rule}$$").verdict == "proved"
    assert last(f"{known}$${rule} + 1$$").verdict == "refuted"


def test_a_loss_is_let_depend_on_something():
    said = "Let $u = w x$ and let $L$ depend on $u$. "
    assert last(said + r"$$\frac{\partial L}{\partial w} = \frac{\partial L}{\partial u} x$$").verdict == "proved"
    assert last(said + r"$$\frac{\partial L}{\partial w} = \frac{\partial L}{\partial u} w$$").verdict != "proved"


def test_a_family_has_the_ranges_of_the_sums_over_it():
    rule = r"""2 \frac{\partial K}{\partial y_i}
        = 2 \sum_{j=1}^{m} \sum_{k=1}^{r} \frac{\partial K}{\partial s_{jk}} \frac{\partial s_{jk}}{\partial y_i}"""
    assert last(f"$${rule}$$").verdict == "conditional"
    assert last(f"$${rule} + 1$$").verdict == "unread"
    value = r"Let $L(b) = \sum_i (b_i - t_i)^2$. "
    assert last(value + rule.replace("K", "L").join(["$$", "$$"])).verdict == "conditional"


def _chained(monkeypatch, **checked):
    """The verdict of a proved chain rule where numbers say what is `checked`."""
    module = importlib.import_module("derive.judge.decide")
    loss, inner, weight = scalar("L"), scalar("u"), scalar("w")
    claim = Claim(Partial(loss, weight), "=", Partial(loss, inner) * Partial(inner, weight))
    proof = by_chain_rule(claim, Context())
    assert isinstance(proof, Proof)
    monkeypatch.setattr(module, "agrees", lambda *_: SimpleNamespace(**checked))
    return module._chained(proof, Context(), because(Why.UNKNOWN_DEPENDENCE, name="L", variable="w"))


def test_a_chain_rule_is_conditional_only_where_numbers_agree(monkeypatch):
    agreed = _chained(monkeypatch, failure=None, points=3, undecided=0)
    assert agreed.kind is Kind.CONDITIONAL and agreed.conditions
    assert _chained(monkeypatch, failure=None, points=0, undecided=0).kind is Kind.UNREAD
    with pytest.raises(Disagreement):
        _chained(monkeypatch, failure=SimpleNamespace(values={}), points=3, undecided=0)

"""Coq's verdict: certificates that it accepts, and every way of cheating that it does not."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from sympy import Integer, KroneckerDelta, exp, log, sqrt, tanh

from derive.certify.certificate import standalone, verify
from derive.certify.coq import coqc
from derive.certify.issue import NoProof, certificate_of
from derive.certify.issued import Certificate
from derive.certify.refutation import refuting
from derive.jobs.check import check_paths
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot, Range
from derive.terms.terms import Partial, family, index, scalar, size, summation

needs_coq = pytest.mark.skipif(not coqc.installed(), reason="Coq with Coquelicot is not installed")
ROOT = Path(__file__).resolve().parents[2]
i, j, k, n, m, d = index("i"), index("j"), index("k"), size("n"), index("m"), size("d")
z, a, y, w, p = (family(name) for name in ("z", "a", "y", "w", "p"))
x, t, L, tau = scalar("x"), scalar("t"), scalar("L"), scalar("\\tau")
SOFTMAX = Context().define(
    Definition(a[i], exp(z[i]) / summation(exp(z[k]), k, 1, n)), Definition(L, -summation(y[k] * log(a[k]), k, 1, n))
)
TOTAL = Fact(summation(y[k], k, 1, n), "=", Integer(1))
POSITIVE = Context().assume(Fact(x, ">", Integer(0)))
MATRIX = Context().with_range(m, Range(Integer(1), d)).with_shape("w", (Range(Integer(1), n), Range(Integer(1), d)))
GRADIENT = Claim(Partial(L, z[i]), "=", a[i] - y[i])

ACCEPTED = {
    "gradient": (GRADIENT, SOFTMAX.assume(TOTAL)),
    "one_hot": (Claim(Partial(L, z[i]), "=", a[i] - y[i]), SOFTMAX.assume(OneHot(y))),
    "one_hot_square": (Claim(summation(y[k] ** 2, k, 1, n), "=", Integer(1)), Context().assume(OneHot(y, j))),
    "jacobian": (Claim(Partial(a[i], z[j]), "=", a[i] * (KroneckerDelta(i, j) - a[j])), SOFTMAX),
    "apart": (Claim(Partial(a[i], z[j]), "=", -a[i] * a[j]), SOFTMAX.assume(Fact(i, "!=", j))),
    "together": (Claim(Partial(a[i], z[j]), "=", a[i] - a[i] ** 2), SOFTMAX.assume(Fact(i, "=", j))),
    "hessian": (Claim(Partial(Partial(L, z[i]), z[j]), "=", a[i] * (KroneckerDelta(i, j) - a[j])), SOFTMAX.assume(TOTAL)),
    "at_most": (Claim(a[i], "<=", Integer(1)), SOFTMAX),
    "matrix": (Claim(Partial(summation(summation(w[k, m] ** 2, m, 1, d), k, 1, n), w[i, m]), "=", 2 * w[i, m]), MATRIX),
    "root": (Claim(Partial(sqrt(x), x), "=", 1 / (2 * sqrt(x)), (Obligation(x, ">"),)), POSITIVE),
    "slope_of_tanh": (Claim(Partial(tanh(x), x), "=", 1 - tanh(x) ** 2), Context()),
    "quotient": (Claim((x**2 - 1) / (x - 1), "=", x + 1, (Obligation(x - 1, "!="),)), Context()),
    "temperature": (Claim(exp((x + t) / tau), "=", exp(x / tau) * exp(t / tau), (Obligation(tau, "!="),)), Context()),
    "positive_family": (
        Claim(log(p[i] / p[j]), "=", log(p[i]) - log(p[j])),
        Context().assume(Fact(p[i], ">", Integer(0), (i,))),
    ),
    "short_sum": (Claim(summation(k * x**2, k, 1, 3), "=", 6 * x**2), Context()),
    "count": (Claim(summation(x + z[k], k, 1, n), "=", n * x + summation(z[k], k, 1, n)), Context()),
}


def made(name):
    return certificate_of(name, *ACCEPTED[name])


@pytest.mark.slow
@needs_coq
def test_true_claims_are_accepted():
    outcomes = verify([made(name) for name in ACCEPTED])
    assert {name: outcome.reason for name, outcome in outcomes.items() if not outcome.accepted} == {}


def cheating(name, proof, before="", of=None):
    """The certificate of the gradient with another proof of its statement, or a proof `of` another one."""
    honest = made("gradient")
    head, tail = honest.proof.partition("Theorem statement")[0], honest.proof.partition("Theorem example")[2]
    theorem = f"{before}Theorem statement : {of or f'Spec.{name}.statement'}.\nProof.\n{proof}Theorem example"
    return Certificate(name, honest.specification.replace("gradient", name), (head + theorem + tail).replace("gradient", name))


USED = "  exact cheat.\nQed.\n"
EASY = "  exact eq_refl.\nQed.\n"
RESTS, OTHER = "it rests on Cert.", "the proof is of another statement"
CHEATS = {
    "admitted": ("Admitted.\n", "", None, f"{RESTS}admitted.statement"),
    "given_up": ("  admit.\nAdmitted.\n", "", None, f"{RESTS}given_up.statement"),
    "axiom": (USED, "Axiom cheat : Spec.axiom.statement.\n", None, f"{RESTS}axiom.cheat"),
    "parameter": (USED, "Parameter cheat : Spec.parameter.statement.\n", None, f"{RESTS}parameter.cheat"),
    "hypothesis": (USED, "Hypothesis cheat : Spec.hypothesis.statement.\n", None, f"{RESTS}hypothesis.cheat"),
    "falsity": ("  destruct cheat.\nQed.\n", "Axiom cheat : False.\n", None, f"{RESTS}falsity.cheat"),
    "false_friend": (
        "  destruct Classical_Prop.classic.\nQed.\n",
        "Module Classical_Prop.\nAxiom classic : False.\nEnd Classical_Prop.\n",
        None,
        f"{RESTS}false_friend.Classical_Prop.classic",
    ),
    "loop": (
        "  exact (cheat 0%nat).\nQed.\n",
        "Unset Guard Checking.\nFixpoint cheat (n : nat) : Spec.loop.statement := cheat n.\n",
        None,
        f"{RESTS}loop.",
    ),
    "other_statement": (EASY, "Definition easier := 1 = 1.\n", "easier", OTHER),
    "redefined": (
        EASY,
        "Definition Sum (low high : Z) (f : Z -> R) : R := 0.\n"
        "Definition Derive (f : R -> R) (x : R) : R := 0.\n"
        "Definition easier := Derive (fun t => t) 0 = Sum 1 1 (fun _ => 1).\n",
        "easier",
        OTHER,
    ),
    "notation": (
        EASY,
        'Notation "a = b" := (@eq nat 0%nat 0%nat) (at level 70, only parsing).\nDefinition easier := (1 = 2).\n',
        "easier",
        OTHER,
    ),
    "hidden": (
        EASY,
        "Module Spec.\nModule hidden.\nDefinition statement := 1 = 1.\nEnd hidden.\nEnd Spec.\nDefinition easier := 1 = 1.\n",
        "easier",
        OTHER,
    ),
    "false": ("  intros; ring.\nQed.\n", "", None, "Coq rejects the proof"),
}


@pytest.mark.slow
@needs_coq
def test_every_way_of_cheating_is_rejected_for_its_reason():
    cheats = [cheating(name, proof, before, of) for name, (proof, before, of, _) in CHEATS.items()]
    outcomes = verify([*cheats, made("gradient")], per_file=1)
    assert {name for name, outcome in outcomes.items() if outcome.accepted} == {"gradient"}
    wrong = {name: outcomes[name].reason for name, cheat in CHEATS.items() if not outcomes[name].reason.startswith(cheat[3])}
    assert wrong == {}


@pytest.mark.slow
@needs_coq
def test_a_bad_certificate_does_not_take_good_ones_with_it():
    bad = [cheating(name, *CHEATS[name][:3]) for name in ("axiom", "other_statement")]
    outcomes = verify([made("short_sum"), *bad, made("quotient")])
    assert {name for name, outcome in outcomes.items() if outcome.accepted} == {"short_sum", "quotient"}


@pytest.mark.slow
@needs_coq
def test_premises_that_cannot_hold_are_rejected():
    honest = made("short_sum")
    never = re.sub(r"(Definition example : Prop :=).*?\.\nEnd", r"\1 False.\nEnd", honest.specification, flags=re.DOTALL)
    assert never != honest.specification
    assert not verify([Certificate("short_sum", never, honest.proof)])["short_sum"].accepted


REFUTED = {
    "sign": (Claim(Partial(L, z[i]), "=", y[i] - a[i]), SOFTMAX.assume(TOTAL)),
    "total": (Claim(summation(a[k], k, 1, n), "=", n), SOFTMAX),
    "power": (Claim(Partial(x**3, x), "=", x**2), Context()),
    "strict": (Claim(a[i], "<", Integer(1)), SOFTMAX),
    "indices": (Claim(Partial(a[i], z[j]), "=", a[i] * a[j]), SOFTMAX),
}


@pytest.mark.slow
@needs_coq
def test_refutations_are_theorems():
    certificates = [refuting(name, *REFUTED[name]) for name in REFUTED]
    assert all("~ (" in certificate.specification for certificate in certificates)
    outcomes = verify(certificates)
    assert {name: outcome.reason for name, outcome in outcomes.items() if not outcome.accepted} == {}


@pytest.mark.parametrize("name", ["gradient", "at_most", "short_sum"])
def test_what_holds_has_no_refutation(name):
    with pytest.raises(NoProof):
        refuting(name, *ACCEPTED[name])


@pytest.mark.slow
@needs_coq
def test_the_command_line_says_what_was_certified(tmp_path):
    page = tmp_path / "notes.md"
    page.write_text(
        "$$s = \\frac{1}{1 + e^{-x}}$$\n\n$$\\frac{ds}{dx} = s (1 - s)$$\n\n$$\\frac{ds}{dx} = s$$\n\n$$\\zeta(3) = ?$$\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, "-m", "derive", "check", str(page), "--certify", "coq", "--format", "json"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
    )
    claims = json.loads(done.stdout)["documents"][0]["claims"]
    assert [(c["verdict"], c["certified"], c["certificate"]) for c in claims][:3] == [
        ("definition", None, None),
        ("proved", True, None),
        ("refuted", True, None),
    ]
    assert done.returncode == 1


def test_certificates_are_not_asked_for_by_default():
    (claim,) = check_paths([], ["x + x = 2x"], [], 1).claims
    assert claim.certified is None and claim.certificate is None


def test_without_coq_one_line_says_how_to_get_it(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "derive", "check", "-e", "x = x", "--certify", "coq"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        env={"PATH": str(tmp_path), "PYTHONPATH": str(ROOT)},
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"derive: {coqc.ADVICE}\n"


@needs_coq
def test_time_is_bounded(tmp_path):
    (tmp_path / "Long.v").write_text("Goal True. do 1000000000 idtac. exact I. Qed.\n", encoding="utf-8")
    assert coqc.compile_file(tmp_path, "Long.v", seconds=2.0).timed_out


@pytest.mark.slow
@needs_coq
def test_a_proof_is_one_file_with_a_theorem_for_each_step(tmp_path):
    page = tmp_path / "goal.md"
    page.write_text("$$s = \\frac{1}{1 + e^{-x}}$$\n\n$$\\frac{ds}{dx} = ?$$\n", encoding="utf-8")
    target = tmp_path / "Proof.v"
    done = subprocess.run(
        [sys.executable, "-m", "derive", "prove", str(page), "--format", "coq", "-o", str(target)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    text = target.read_text(encoding="utf-8")
    assert "Module goal_1_step_1." in text and "eq_trans T_" in text
    built = coqc.compile_file(tmp_path, "Proof.v")
    assert built.ok and "cheat" not in built.output


def test_a_file_of_its_own_requires_nothing_of_the_program():
    text = standalone([made("short_sum")])
    assert "Require Vocabulary" not in text and "Require Import Vocabulary" not in text

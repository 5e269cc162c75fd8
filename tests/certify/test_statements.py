"""What certificates say: statements as text, names, domain facts."""

import re

import pytest
from sympy import Integer, KroneckerDelta, exp, log

from derive.certify.certificate import assumptions, harmless, spec_file, specification
from derive.certify.issue import NoProof, OutsideFragment, certificate_of, scaled
from derive.certify.issued import Certificate
from derive.certify.statement.names import Names, plain
from derive.terms.context import Claim, Context, Definition, Fact, Obligation, OneHot
from derive.terms.terms import Partial, family, index, scalar, size, summation

i, j, k, n = index("i"), index("j"), index("k"), size("n")
z, a, y = family("z"), family("a"), family("y")
x, L = scalar("x"), scalar("L")
SOFTMAX = Context().define(
    Definition(a[i], exp(z[i]) / summation(exp(z[k]), k, 1, n)), Definition(L, -summation(y[k] * log(a[k]), k, 1, n))
)
TOTAL = Fact(summation(y[k], k, 1, n), "=", Integer(1))


BARE = Context()


def said(claim, context=BARE, conditions=()):
    """The statement on one line, without the example."""
    text = specification("c", scaled(claim, context, conditions)).partition("Definition example")[0]
    return " ".join(text.removeprefix("Module c.").split())


def test_definitions_stay_definitions_and_derivatives_are_derivatives():
    text = said(Claim(Partial(L, z[i]), "=", a[i] - y[i]), SOFTMAX.assume(TOTAL))
    assert re.sub(r"k_(_\d+)?\b", "k", text) == (
        "Definition a_ (n_ : Z) (z_ : Z -> R) (i__2 : Z) : R := "
        "((exp (z_ i__2)) / (Sum 1%Z n_ (fun k : Z => (exp (z_ k))))). "
        "Definition L_ (n_ : Z) (y_ : Z -> R) (a__2 : Z -> R) : R := "
        "(- (Sum 1%Z n_ (fun k : Z => ((y_ k) * (ln (a__2 k)))))). "
        "Definition statement : Prop := forall (n_ : Z) (i_ : Z) (z_ : Z -> R) (y_ : Z -> R), "
        "(1%Z <= n_)%Z -> (1%Z <= i_ <= n_)%Z -> ((Sum 1%Z n_ (fun k : Z => (y_ k))) = 1) -> "
        "(forall k : Z, (1%Z <= k <= n_)%Z -> ((Sum 1%Z n_ (fun k : Z => (exp (z_ k)))) <> 0)) /\\ "
        "(forall k : Z, (1%Z <= k <= n_)%Z -> (0 < ((a_ n_ z_) k))) /\\ "
        "(ex_derive (fun t_ : R => (L_ n_ y_ (a_ n_ (upd z_ i_ t_)))) (z_ i_)) /\\ "
        "((Sum 1%Z n_ (fun k : Z => (exp (z_ k)))) <> 0) /\\ "
        "((Derive (fun t_ : R => (L_ n_ y_ (a_ n_ (upd z_ i_ t_)))) (z_ i_)) = (((a_ n_ z_) i_) - (y_ i_)))."
    )


def test_a_defined_family_by_which_is_differentiated_counts_as_independent():
    text = said(Claim(Partial(L, a[j]), "=", -y[j] / a[j]), SOFTMAX)
    assert "(Derive (fun t_ : R => (L_ n_ y_ (upd (a_ n_ z_) j_ t_))) ((a_ n_ z_) j_))" in text


def test_second_derivatives_exist_nearby_too():
    text = said(Claim(Partial(Partial(L, z[i]), z[j]), "=", a[i] * (KroneckerDelta(i, j) - a[j])), SOFTMAX.assume(TOTAL))
    assert "(locally (z_ j_) (fun t_ : R => (ex_derive (fun t__2 : R =>" in text


def test_what_does_not_follow_is_a_premise_and_what_does_is_a_goal():
    claim = Claim(x / x + y[i], "=", y[i] + 1, (Obligation(x, "!="),))
    assert said(claim).endswith("(x_ <> 0) -> ((1 + (y_ i_)) = (1 + (y_ i_))).")
    positive = Context().assume(Fact(x, ">", Integer(0)))
    text = said(Claim(log(x) + 1 / x, "=", log(x) + x**-1), positive)
    assert "(0 < x_) -> (0 < x_)" not in text and text.count("->") == 1 and "(x_ <> 0) /\\" in text


def test_a_hypothesis_is_printed_as_it_stands():
    one_hot = said(Claim(summation(y[k] ** 2, k, 1, n), "=", Integer(1)), Context().assume(OneHot(y)))
    assert "(1%Z <= cofy_ <= n_)%Z -> (forall k_" in one_hot and "= (delta k_" in one_hot
    assert "(i_ = j_)%Z ->" in said(Claim(z[i], "=", z[j]), Context().assume(Fact(i, "=", j)))


@pytest.mark.parametrize(
    "name",
    [
        "forall",
        "Prop",
        "exp",
        "Sum",
        "fun",
        "λ",
        "τ",
        "\\ell",
        "x'",
        "a b",
        "Axiom",
        "_",
        "1",
        "",
        "R",
        "S",
        "e",
        "x). Axiom cheat : False. Definition y := (0",
        "*) Axiom cheat : False. (*",
        '"',
        "x\n. Axiom b : False.",
        "𝒛",
        "变量",
    ],
)
def test_hostile_names_are_plain_identifiers(name):
    given = Names().of("key", name)
    assert given.endswith("_") and given.isascii() and given.replace("_", "").isalnum() and given[0].isalpha()


def test_different_quantities_never_share_a_name():
    names = Names()
    wishes = ["τ", "tau", "\\tau", "x", "x", "", "1", "x_", "x__2", "x2"]
    given = [names.of(number, wish) for number, wish in enumerate(wishes)]
    assert len(set(given)) == len(wishes)
    assert names.of(0, "other") == given[0]


def test_a_hostile_name_cannot_say_anything_in_a_statement():
    bad = scalar("x). Axiom cheat : False. Definition y := (0")
    text = specification("c", scaled(Claim(bad + 1, "=", 1 + bad), Context(), ()), "a *) Axiom cheat : False. (* b")
    assert "(* a ) Axiom cheat : False. ( b *)" in text and text.count("*)") == 1
    assert re.search(r"\bAxiom\b", text.replace("(* a ) Axiom cheat : False. ( b *)", "")) is None
    assert "forall (xAxiomcheatFalseDefiniti_ : R)," in text


def test_comments_are_harmless():
    assert harmless('*)"\n(* λ') == ")?( ?"
    assert plain("forall") == "forall"


@pytest.mark.parametrize(
    "claim",
    [
        Claim(Integer(1), "=", Integer(1), rounding=2),
        Claim(Partial(scalar("E"), x), "=", x),
        Claim(x ** Integer(100), "=", x ** Integer(100)),
        Claim(x**n * x, "=", x ** (n + 1)),
    ],
)
def test_what_cannot_be_said_is_outside(claim):
    with pytest.raises(OutsideFragment):
        scaled(claim, Context(), ())


def test_sides_that_differ_have_no_script():
    with pytest.raises(NoProof, match="normal forms"):
        certificate_of("c", Claim(x + 1, "=", x), Context())


def test_hypotheses_that_exclude_each_other_have_no_example():
    context = Context().assume(Fact(x, ">", Integer(0)), Fact(x, "<", Integer(0)))
    with pytest.raises(NoProof, match="example"):
        certificate_of("c", Claim(x, "=", x), context)


def test_reports_on_axioms_are_read_with_their_types():
    known = "Axioms:\nClassical_Prop.classic : forall P : Prop, P \\/ ~ P\n"
    assert assumptions(known) == []
    assert assumptions(known.replace("~ P", "P")) == ["Classical_Prop.classic"]
    assert assumptions(known + "Cert.c.cheat : False\n") == ["Cert.c.cheat"]
    assert assumptions("Axioms:\nclassic : forall P : Prop, P \\/ ~ P\n") == ["classic"]
    assert assumptions(known + "everything relies on an unsafe hierarchy.\n") != []


def test_the_specification_is_written_before_the_proof_and_without_it():
    assert "cheat" not in spec_file([Certificate("c", "Module c.\nEnd c.\n", "cheat")])

"""What is known of a context grows with it: the work for each further definition does not depend on how many there are."""

from __future__ import annotations

import pytest
from sympy import Integer

from derive.normal.unfold import Unfolder
from derive.terms import heads
from derive.terms.context import Context, Definition
from derive.terms.heads import ByHead, key_of
from derive.terms.terms import scalar


def work(count, monkeypatch):
    """How many names of heads are read while a context grows by `count` definitions, each unfolded where it stands."""
    calls = 0

    def counted(head):
        nonlocal calls
        calls += 1
        return key_of(head)

    with monkeypatch.context() as patch:
        patch.setattr(heads, "key_of", counted)
        context = Context()
        for number in range(count):
            context = context.define(Definition(scalar(f"u{number}"), Integer(number)))
            assert Unfolder(context)(scalar(f"u{number}")) == number
    return calls


def test_the_work_for_definitions_is_linear(monkeypatch):
    assert work(200, monkeypatch) == 2 * work(100, monkeypatch)


@pytest.mark.parametrize("count", [1, 2, 3, 8, 21])
def test_each_definition_is_found_in_order(count):
    x = scalar("x")
    grown = ByHead()
    for number in range(count):
        grown = grown.adding([Definition(x, Integer(number)), Definition(scalar(f"y{number}"), x)])
    assert [d.body for d in grown.get(key_of(x))] == list(range(count))
    assert all(key_of(scalar(f"y{number}")) in grown for number in range(count))
    assert key_of(scalar("z")) not in grown


def test_a_context_does_not_know_what_another_branch_defines():
    x, y = scalar("x"), scalar("y")
    trunk = Context().define(Definition(x, Integer(1)))
    one, other = trunk.define(Definition(y, Integer(2))), trunk.define(Definition(y, Integer(3)))
    assert (Unfolder(one)(y), Unfolder(other)(y), Unfolder(trunk)(y)) == (2, 3, y)


def test_a_later_definition_of_the_same_head_replaces_the_earlier_one():
    x = scalar("x")
    context = Context().define(Definition(x, Integer(1))).define(Definition(x, Integer(2)))
    assert [d.body for d in context.known.get(key_of(x))] == [2]
    assert Unfolder(context.assume())(x) == 2

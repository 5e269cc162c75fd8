"""Time and memory end: what takes too much of either is given up alone, and what stands around it is judged."""

from __future__ import annotations

import faulthandler
import importlib
import os
import sys

import pytest

from derive.documents import DocumentError, load
from derive.jobs.check import check_paths
from derive.jobs.limits import Failed, Limits, TooMuch, run_all
from derive.terms.reasons import Why, because

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="without processes that can be forked there are no limits")
checking = importlib.import_module("derive.jobs.check")
walk = importlib.import_module("derive.narrative.walk")
cli = importlib.import_module("derive.cli")
DOCUMENT = "We find $$(x^2)' = 2x$$\n\nand $$(q^3)' = 3q^2$$\n\nand $$(x^3)' = 3x^2$$\n\nbut $$(x^3)' = 2x^2$$\n"


def forever():
    while True:
        pass


def hog():
    held = []
    while True:
        held.append(bytearray(2**24))


def deep(level=0):
    return deep(level + 1) + 1


def aborts():
    """As GMP and FLINT end where memory ends."""
    faulthandler.disable()
    os.abort()


def errs():
    raise ValueError("an error of this program")


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    return path


def verdicts(path, limits):
    report = check_paths([path], [], [], 1, limits=limits)
    return [(claim.verdict, claim.message) for claim in report.claims], report.exit_status()


def instead(function, what):
    """`function`, but for what is about q: there it is `what`."""

    def replaced(subject, *more, **named):
        return what() if "q" in str(subject) else function(subject, *more, **named)

    return replaced


CUTS = [
    pytest.param(forever, Limits(4), "given up: it needed more than 4 seconds", marks=pytest.mark.slow),
    (hog, Limits(60, 300), "given up: it needed more than 300 MiB of memory"),
    pytest.param(deep, Limits(60), "given up: it is nested too deeply", marks=pytest.mark.slow),
    (aborts, Limits(60, 300), "given up: it needed more than 300 MiB of memory"),
]


@pytest.mark.parametrize(("what", "limits", "message"), CUTS)
def test_a_claim_that_is_cut_off_takes_no_other_with_it(document, monkeypatch, what, limits, message):
    monkeypatch.setattr(checking, "decide", instead(checking.decide, what))
    found, status = verdicts(document, limits)
    assert [verdict for verdict, _ in found] == ["proved", "unread", "proved", "refuted"]
    assert found[1][1] == message
    assert status == 1


@pytest.mark.parametrize(("what", "limits", "message"), CUTS)
def test_a_formula_whose_reading_is_cut_off_takes_no_other_with_it(document, monkeypatch, what, limits, message):
    monkeypatch.setattr(walk, "read_formula", instead(walk.read_formula, what))
    found, status = verdicts(document, limits)
    assert [verdict for verdict, _ in found] == ["proved", "unread", "proved", "refuted"]
    assert found[1][1] == message
    assert status == 1


@pytest.mark.slow
def test_two_claims_are_cut_off_each_for_itself(document, monkeypatch):
    monkeypatch.setattr(walk, "read_formula", instead(walk.read_formula, deep))
    decide = checking.decide
    monkeypatch.setattr(
        checking, "decide", lambda claim, context: deep() if "2*x" in str(claim.right) else decide(claim, context)
    )
    found, _ = verdicts(document, Limits(60))
    assert [verdict for verdict, _ in found] == ["unread", "unread", "proved", "unread"]


def test_an_error_is_told_and_ends_with_3(document, monkeypatch):
    monkeypatch.setattr(checking, "decide", instead(checking.decide, errs))
    found, status = verdicts(document, Limits(60))
    assert [verdict for verdict, _ in found] == ["proved", "unread", "proved", "refuted"]
    assert found[1][1].startswith("a bug of this program: ValueError: an error of this program (test_limits.py:")
    assert status == 3


def test_within_the_limits_nothing_is_cut_off(document):
    found, status = verdicts(document, Limits(60, 600))
    assert [verdict for verdict, _ in found] == ["proved", "proved", "proved", "refuted"]
    assert status == 1


def test_a_document_whose_text_cannot_be_searched_in_time(document, monkeypatch):
    monkeypatch.setattr(importlib.import_module("derive.documents.reading"), "read_markdown", lambda *more: forever())
    report = check_paths([document], [], [], 1, limits=Limits(0.2))
    assert report.documents[0].error == "cannot be read: given up: it needed more than 0.6 seconds"
    assert report.exit_status() == 2


@pytest.mark.parametrize("arguments", [["check"], ["prove"], ["code"]])
def test_the_command_line_says_so_in_one_line(document, monkeypatch, capsys, arguments):
    monkeypatch.setattr(importlib.import_module("derive.documents.reading"), "read_markdown", lambda *more: forever())
    assert cli.run([*arguments, str(document), "--timeout", "0.2"]) == 2
    output = capsys.readouterr()
    assert "refuted" not in output.out and (output.out == "") is (arguments != ["check"])
    assert output.err == f"derive: {document}: cannot be read: given up: it needed more than 0.6 seconds\n"


@pytest.mark.parametrize("text", ["{", '{"cells": [{"cell_type": "markdown", "source": 3}]}', "[" * 100_000])
@pytest.mark.parametrize("command", ["check", "prove", "code"])
def test_what_is_no_notebook_ends_with_2(tmp_path, capsys, command, text):
    path = tmp_path / "a.ipynb"
    path.write_text(text, encoding="utf-8")
    assert cli.run([command, str(path)]) == 2
    output = capsys.readouterr()
    assert (output.out == "") is (command != "check")
    assert output.err.startswith(f"derive: {path}: not a notebook: ") and output.err.count("\n") == 1


@pytest.mark.parametrize(("option", "value"), [("--timeout", "0"), ("--timeout", "nan"), ("--memory", "1"), ("--memory", "x")])
def test_limits_that_are_none(document, capsys, option, value):
    assert cli.run(["check", str(document), option, value]) == 2
    assert option in capsys.readouterr().err


def test_the_options_of_the_command_line(document, monkeypatch, capsys):
    monkeypatch.setattr(checking, "decide", instead(checking.decide, hog))
    assert cli.run(["check", str(document), "--timeout", "60", "--memory", "300"]) == 1
    assert "given up: it needed more than 300 MiB of memory" in capsys.readouterr().out


def test_what_the_work_raises_itself_comes_through(tmp_path):
    def work(step):
        load(tmp_path / "none.md")
        yield lambda failed: 1

    with pytest.raises(DocumentError):
        Limits(60).stream(work, errors=(DocumentError,))
    with pytest.raises(Failed, match="DocumentError"):
        Limits(60).stream(work)


def test_a_piece_that_cannot_be_given_up_is_a_failure():
    with pytest.raises(Failed, match="could not even be given up"):
        Limits(0.2).stream(lambda step: iter([lambda failed: forever()]))


def test_steps_that_were_cut_off_are_told_why():
    def work(step):
        told = []
        for number in range(4):
            told.append(step())
            if number == 2 and not told[-1]:
                forever()
        yield lambda failed: told

    assert Limits(1).stream(work) == [[None, None, because(Why.TOO_LONG, seconds="1"), None]]


def test_no_step_is_cut_off_twice():
    def work(step):
        step()
        forever()
        yield lambda failed: None

    with pytest.raises(TooMuch):
        Limits(0.2).stream(work)


def test_no_process_is_left_when_a_stream_ends_early():
    import multiprocessing

    def tell(done, total):
        if done:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Limits(60).stream(lambda step: iter([lambda failed: 1, lambda failed: forever()]), tell)
    assert multiprocessing.active_children() == []


def test_an_error_in_one_of_several_jobs_ends_the_others():
    def job(item, tell):
        if item == 1:
            raise DocumentError("one of them")
        return Limits(600).stream(lambda step: iter([lambda failed: forever()]), tell)

    with pytest.raises(DocumentError, match="one of them"):
        run_all([0, 1], job, 2, None)


def test_jobs_give_the_same_as_one_after_the_other():
    def job(item, tell):
        return Limits(60).stream(lambda step: iter([lambda failed, k=k: item * k for k in range(3)]), tell)

    assert run_all(range(6), job, 3, None) == run_all(range(6), job, 1, None) == [[0, i, 2 * i] for i in range(6)]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_child_without_its_parent_is_ended_by_the_kernel():
    def work(step):
        import resource

        yield lambda failed: resource.getrlimit(resource.RLIMIT_CPU)[0]

    (limit,) = Limits(3).stream(work)
    assert 0 < limit < 600

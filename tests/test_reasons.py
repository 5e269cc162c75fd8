"""No wording decides: without any words the verdicts, exit statuses and counts are the same; without the reasons not."""

import ast
import importlib
import json
from pathlib import Path
from string import Formatter

import pytest

from derive.jobs.check import check, check_paths
from derive.jobs.prove import prove
from derive.judge.decide import Disagreement
from derive.terms.reasons import Reason, Why, because, together
from derive.writing.messages.english import ENGLISH
from derive.writing.messages.rendering import EXPECTED, rendered
from tests.sources import parsed

ROOT = Path(__file__).resolve().parents[1]
CASES = ROOT.parent / "shared" / "cases"
DECIDING = ("judge", "narrative", "jobs", "latex", "prover", "report")
checking = importlib.import_module("derive.jobs.check")
roles = importlib.import_module("derive.narrative.roles.definitions")

EXAMPLE = "Let $a = 1$ and $b = 2$.\n\nFor example, with $a = 3$:\n\n$$a + 1 = 4$$\n\nThe other value is\n\n$$b = 4$$\n"
DOCUMENTS = [
    "$(x+1)^2 = x^2 + 2x + 1$, but $(x+1)^2 = x^2 + 1$, and $\\sqrt{x^2} = x$.",
    "Assume $x > 0$.\n\n$$2|x| = 2x$$\n\n$$|x y| \\le (x^2 + y^2)/2$$\n\n$$\\frac{1}{0} = 1$$\n\n$$x + y$$",
    "Define $a_i = e^{z_i}$.\n\n$$\\frac{\\partial a_i}{\\partial z_j} = a_i$$\n\nfor $i = j$.\n\n$$a_i = ?$$",
    "Let $f(x) = x^2$. Now let $f(x) = x^3$.\n\n$$f'(x) = 3x^2$$\n\n$$\\int x = 1$$\n\n$$x$ = 3 or $x = 4$$",
    "$$\\frac{\\partial L}{\\partial w} = \\delta x$$\n\n$$L = 3w$$\n\n$$h_t = w h_{t-1} + x_t$$\n\n$$h_2 = w h_1 + x_2$$",
    EXAMPLE,
]
HOLES = ["$$(x^2 + 1)' = ?$$", "$$\\frac{\\partial L}{\\partial z} = ?$$", "Let $f(x) = |x|$.\n\n$$f'(x) = ?$$", "$$a = b$$"]
LIBRARY = ("temperature.md", "weight-update.md")


def documents():
    yield from DOCUMENTS
    yield from ((ROOT / "proofs" / name).read_text(encoding="utf-8") for name in LIBRARY)


def cases():
    if not CASES.exists():
        return []
    found = [json.loads(line) for path in sorted(CASES.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()]
    return [each["document"] for each in found if each.get("suffix") == ".md"][::20][:12]


def outcome(text, path):
    """All that is decided of a document: what each claim is, what is listed, and how the program ends."""
    path.write_text(text, encoding="utf-8")
    report = check_paths([path], [], [], 1)
    (document,) = report.documents
    claims = [(c.line, c.verdict, c.relation, c.reason, c.is_finding, len(c.conditions), c.at is None) for c in document.claims]
    return (
        claims,
        report.counts(),
        len(document.context.inferred),
        len(document.notes),
        [report.exit_status(strict) for strict in (False, True)],
    )


@pytest.fixture
def silent(monkeypatch):
    """Called, it takes every word away."""

    def silence():
        for why in ENGLISH:
            monkeypatch.setitem(ENGLISH, why, "")

    return silence


def test_without_words_every_verdict_and_status_is_the_same(silent, tmp_path):
    texts = list(documents())
    before = [outcome(text, tmp_path / "notes.md") for text in texts]
    silent()
    assert [c.message for c in check(DOCUMENTS[0]).claims] == ["", "", ""]
    assert [outcome(text, tmp_path / "notes.md") for text in texts] == before
    assert {claim[1] for found in before for claim in found[0]} >= {
        "proved",
        "conditional",
        "refuted",
        "tested",
        "definition",
        "assumption",
        "unread",
    }


@pytest.mark.skipif(not CASES.exists(), reason="the cases beside the repository are not there")
def test_without_words_the_cases_are_judged_as_before(silent, tmp_path):
    before = [outcome(text, tmp_path / "case.md") for text in cases()]
    silent()
    assert len(before) == 12 and [outcome(text, tmp_path / "case.md") for text in cases()] == before


def test_without_words_the_same_holes_are_filled(silent):
    def filled(text):
        report = prove(text)
        return [(goal.done, goal.reason and goal.reason.why) for goal in report.goals], report.exit_status()

    before = [filled(text) for text in HOLES]
    silent()
    assert [filled(text) for text in HOLES] == before
    assert before[0] == ([(True, None)], 0) and before[1] == ([(False, Why.UNKNOWN_DEPENDENCE)], 1)


def disagreeing(claim, context):
    raise Disagreement("planted")


def failing(claim, context):
    raise KeyError("planted")


@pytest.mark.parametrize("planted", [disagreeing, failing])
def test_a_fault_of_the_program_is_known_by_its_reason_alone(monkeypatch, silent, planted):
    monkeypatch.setattr(checking, "decide", planted)
    silent()
    assert check_paths([], ["x = x"], [], 1).exit_status() == 3
    monkeypatch.setattr(checking, "BROKEN", frozenset())
    assert check_paths([], ["x = x"], [], 1).exit_status() == 0


def test_another_reason_is_another_decision(monkeypatch):
    text = "Let $f(x) = x^2$. Now let $f(x) = x^3$."
    assert len(check(text).context.inferred) == 1
    monkeypatch.setattr(roles, "because", lambda why, **more: because(Why.DEFINES if why is Why.DEFINES_ANEW else why, **more))
    assert check(text).context.inferred == ()


# -- the catalogue -----------------------------------------------------------------------------------------------------


def parameters(why):
    return {name for _, name, _, _ in Formatter().parse(ENGLISH[why]) if name}


def test_every_reason_has_words():
    assert set(ENGLISH) == set(Why) and all(ENGLISH.values())
    assert len({why.value for why in Why}) == len(Why)


def test_a_second_language_is_a_second_table():
    other = {why: f"<{why.value}>" + "".join(f" {{{name}}}" for name in sorted(parameters(why))) for why in Why}
    for why in Why:
        reason = because(why, **{name: f"the {name}" for name in parameters(why)})
        assert rendered(reason, other).startswith(f"<{why.value}>")
        assert all(f"the {name}" in rendered(reason, table) for name in parameters(why) for table in (ENGLISH, other))
    nested = because(Why.NO_POINT, attempt=because(Why.ROUNDED))
    assert rendered(together(None, nested, because(Why.FALSE)), other) == "<no-point> <rounded>; <false>"
    with pytest.raises(KeyError):
        rendered(because(Why.FALSE), {})
    with pytest.raises(KeyError):
        rendered(Reason(Why.NO_POINT))


def test_what_could_stand_there_is_said_once():
    assert rendered(because(Why.TUPLE).with_(expected=")")) == "a tuple is not read here: expected )"
    assert rendered(because(Why.TUPLE)) == "a tuple is not read here"


# -- the sources -------------------------------------------------------------------------------------------------------


def trees(*rooms):
    for path, tree in parsed():
        room = path.relative_to(ROOT / "derive").parts[0]
        if not rooms or room in rooms:
            yield path, tree


def mismatched(tree):
    """The reasons that are given with other parameters than their row names."""
    for node in ast.walk(tree):
        given = node.args[0] if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "because" else None
        if isinstance(given, ast.Attribute) and getattr(given.value, "id", "") == "Why":
            why = Why[given.attr]
            if {keyword.arg for keyword in node.keywords} - {EXPECTED} != parameters(why):
                yield why


def test_every_reason_is_given_with_the_parameters_of_its_row():
    assert [(path.name, why) for path, tree in trees() for why in mismatched(tree)] == []
    assert list(mismatched(ast.parse("because(Why.NO_POINT)\nbecause(Why.FALSE, x=1)\nbecause(Why.FALSE)"))) == [
        Why.NO_POINT,
        Why.FALSE,
    ]


SEARCHES = {
    "startswith",
    "endswith",
    "find",
    "index",
    "count",
    "removeprefix",
    "partition",
    "split",
    "match",
    "fullmatch",
    "search",
}


def is_wording(node):
    """Whether the node is a text that was made for people: a message, or a reason in words."""
    if isinstance(node, ast.Subscript):
        return is_wording(node.value)
    if isinstance(node, ast.Call):
        called = node.func
        return getattr(called, "id", "") == "rendered" or (isinstance(called, ast.Attribute) and is_wording(called.value))
    return getattr(node, "attr", getattr(node, "id", "")) in ("message", "messages")


def searched(tree):
    """Where a message is compared or searched."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            found = any(is_wording(side) for side in (node.left, *node.comparators))
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SEARCHES:
            found = is_wording(node.func.value) or any(is_wording(argument) for argument in node.args)
        else:
            found = isinstance(node, ast.Match) and is_wording(node.subject)
        if found:
            yield node.lineno


def test_nothing_that_decides_searches_a_message():
    assert [(str(path), line) for path, tree in trees(*DECIDING) for line in searched(tree)] == []


@pytest.mark.parametrize(
    "code",
    [
        "if claim.message.startswith('x'): pass",
        "x = 'anew' in found.message",
        "y = message == 'case'",
        "re.search('a', verdict.message)",
        "claim.message.lower()[:3] == 'abc'",
        "rendered(reason) != ''",
        "match part.message:\n    case 'a': pass",
        "condition.text not in claim.message",
    ],
)
def test_a_planted_search_is_found(code):
    assert len(list(searched(ast.parse(code)))) == 1


@pytest.mark.parametrize("code", ["print(claim.message)", "x = why is Why.FALSE", "text.startswith('x')"])
def test_what_only_shows_a_message_is_none(code):
    assert list(searched(ast.parse(code))) == []

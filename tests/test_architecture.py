"""Imports go one way, modules do no work when they are imported, and no file is written for one formula."""

import ast
import re
from functools import cache

import pytest

from tests.sources import PACKAGE, ROOT, parsed, sources

# What each part may import of the project, besides itself, from the ground up. A part that is not listed may import
# nothing. The report of a check holds only data, so it stays light; that of a proof prints terms.
ALLOWED = {
    "distribution": set(),
    "ending": set(),
    "terms": set(),
    "balls": {"terms"},
    "normal": {"terms"},
    "documents": {"terms.elementary"},
    "project": {"documents", "jobs.outcome", "report"},
    "judge": {"balls", "normal", "terms"},
    "certify": {"balls", "judge", "terms"},
    "latex": {"balls", "terms"},
    "writing": {"judge", "latex", "terms"},
    "prover": {"judge", "latex", "normal", "terms", "writing"},
    "code": {"balls", "distribution", "judge", "normal", "prover", "terms", "writing"},
    "narrative": {"documents", "judge", "latex", "normal", "terms"},
    "jobs": {"certify", "code", "documents", "judge", "latex", "narrative", "normal", "prover", "terms", "writing"},
    "report": {"documents", "jobs.outcome", "judge.verdict", "judge.points.witness", ""},
    "report.proof": {"certify", "jobs", "judge", "latex", "prover", "report", "terms", "writing", ""},
    "output": {"report"},
    "training": {"balls", "code", "distribution", "documents", "jobs", "judge", "narrative", "terms"},
    "commands": {"certify", "code.targets", "documents", "jobs", "output", "project", "report", "report.proof", "training"},
    "cli": {"commands", "ending", "output", ""},
    "__main__": {"cli"},
    "": {"jobs", "training"},
}
# What must stay independent of what, directly or through others, so that an error in the one is not one in the other: the
# engines; what a certificate says, of how it is proved; what checks generated code, of what writes it.
APART = (
    ("normal", "balls"),
    ("balls", "normal"),
    ("judge.points", "normal"),
    ("certify.statement", "certify.script"),
    ("certify.statement", "normal"),
    ("code.functions.interpret", "code.python"),
    ("code.functions.interpret", "code.c"),
)
LIGHT = (
    "cli.py",
    "ending.py",
    "output.py",
    "__init__.py",
    "__main__.py",
    "distribution.py",
    "commands",
    "documents",
    "project",
    "report",
)
HEAVY = ("sympy", "numpy", "flint", "mpmath", "matplotlib", "torch", "jax")
FUNCTION_OF_THE_LIBRARY = re.compile(r"softmax|cross_?entropy", re.IGNORECASE)


def module_of(path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(part for part in parts if part != "__init__")


def part_of(module):
    return "report.proof" if module.startswith("report.proof") else module.split(".")[0]


def imports(tree):
    """The project's modules that a tree imports, without the leading ``derive.``; ``""`` is the package itself."""
    for node in ast.walk(tree):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            names = [f"derive.{alias.name}" for alias in node.names] if base == "derive" else [base]
        for name in names:
            if name == "derive" or name.startswith(("derive.", ".")):
                yield node.lineno, name.removeprefix("derive").removeprefix(".")


def upward(module, tree):
    """The imports of `module` that its part may not make."""
    allowed = ALLOWED.get(part_of(module), set())
    found = []
    for line, name in imports(tree):
        target = name if part_of(name) in ALLOWED else ""
        if target and part_of(target) == part_of(module):
            continue
        part = part_of(target)
        if target not in allowed and part not in allowed:
            found.append(f"{module}:{line} imports {name or 'derive'}")
    return found


def graph(trees):
    """Which module imports which, by name; `trees` are the modules' syntax trees."""
    return {module: imported(module, tree, trees) for module, tree in trees.items()}


def imported(module, tree, known):
    """Those of the `known` modules that one imports."""
    targets = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "derive":
            base = node.module.removeprefix("derive").removeprefix(".")
            names = {f"{base}.{alias.name}".removeprefix(".") for alias in node.names}
            targets |= {name if name in known else base for name in names}
        elif isinstance(node, ast.Import):
            targets |= {a.name.removeprefix("derive.") for a in node.names if a.name.startswith("derive.")}
    return {target for target in targets if target in known and target != module}


def circles(edges):
    """The sets of nodes that reach one another."""
    return {frozenset(o for o in reached(edges, n) if n in reached(edges, o)) for n in edges if n in reached(edges, n)}


def reached(edges, start):
    """The nodes to which a way leads from `start`; itself only on a circle."""
    found, waiting = set(), list(edges.get(start, ()))
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += edges.get(node, ())
    return found


def folders(edges, packages):
    """The same graph, of folders; a file of the top folder is a node of its own."""

    def room(module):
        return module if module in packages or "." not in module else module.rpartition(".")[0]

    found = {}
    for module, targets in edges.items():
        found.setdefault(room(module), set()).update(room(target) for target in targets if room(target) != room(module))
    return found


def met(edges):
    """The pairs of :data:`APART` that meet: a module, and what it reaches though it must not."""

    def within(module, part):
        return module == part or module.startswith(part + ".")

    return sorted(
        (module, target)
        for one, other in APART
        for module in edges
        if within(module, one)
        for target in reached(edges, module)
        if within(target, other)
    )


def work(tree):
    """Statements of a module that do something when it is imported, other than defining and importing."""
    for node in tree.body:
        is_call = isinstance(node, ast.Expr) and not isinstance(node.value, ast.Constant)
        if is_call or isinstance(node, ast.For | ast.While | ast.With | ast.Delete | ast.AugAssign):
            yield ast.unparse(node)


def without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return ast.unparse(tree)


def heavy_at_import(tree):
    for node in ast.walk(tree):
        for child in ast.iter_child_nodes(node):
            child.parent = node
    for node in ast.walk(tree):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            inside = node
            while inside is not None and not isinstance(inside, ast.FunctionDef):
                inside = getattr(inside, "parent", None)
            if inside is None:
                yield from (name for name in names if name.split(".")[0] in HEAVY)


def modules():
    return {module_of(path): tree for path, tree in parsed()}


@cache
def edges():
    return graph(modules())


def with_planted(module, code):
    """The imports of the package, had `module` that code."""
    return edges() | {module: imported(module, ast.parse(code), edges())}


def packages():
    return {module_of(path) for path in sources() if path.name == "__init__.py"}


def test_imports_go_one_way():
    assert [line for path, tree in parsed() for line in upward(module_of(path), tree)] == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("terms.terms", "from derive.judge.verdict import Kind"),
        ("normal.algebra.ring", "import derive.latex.grammar.expressions"),
        ("documents.tex", "from derive.terms import terms"),
        ("judge.decide", "def f():\n    from derive.report import Report"),
        ("report.check.json", "from derive.judge.decide import decide"),
        ("report.check.json", "from derive.terms import terms"),
        ("report.check.json", "from derive.report.proof import write"),
        ("jobs.prove", "from derive.report.proof import write"),
        ("latex.parser", "from derive import cli"),
        ("cli", "from derive.jobs.check import check_paths"),
        ("project.settings", "from derive.jobs.check import check_paths"),
        ("nonsense", "from derive.terms import terms"),
    ],
)
def test_a_planted_upward_import_is_found(module, code):
    assert len(upward(module, ast.parse(code))) == 1


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("judge.decide", "from derive.terms import terms"),
        ("report.check.json", "from derive.judge.verdict import Kind\nfrom derive.jobs.outcome import Report"),
        ("report.check.sarif", "from derive import __version__"),
        ("report.proof.html", "from derive.report.text.escape import visible\nfrom derive.jobs.prove import ProofReport"),
        ("normal.normaliser", "from derive.normal.series.sums import merge\nimport sympy"),
        ("commands.check", "from derive.jobs.check import check_paths"),
        ("cli", "from derive.commands.check import check"),
    ],
)
def test_a_downward_import_is_not(module, code):
    assert upward(module, ast.parse(code)) == []


def test_no_circle():
    assert circles(edges()) == set()
    assert circles(folders(edges(), packages())) == set()


def test_a_planted_circle_is_found():
    planted = with_planted("terms.context", "def f():\n    from derive.terms.heads import name_of")
    planted |= {"terms.heads": with_planted("terms.heads", "from derive.terms.context import Context")["terms.heads"]}
    assert circles(planted) == {frozenset({"terms.context", "terms.heads"})}
    planted = with_planted("judge.points.planted", "from derive.judge.verdict import Kind")
    assert frozenset({"judge", "judge.points"}) in circles(folders(planted, packages()))


def test_what_must_be_independent_is():
    assert met(edges()) == []


@pytest.mark.parametrize(
    ("module", "code", "other"),
    [
        ("balls.closures", "from derive.normal.unfold import Unfolder", "normal.unfold"),
        ("normal.algebra.ring", "def f():\n    from derive.balls.duals import Dual", "balls.duals"),
        ("terms.context", "from derive.balls.duals import Dual", "balls.duals"),
        ("judge.points.sampling", "import derive.normal.normaliser", "normal.normaliser"),
        ("certify.statement.facts", "from derive.certify.script.proof import write_proof", "certify.script.proof"),
        ("certify.statement.writer", "from derive.normal.signs import positive", "normal.signs"),
        ("code.functions.interpret", "from derive.code.python.numpy.target import write", "code.python.numpy.target"),
        ("code.arrays.program", "from derive.code.c.target import write", "code.c.target"),
    ],
)
def test_a_planted_meeting_is_found(module, code, other):
    assert module in edges() and other in edges()
    assert other in {target for _, target in met(with_planted(module, code))}


def test_no_work_at_import():
    assert [(str(path), line) for path, tree in parsed() for line in work(tree)] == []


def test_planted_work_is_found():
    assert list(work(ast.parse('"""Doc."""\nx = 1\nregister(x)\nfor y in x: pass\n'))) == [
        "register(x)",
        "for y in x:\n    pass",
    ]


def test_no_file_is_written_for_one_formula():
    named = [
        str(path.relative_to(ROOT))
        for path, tree in parsed()
        if path.relative_to(PACKAGE).parts[0] != "training" and FUNCTION_OF_THE_LIBRARY.search(without_docstrings(tree))
    ]
    assert named == []


def test_a_planted_name_is_found_and_a_docstring_is_not():
    assert FUNCTION_OF_THE_LIBRARY.search(without_docstrings(ast.parse("def f():\n    return 'softmax'")))
    assert not FUNCTION_OF_THE_LIBRARY.search(without_docstrings(ast.parse('def f():\n    """Like softmax."""')))


def test_light_parts_load_nothing_heavy():
    light = [
        (path, tree)
        for path, tree in parsed()
        if path.relative_to(PACKAGE).parts[0] in LIGHT and part_of(module_of(path)) != "report.proof"
    ]
    assert [(str(path), name) for path, tree in light for name in heavy_at_import(tree)] == []


def test_a_planted_heavy_import_is_found():
    assert list(heavy_at_import(ast.parse("import numpy as np\nfrom sympy import Expr"))) == ["numpy", "sympy"]
    assert list(heavy_at_import(ast.parse("def f():\n    import numpy"))) == []


def test_no_assert_in_the_package():
    found = [f"{path}:{node.lineno}" for path, tree in parsed() for node in ast.walk(tree) if isinstance(node, ast.Assert)]
    assert found == []


def skips_without_a_reason(tree):
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        name = call.func.attr
        said = any(each.arg == "reason" for each in call.keywords) or name == "skip" and call.args
        if name in ("skip", "skipif", "importorskip") and not said:
            yield call.lineno


def test_every_skip_says_why():
    for path in sorted((ROOT / "tests").rglob("*.py")):
        assert not list(skips_without_a_reason(ast.parse(path.read_text(encoding="utf-8")))), path


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("pytest.importorskip('torch')", [1]),
        ("pytest.skip()", [1]),
        ("@pytest.mark.skipif(True)\ndef test(): ...", [1]),
        ("pytest.importorskip('torch', reason='needs torch')", []),
        ("pytest.skip('no compiler')", []),
    ],
)
def test_a_skip_without_a_reason_is_found(source, found):
    assert list(skips_without_a_reason(ast.parse(source))) == found

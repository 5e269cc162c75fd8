"""Imports go one way, modules do no work when they are imported, and no file is written for one formula."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "derive"
# What each part may import of the project, besides itself, from the ground up. A part that is not listed may import
# nothing. The report of a check holds only data, so it stays light; that of a proof prints terms.
ALLOWED = {
    "algebra": set(),
    "distribution": set(),
    "documents": set(),
    "limits": set(),
    "output": {"report"},
    "judge": {"algebra"},
    "certify": {"algebra", "judge"},
    "latex": {"algebra"},
    "prover": {"algebra", "judge", "latex"},
    "code": {"algebra", "distribution", "judge", "latex", "prover"},
    "narrative": {"algebra", "documents", "judge", "latex"},
    "wording": {"algebra", "judge", "latex"},
    "setting": {"algebra", "judge", "latex", "prover", "wording"},
    "report": {"documents", "judge.verdict", ""},
    "check": {"algebra", "certify", "documents", "judge", "latex", "limits", "narrative", "report", "wording"},
    "prove": {"algebra", "documents", "judge", "latex", "limits", "narrative", "prover", "setting", "wording"},
    "compile": {"algebra", "code", "documents", "judge", "limits", "narrative", "prove", "prover"},
    "report.proof": {"algebra", "certify", "judge", "latex", "prove", "prover", "report", "setting", "wording", ""},
    "train": {"algebra", "code", "compile", "distribution", "documents", "judge", "latex", "narrative", "prover"},
    "cli": {"certify", "check", "code", "compile", "documents", "judge", "limits", "output", "project", "prove", "report",
            "report.proof", "train", ""},
    "__main__": {"cli"},
    "": {"check", "compile", "prove", "train"},
}
LIGHT = ("cli.py", "output.py", "__init__.py", "__main__.py", "distribution.py", "documents", "project", "report")
HEAVY = ("sympy", "numpy", "flint", "mpmath", "matplotlib", "torch", "jax")
FUNCTION_OF_THE_LIBRARY = re.compile(r"softmax|cross_?entropy", re.IGNORECASE)


def sources():
    return sorted(path for path in PACKAGE.rglob("*.py") if "library" not in path.relative_to(PACKAGE).parts[:1])


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


def parsed():
    return [(path, ast.parse(path.read_text(encoding="utf-8"))) for path in sources()]


def test_imports_go_one_way():
    assert [line for path, tree in parsed() for line in upward(module_of(path), tree)] == []


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("algebra.terms", "from derive.judge.verdict import Kind"),
        ("algebra.terms", "import derive.latex.parser"),
        ("documents.tex", "from derive.terms import terms"),
        ("judge.decide", "def f():\n    from derive.report import Report"),
        ("report.json", "from derive.judge.decide import decide"),
        ("report.json", "from derive.terms import terms"),
        ("report.json", "from derive.report.proof.formats import write"),
        ("prove", "from derive.report.proof.formats import write"),
        ("latex.parser", "from derive import cli"),
        ("nonsense", "from derive.terms import terms"),
    ],
)
def test_a_planted_upward_import_is_found(module, code):
    assert len(upward(module, ast.parse(code))) == 1


@pytest.mark.parametrize(
    ("module", "code"),
    [
        ("judge.decide", "from derive.terms import terms"),
        ("report.json", "from derive.judge.verdict import Kind\nfrom derive.jobs.outcome import Report"),
        ("report.sarif", "from derive import __version__"),
        ("report.proof_html", "from derive.report.text.escape import visible\nfrom derive.jobs.prove import ProofReport"),
        ("algebra.terms", "from derive.normal.sums import merge\nimport sympy"),
        ("cli", "from derive.jobs.check import check_paths"),
    ],
)
def test_a_downward_import_is_not(module, code):
    assert upward(module, ast.parse(code)) == []


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
        if path.relative_to(PACKAGE).parts[0] != "train" and FUNCTION_OF_THE_LIBRARY.search(without_docstrings(tree))
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
    found = [
        f"{path}:{node.lineno}" for path, tree in parsed() for node in ast.walk(tree) if isinstance(node, ast.Assert)
    ]
    assert found == []

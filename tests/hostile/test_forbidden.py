"""Nothing in the package turns text into code: no call of `eval` and its kind, but for the places named here with a reason."""

from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from tests.sources import PACKAGE, named

FORBIDDEN = {
    "eval",
    "exec",
    "__import__",
    "sympify",
    "parse_expr",
    "parse_latex",
    "S",
    "lambdify",
    "os.system",
    "os.popen",
    "os.execv",
    "os.spawnl",
    "pickle.load",
    "pickle.loads",
    "marshal.loads",
    "shelve.open",
    "yaml.load",
    "yaml.unsafe_load",
    "ctypes.CDLL",
    "subprocess.run",
    "subprocess.Popen",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.getoutput",
    "import_module",
    "importlib.import_module",
    "exec_module",
    "spec_from_file_location",
    "dlopen",
    "np.load",
    "numpy.load",
    "torch.load",
    "runpy.run_path",
    "code.interact",
}

# Where, what, and why it is harmless.
SANCTIONED = {
    ("__init__.py", "import_module"): "names of this package's own modules, from a table in the file",
    ("terms/terms.py", "_sympify"): "strict: raises for text",
    ("certify/coq/coqc.py", "subprocess.Popen"): "the proof checker; the document decides none of its arguments",
    ("certify/coq/coqc.py", "subprocess.run"): "the same, for its version",
    ("code/c/build.py", "import_module"): "the fixed name cffi",
    ("code/c/build.py", "interface.dlopen"): "a library that was compiled from text that this program wrote",
    ("code/c/build.py", "subprocess.run"): "the compiler, with a list of arguments of which the document decides none",
    ("code/functions/lambdified.py", "sympy.lambdify"): "terms whose names were made anew from letters and digits",
    ("code/loading.py", "importlib.util.spec_from_file_location"): "loads a module that this program wrote",
    ("code/loading.py", "spec.loader.exec_module"): "the same",
    ("code/c/machine.py", "subprocess.run"): "the compiler, asked for its settings; the document decides no argument",
    ("code/targets.py", "import_module"): "the module of a target, from the table in the file",
    ("jobs/outcome.py", "import_module"): "the fixed name of the report's own module",
    ("jobs/prove.py", "import_module"): "the same",
    ("jobs/setting.py", "import_module"): "the same",
    ("writing/writer.py", "_sympify"): "strict: raises for text",
    ("jobs/limits.py", "pickle.loads"): "what the process's own child sends through a pipe that no one else holds",
    ("report/formats.py", "import_module"): "the module of a format, from the table in the file",
    ("terms/elementary.py", "import_module"): "the module of a function, from the table in the file",
    ("code/functions/interpret.py", "sympy.lambdify"): "a function of the table at one symbol; the document decides neither",
    ("jobs/setting.py", "_sympify"): "strict: raises for text",
    ("training/steps/generate.py", "import_module"): "the fixed names of optional libraries",
    (
        "training/steps/generate.py",
        "spec.loader.exec_module",
    ): "loads a module that this program wrote, or that --code names for running",
    ("training/steps/generate.py", "spec_from_file_location"): "the same",
    ("training/data/npz.py", "np.load"): "arrays of numbers only: allow_pickle is False",
    ("training/steps/saving.py", "np.load"): "the same",
}


def spelled(function):
    """``a.b.c`` as it is written."""
    if isinstance(function, ast.Name):
        return function.id
    return f"{spelled(function.value)}.{function.attr}" if isinstance(function, ast.Attribute) else ast.unparse(function)


@cache
def calls():
    """Every call by name in the package: file, name as it is written."""
    return [
        (where, spelled(node.func), node)
        for where, tree in named().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
    ]


def suspicious(name):
    last = name.rsplit(".", 1)[-1]
    return name in FORBIDDEN or (last in FORBIDDEN and last not in ("S", "load", "run")) or last in ("_sympify",)


def test_no_text_becomes_code():
    found = {(where, name) for where, name, _ in calls() if suspicious(name)}
    assert sorted(found - set(SANCTIONED)) == []


def test_every_sanctioned_place_is_still_there():
    assert sorted(set(SANCTIONED) - {(where, name) for where, name, _ in calls()}) == []


def test_arrays_are_loaded_without_objects():
    loads = [node for _, name, node in calls() if name in ("np.load", "numpy.load")]
    assert loads and all(any(k.arg == "allow_pickle" and k.value.value is False for k in node.keywords) for node in loads)


def test_no_shell_and_no_argument_that_a_shell_reads():
    for where, name, node in calls():
        assert not any(keyword.arg == "shell" for keyword in node.keywords), (where, name)
        if name.startswith("subprocess.") and node.args:
            assert not isinstance(node.args[0], ast.JoinedStr | ast.Constant), (where, name)


def test_evaluating_names_are_bound_to_nothing_else():
    """No `from builtins import eval as e`, no `getattr(builtins, ...)`."""
    for where, tree in named().items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Import | ast.ImportFrom):
                module = getattr(node, "module", "") or ""
                imported = {alias.name for alias in node.names}
                assert module not in ("builtins", "code", "runpy", "marshal", "shelve"), where
                assert not imported & {"builtins", "runpy", "marshal", "shelve", "sympify", "parse_expr", "parse_latex"}, where
        assert not re.search(r"__builtins__|getattr\(builtins", (PACKAGE / where).read_text(encoding="utf-8")), where


@pytest.mark.parametrize(
    ("line", "caught"),
    [
        ("eval(text)", True),
        ("sympy.sympify(text)", True),
        ("pickle.loads(data)", True),
        ("os.system(text)", True),
        ("importlib.import_module(name)", True),
        ("_sympify(value)", True),
        ("interface.dlopen(name)", True),
        ("json.loads(text)", False),
        ("evaluate(term)", False),
        ("re.compile(text)", False),
        ("self.run(text)", False),
    ],
)
def test_the_test_finds_what_it_looks_for(line, caught):
    (call,) = [node for node in ast.walk(ast.parse(line)) if isinstance(node, ast.Call)]
    assert suspicious(spelled(call.func)) is caught


def test_text_is_refused_where_a_term_is_expected():
    from sympy.core.sympify import SympifyError

    from derive.terms.terms import Partial, scalar
    from derive.writing.writer import latex

    for refused in (lambda: Partial("__import__('os')", scalar("x")), lambda: latex("__import__('os')")):
        with pytest.raises(SympifyError):
            refused()

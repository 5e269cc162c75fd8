"""The command line: arguments, exit status, streams."""

import importlib
import io
import json
import os
import signal
import subprocess
import sys
import types
from pathlib import Path

import pytest

from derive.report import Claim, DocumentReport, Report

cli = importlib.import_module("derive.cli")
ROOT = Path(__file__).resolve().parents[1]
CALLS = []


def claim(verdict, message=""):
    return Claim(f"a.md:1:2:{verdict}", 1, 2, 1, 7, "a = b", "=", verdict, message=message)


@pytest.fixture
def checked(monkeypatch):
    """Replaces the check; what it returns, or raises, is set by the test."""
    CALLS.clear()
    outcome = {"report": Report((DocumentReport("a.md", (claim("proved"),)),))}

    def check_paths(paths, expressions, given, jobs, progress):
        CALLS.append((paths, expressions, given, jobs))
        progress(1, 1, "a.md")
        if isinstance(outcome["report"], BaseException):
            raise outcome["report"]
        return outcome["report"]

    module = types.ModuleType("derive.jobs.check")
    module.check_paths = check_paths
    monkeypatch.setitem(sys.modules, "derive.jobs.check", module)
    return outcome


@pytest.fixture
def note(tmp_path):
    path = tmp_path / "notes.md"
    path.write_text("$a = b$")
    return path


def derive(*arguments, **more):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-m", "derive", *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        env=environment,
        **more,
    )


@pytest.mark.parametrize(
    ("verdict", "strict", "status"),
    [
        ("proved", False, 0),
        ("proved", True, 0),
        ("refuted", False, 1),
        ("conditional", False, 0),
        ("conditional", True, 1),
        ("tested", False, 0),
        ("tested", True, 1),
        ("unread", False, 0),
        ("unread", True, 1),
        ("definition", True, 0),
    ],
)
def test_exit_status(checked, note, capsys, verdict, strict, status):
    checked["report"] = Report((DocumentReport("a.md", (claim(verdict),)),))
    assert cli.run(["check", "-v", str(note), *(["--strict"] if strict else [])]) == status
    output = capsys.readouterr()
    assert f"{verdict}  a = b" in output.out
    assert output.err == ""


def test_disagreement_ends_with_3(checked, note, capsys):
    checked["report"] = Report(disagreements=("notes.md:1:2: proved, but the balls say 3",))
    assert cli.run(["check", str(note)]) == 3
    assert "the engines disagree" in capsys.readouterr().out


def test_arguments_reach_the_check(checked, note):
    arguments = ["check", str(note), "-", "-e", "-x < 0", "--given", "x > 0", "--given", "y = 1", "-j", "3"]
    assert cli.run(arguments) == 0
    assert [([note, "-"], ("-x < 0",), ["x > 0", "y = 1"], 3)] == CALLS


def test_a_folder_stands_for_its_documents(checked, tmp_path):
    for name in ("b.md", "a.tex", "sub/c.ipynb", "d.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert cli.run(["check", str(tmp_path)]) == 0
    assert [path.name for path in CALLS[0][0]] == ["a.tex", "b.md", "c.ipynb"]


def test_a_name_of_the_library(checked, tmp_path, monkeypatch):
    (tmp_path / "chain-rule.md").write_text("")
    monkeypatch.setattr(importlib.import_module("derive.documents.library"), "folder", lambda: tmp_path)
    assert cli.run(["check", "chain-rule"]) == 0
    assert CALLS[0][0] == [tmp_path / "chain-rule.md"]


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["check"], "derive: nothing to check: expected a PATH or -e CLAIM"),
        (["check", "--nope"], "derive: No such option '--nope'"),
        (["check", "a.md", "--format", "pdf"], "derive: Invalid value for '--format'"),
        (["check", "a.md", "-j", "0"], "derive: Invalid value for '-j'"),
        (["check", "no-such-proof"], "derive: no-such-proof: cannot be opened: no such file"),
        (["nope"], "derive: No such command 'nope'"),
        (["prove"], "derive: expected a PATH or -e GOAL, and not both"),
        (["check", "a.md", "--certify", "lean"], "derive: Invalid value for '--certify'"),
    ],
)
def test_wrong_usage_is_one_line_and_2(checked, capsys, arguments, line):
    assert cli.run(arguments) == 2
    output = capsys.readouterr()
    assert output.out == ""
    assert output.err.startswith(line) and output.err.count("\n") == 1


def test_a_document_that_cannot_be_opened(checked, capsys):
    checked["report"] = Report((DocumentReport("notes.md", error="cannot be opened: No such file or directory"),))
    assert cli.run(["check", "notes.md"]) == 2
    assert capsys.readouterr().err == "derive: notes.md: cannot be opened: No such file or directory\n"


def test_a_hostile_name_stays_on_its_line(checked, capsys):
    checked["report"] = Report((DocumentReport("a\x1b[31m\nb.md", error="cannot be opened"),))
    assert cli.run(["check", "a.md"]) == 2
    assert capsys.readouterr().err == "derive: a\\x1b[31m b.md: cannot be opened\n"


def test_an_empty_folder(checked, tmp_path, capsys):
    assert cli.run(["check", str(tmp_path)]) == 2
    assert capsys.readouterr().err == f"derive: {tmp_path}: cannot be opened: no document below this folder\n"


def test_interrupt(checked, note, capsys):
    checked["report"] = KeyboardInterrupt()
    assert cli.run(["check", str(note)]) == 130
    assert capsys.readouterr().err == "derive: interrupted\n"


def test_output_to_a_file(checked, note, tmp_path, capsys):
    target = tmp_path / "report.json"
    assert cli.run(["check", str(note), "--format", "json", "-o", str(target)]) == 0
    assert json.loads(target.read_text(encoding="utf-8"))["summary"]["proved"] == 1
    assert capsys.readouterr().out == ""
    assert sorted(path.name for path in tmp_path.iterdir()) == ["notes.md", "report.json"]


def test_output_that_cannot_be_written(checked, note, tmp_path, capsys):
    target = tmp_path / "none" / "report.json"
    assert cli.run(["check", str(note), "-o", str(target)]) == 2
    assert capsys.readouterr().err == f"derive: {target}: cannot be written: No such file or directory\n"


class _Terminal(io.TextIOWrapper):
    def __init__(self):
        super().__init__(io.BytesIO(), encoding="utf-8")

    def isatty(self):
        return True


def test_colour_only_on_a_terminal(checked, note, monkeypatch):
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    for variable, coloured in ((None, True), ("NO_COLOR", False)):
        if variable:
            monkeypatch.setenv(variable, "1")
        terminal = _Terminal()
        monkeypatch.setattr(sys, "stdout", terminal)
        assert cli.run(["check", str(note)]) == 0
        assert (b"\x1b[" in terminal.buffer.getvalue()) is coloured


def test_prove_dispatches(monkeypatch, note, capsys):
    class Proof:
        def exit_status(self):
            return 1

    prove, proof = types.ModuleType("derive.jobs.prove"), types.ModuleType("derive.report.proof.formats")
    prove.prove_document = lambda path, expression, given: CALLS.append((path, expression, given)) or Proof()
    proof.write = lambda report, form, lang, color: f"{form} {lang} {color}\n"
    monkeypatch.setitem(sys.modules, "derive.jobs.prove", prove)
    monkeypatch.setitem(sys.modules, "derive.report.proof.formats", proof)
    CALLS.clear()
    assert cli.run(["prove", str(note), "--format", "latex", "--lang", "zh"]) == 1
    assert capsys.readouterr().out == "latex zh False\n"
    assert cli.run(["prove", "-e", "x = ?", "--given", "x = 1"]) == 1
    assert [(note, None, ()), (None, "x = ?", ("x = 1",))] == CALLS


def test_help_loads_neither_sympy_nor_numpy():
    program = (
        "import sys\nfrom derive.cli import run\nstatus = run(['--help']) + run(['check', 'none'])\n"
        "heavy = sorted(name for name in sys.modules if name.split('.')[0] in ('sympy', 'numpy', 'flint'))\n"
        "print('heavy:', heavy, status)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: [] 2"
    assert "derive check notes.md" in done.stdout


def test_version():
    from derive import __version__

    done = derive("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"derive {__version__}\n", "")


def test_a_reader_that_goes_away_is_no_error(tmp_path):
    program = (
        "import sys, types\nfrom derive.report import *\nmodule = types.ModuleType('derive.jobs.check')\n"
        "claims = tuple(Claim('a', 1, 1, 1, 2, 'a = b', '=', 'proved') for _ in range(20000))\n"
        "module.check_paths = lambda *more: Report((DocumentReport('a.md', claims),))\n"
        "sys.modules['derive.jobs.check'] = module\nfrom derive.cli import main\nmain(['check', '-e', 'a'])\n"
    )
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT)
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(60) == 0


def test_a_crash_is_not_taken_for_a_refutation(tmp_path):
    program = (
        "import sys, types\nmodule = types.ModuleType('derive.jobs.check')\nmodule.check_paths = lambda *more: 1 / 0\n"
        "sys.modules['derive.jobs.check'] = module\nfrom derive.cli import main\nmain(['check', '-e', 'a'])\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT, timeout=60)
    assert done.returncode == 3
    assert done.stderr.splitlines()[-1] == "derive: internal failure, please report it"


@pytest.mark.skipif(not hasattr(signal, "SIGINT") or os.name != "posix", reason="needs POSIX signals")
def test_interrupt_from_outside():
    program = (
        "import sys, types, time\nmodule = types.ModuleType('derive.jobs.check')\n"
        "def check_paths(*more):\n    print('ready', flush=True)\n    time.sleep(60)\n"
        "module.check_paths = check_paths\nsys.modules['derive.jobs.check'] = module\n"
        "from derive.cli import main\nmain(['check', '-e', 'a'])\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert process.stdout.readline() == "ready\n"
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert (process.returncode, error) == (130, "derive: interrupted\n")


DIAGONAL = r"""---
derive:
  indices: i in 1..m, j in 1..m, k in 1..m
  families: s_{ij}
  sizes: m
---
$$q_{ij} = \frac{e^{s_{ij}}}{\sum_{k=1}^{m} e^{s_{ik}}}$$

$$L = -\frac{1}{m} \sum_{i=1}^{m} \ln q_{ii}$$

$$\frac{\partial L}{\partial s_{ij}} = \frac{1}{m} (q_{ij} - \delta_{ij})$$
"""


@pytest.mark.parametrize(
    ("text", "names", "status"),
    [
        ("$$f = x^2$$\n", [], 0),
        (DIAGONAL, [], 0),
        ("$$f = x^2$$\n\n$$g = \\Gamma(x)$$\n", [], 1),
        ("$$f = x^2$$\n\n$$g = \\Gamma(x)$$\n", ["f"], 0),
        ("$$f = x^2$$\n", ["f", "nope"], 1),
        ("$$f = x^2$$\n", ["nope"], 2),
        ("$$1 + 1 = 2$$\n", [], 2),
    ],
)
def test_the_exit_status_of_code_says_whether_something_was_left_out(tmp_path, capsys, text, names, status):
    document = tmp_path / "text.md"
    document.write_text(text)
    from derive.cli import run as command

    assert command(["code", str(document), *names]) == status
    captured = capsys.readouterr()
    assert bool(captured.out) is (status < 2) and bool(captured.err) is (status > 0)

"""The pre-commit hook and the action: which documents they check, and that a refuted claim stops a commit."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from derive.documents import SUFFIXES

ROOT = Path(__file__).resolve().parents[1]
HOOK = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
FILES = re.search(r"files: '(.*)'", HOOK)[1]


def program():
    found = shutil.which("pre-commit")
    if found:
        return [found]
    return [sys.executable, "-m", "pre_commit"] if importlib.util.find_spec("pre_commit") else None


def test_the_hook_takes_every_document_and_nothing_else():
    assert "- id: derive-check" in HOOK
    assert all(re.search(FILES, f"notes{suffix}") for suffix in SUFFIXES)
    assert not any(re.search(FILES, name) for name in ("a.py", "a.mdxx", "md", "a.tex.bak"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "text", "fails"),
    [
        ("right.md", "$(x+1)^2 = x^2 + 2x + 1$\n", False),
        ("wrong.md", "$(x+1)^2 = x^2 + 1$\n", True),
        ("wrong.py", "# $(x+1)^2 = x^2 + 1$\n", False),
    ],
)
def test_pre_commit(tmp_path, name, text, fails):
    if program() is None or shutil.which("git") is None:
        pytest.skip("pre-commit or git is missing")
    (tmp_path / ".pre-commit-config.yaml").write_text(
        "repos:\n- repo: local\n  hooks:\n  - id: derive-check\n    name: derive check\n"
        f"    entry: '{sys.executable} -m derive check'\n    language: system\n    files: '{FILES}'\n"
        "    require_serial: true\n"
    )
    (tmp_path / name).write_text(text)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONDONTWRITEBYTECODE": "1",
        "PRE_COMMIT_HOME": str(tmp_path / "home"),
    }
    environment = {key: value for key, value in environment.items() if not key.startswith("GIT_")}
    for command in (["git", "init", "-q"], ["git", "add", name, ".pre-commit-config.yaml"]):
        subprocess.run(command, cwd=tmp_path, check=True, timeout=60)
    done = subprocess.run(
        [*program(), "run", "--files", name], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == int(fails), done.stdout + done.stderr
    assert (f"{name}:1:12: ✗ refuted" in done.stdout) is fails


def test_the_action_hands_its_inputs_over_as_variables():
    yaml = pytest.importorskip("yaml", reason="needs yaml")
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    assert set(action["inputs"]) == {"paths", "strict", "sarif"} and action["runs"]["using"] == "composite"
    assert not any("${{" in step.get("run", "") for step in action["runs"]["steps"])


@pytest.mark.skipif(os.name != "posix" or shutil.which("bash") is None, reason="needs bash")
@pytest.mark.parametrize(
    ("strict", "sarif", "status"),
    [("false", "", 0), pytest.param("true", "", 1, marks=pytest.mark.slow), ("true", "a b.sarif", 1)],
)
def test_the_script_of_the_action(tmp_path, strict, sarif, status):
    yaml = pytest.importorskip("yaml", reason="needs yaml")
    script = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["runs"]["steps"][-1]["run"]
    (tmp_path / "a.md").write_text("$a ( b = c$\n")
    (tmp_path / "derive").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m derive "$@"\n')
    (tmp_path / "derive").chmod(0o755)
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}",
        "PATHS": "a.md",
        "STRICT": strict,
        "SARIF": sarif,
    }
    done = subprocess.run(
        ["bash", "-e", "-c", script], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == status, done.stderr
    assert (tmp_path / (sarif or "none")).exists() is bool(sarif)

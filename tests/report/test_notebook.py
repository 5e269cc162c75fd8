"""What a person sees in a notebook and in a console, with Jupyter's own program where it is installed."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import pytest

import derive

FALSE = r"Let $y = x^2$. Then $$\frac{dy}{dx} = -2x$$ and $\sqrt{x^2} = x$ <b>"
CELLS = [
    "import derive, pathlib",
    f"derive.check(r'''{FALSE}''')",
    r"derive.prove(r'$$\frac{d}{dx} \frac{\ln x}{x} = ?$$')",
    "from sympy import symbols\nx = symbols('x')\nderive.Setting().decide(x + 1, x)",
    "derive.check('notes.md')",
    "print(*dir(derive))",
    "derive.check(pathlib.Path('notes.md'))",
]


@pytest.fixture(scope="module")
def outputs(tmp_path_factory):
    """What each cell of the notebook showed, by type; the name and text of an error where there was one."""
    missing = [name for name in ("nbclient", "nbformat", "ipykernel") if find_spec(name) is None]
    if missing:
        pytest.skip(f"needs {', '.join(missing)}")
    import nbformat
    from nbclient import NotebookClient

    folder = tmp_path_factory.mktemp("notebook")
    (folder / "notes.md").write_text("$2 = 3$", encoding="utf-8")
    start = f"import sys; sys.path.insert(0, {str(Path(derive.__file__).parents[1])!r})"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in (start, *CELLS)])
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", allow_errors=True, resources={"metadata": {"path": str(folder)}}
    ).execute()
    found = []
    for cell in notebook.cells[1:]:
        seen = {}
        for output in cell.outputs:
            seen.update(output.get("data", {}))
            if "ename" in output or "text" in output:
                seen["text"] = output.get("text", "") or f"{output['ename']}: {output['evalue']}"
        found.append(seen)
    return found


@pytest.mark.slow
def test_a_check_shows_verdicts_conditions_witnesses_and_formulas(outputs):
    page = outputs[1]["text/html"]
    for part in ("✗ refuted", "left side", "right side", "did you mean", "! conditional", "not stated", "<mfrac>"):
        assert part in page
    assert "<script" not in page and "<b>" not in page
    assert "\\text{refuted" in outputs[1]["text/latex"]
    assert "refuted" in outputs[1]["text/plain"] and "DocumentReport(" not in outputs[1]["text/plain"]


@pytest.mark.slow
def test_a_proof_shows_its_steps(outputs):
    page = outputs[2]["text/html"]
    assert '<table class="proof">' in page and "<mfrac>" in page and 'class="rule"' in page
    assert "\\frac" in outputs[2]["text/latex"]


@pytest.mark.slow
def test_a_verdict_of_a_setting_shows_its_witness(outputs):
    assert "✗ refuted" in outputs[3]["text/html"] and "left side" in outputs[3]["text/html"]
    assert "text/latex" in outputs[3]


@pytest.mark.slow
def test_a_path_given_as_text_is_said_to_be_one(outputs):
    assert outputs[4]["text"].startswith("ValueError") and "pathlib.Path('notes.md')" in outputs[4]["text"]
    assert "✗ refuted" in outputs[6]["text/html"]


@pytest.mark.slow
def test_what_is_public(outputs):
    assert outputs[5]["text"].split() == sorted(derive.__all__)


@pytest.mark.parametrize("name", ["notes.md", "a/b.tex", "../x.ipynb", "C:\\notes.txt"])
@pytest.mark.parametrize("function", ["check", "prove"])
def test_names_of_files_are_no_text(name, function):
    with pytest.raises(ValueError, match="name of a file"):
        getattr(derive, function)(name)


def test_a_file_that_is_there_is_no_text(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "my notes.md").write_text("$1 = 1$", encoding="utf-8")
    with pytest.raises(ValueError, match="name of a file"):
        derive.check("my notes.md")
    assert [claim.verdict for claim in derive.check(Path("my notes.md")).claims] == ["proved"]


@pytest.mark.parametrize("text", ["", "words", "$x = x$ in notes.md", "see $x$.md", "two words, as in notes.md", "x = y.md"])
def test_other_texts_are_texts(text):
    derive.check(text)

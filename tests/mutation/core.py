"""How well the tests pin the proving core: mutants of it, and the core without each of its guards.

    python -m tests.mutation.core [--judge | --module derive.judge.kernel] [--guards] [--survivors] [--resume] [--write]

The mutants are those of mutmut (``pip install mutmut==3.8.1``). Its own runner starts pytest anew for each mutant; here
each mutant is a fork of one session that has collected the tests (:mod:`tests.mutation.forking`), which takes a tenth of the
time. The tests are those of the judge and of the algebra, and the attacks. A mutant that no test can tell from the original
because it means the same is listed with the reason in ``equivalent.tsv``, by its text.
"""

from __future__ import annotations

import argparse
import ast
import csv
import difflib
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from tests.mutation.guards import guards

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
EQUIVALENT = HERE / "equivalent.tsv"
SCORES = HERE / "scores.tsv"
LAST = ROOT / "mutants"
SURVIVED, KILLED, TIMEOUT = "survived", "killed", "timeout"
TESTS = ("tests/attacks", "tests/judge", "tests/normal", "tests/terms", "tests/balls")
SHARED = ("tests/sources.py", "tests/tools/slow.py", "tests/narrative/twins.py")
# Tests of other parts in those folders: of documents, of sampling and of balls.
ELSEWHERE = (
    "tests/judge/points/test_sampling.py",
    "tests/judge/points/test_refuting.py",
    "tests/balls/test_evaluation.py",
    "tests/normal/test_reify.py",
)

# What can turn a claim into `proved`. The judge's part makes and guards proofs, with the comparison of numbers and the signs
# that it rests on; the rest is the normal form on which a proof rests. Not in it: what only proposes (conditions, repair: each
# proposal is proved by the core before it is used), what only refutes or samples (points, balls), what turns a normal form back
# into a term (reify: the judge sees the term anew), and what prints.
JUDGE = (
    "judge.verdict",
    "judge.kernel",
    "judge.settling",
    "judge.induction",
    "balls.comparison",
    "normal.signs",
    "judge.obligations",
    "judge.decide",
)
NORMAL = (
    "normaliser",
    "forms",
    "algebra.ring",
    "clearing",
    "series.sums",
    "series.separation",
    "algebra.exponents",
    "algebra.knowledge",
    "algebra.polynomial",
    "calculus",
    "unfold",
    "compound",
    "algebra.partial_fractions",
    "laziness",
    "functions.angles",
    "functions.factorials",
    "series.faulhaber",
    "matrices.arrays",
    "matrices.determinants",
    "matrices.exponentials",
    "limits",
    "algebra.matrices",
)
CORE = tuple(f"derive.{name}" for name in JUDGE) + tuple(f"derive.normal.{name}" for name in NORMAL)
NOTE = """\
The core is what can turn a claim into *proved*: the judge's part makes proofs and lets no verdict of truth be built without
one, the rest is the normal form on which proofs rest. *Killed* and *timeout*: a test fails, or does not end;
*equivalent*: no test can tell, for the reason given in `tests/mutation/equivalent.tsv`; *score*: of the others, those
killed, in percent. *Guards*: conditions that end in `raise`, `return`, `continue` or `break`, each removed alone. A module
of the core without a row has not been measured as a whole."""
COLUMNS = ("module", "tried", "mutants", "killed", "timeout", "survived", "equivalent", "score", "guards", "guards survived")


def mutants_of(module: str, sandbox: Path) -> list[dict[str, Any]]:
    """The mutants that mutmut makes of a module, whose file in the sandbox is replaced by one that holds them all."""
    from mutmut.mutation.file_mutation import mutate_file_contents

    path, before = sandbox / _path(module), Path.cwd()
    os.chdir(sandbox)  # mutmut reads its settings there
    try:
        mutated = mutate_file_contents(str(_path(module)), path.read_text(encoding="utf-8"))
    finally:
        os.chdir(before)
    path.write_text(mutated.code, encoding="utf-8")
    bodies = {node.name: ast.unparse(node).splitlines()[1:] for node in _functions(ast.parse(mutated.code))}
    heads = {node.name: ast.unparse(node.args) for node in _functions(ast.parse(mutated.code))}
    result = []
    for name in mutated.mutant_names:
        mangled = name.rpartition("__mutmut_")[0]
        original = f"{mangled}__mutmut_orig"
        removed, added = _difference([heads[original], *bodies[original]], [heads[name], *bodies[name]])
        result.append(
            {
                "name": f"{module}.{name}",
                "module": module,
                "mangled": mangled,
                "where": _readable(mangled),
                "text": _hash(heads[original], *bodies[original]),
                "removed": removed,
                "added": added,
            }
        )
    return result


def deletions_of(module: str) -> list[dict[str, Any]]:
    """The module without each of its guards."""
    source = (ROOT / _path(module)).read_text(encoding="utf-8")
    result = []
    for guard in guards(source):
        owner, _, name = guard.qualified.rpartition(".")
        mangled = f"xǁ{owner}ǁ{name}" if owner else f"x_{name}"
        result.append(
            {
                "module": module,
                "mangled": mangled,
                "source": guard.without,
                "qualified": guard.qualified,
                "where": guard.qualified,
                "text": _hash(guard.function),
                "removed": guard.text,
                "added": "",
                "place": guard.place,
            }
        )
    return result


def run(
    modules: Sequence[str],
    mutants: bool,
    children: int,
    seconds: float,
    budget: float = 6,
    every: int = 1,
    resume: bool = False,
) -> list[dict[str, Any]]:
    """What became of the mutants of some modules, and of the modules without each of their guards.

    With `resume` what was killed in the last run is not tried again where its function is still the same.

    Raises:
        RuntimeError: if the tests fail without a mutant.
    """
    with tempfile.TemporaryDirectory() as place:
        sandbox = Path(place)
        shutil.copytree(ROOT / "derive", sandbox / "derive", ignore=shutil.ignore_patterns("__pycache__"))
        for folder in TESTS:
            shutil.copytree(ROOT / folder, sandbox / folder, ignore=shutil.ignore_patterns("__pycache__"))
        for name in SHARED:
            (sandbox / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, sandbox / name)
        for name in ELSEWHERE:
            (sandbox / name).unlink(missing_ok=True)
        (sandbox / "setup.cfg").write_text("[mutmut]\nsource_paths=derive\n")
        made = [each for module in modules if mutants for each in mutants_of(module, sandbox)]
        work = [*made[::every], *(each for module in modules for each in deletions_of(module))]
        done = [each for module in modules if resume for each in _remembered(module, work)]
        work = [each for each in work if _key(each) not in {_key(one) for one in done}]
        mutated = {(m["module"], m["mangled"]) for m in made}
        for each in work:  # the name under which the function is entered: mutmut renames those that it mutates
            mangled = each["mangled"]
            owner = mangled.split("ǁ")[1] + "." if "ǁ" in mangled else ""
            name = f"{owner}{mangled}__mutmut_orig" if (each["module"], mangled) in mutated else each["where"]
            each["function"] = f"{each['module']}.{name}"
        same = equivalents()
        for each in work:
            each["equivalent"] = _text(each) in same
        (sandbox / "mutants.json").write_text(json.dumps(work))
        process = subprocess.run(
            [
                sys.executable,
                str(HERE / "forking.py"),
                "mutants.json",
                "results.json",
                str(children),
                str(seconds),
                str(budget),
                *TESTS,
            ],
            cwd=sandbox,
            env={**os.environ, "PYTHONPATH": str(sandbox), "PYTHONHASHSEED": "0"},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        print(file=sys.stderr)
        if process.returncode:
            raise RuntimeError(f"the tests do not run:\n{process.stdout[-4000:]}")
        results = [*done, *json.loads((sandbox / "results.json").read_text())]
    LAST.mkdir(parents=True, exist_ok=True)
    for module in modules:
        known = {_key(each): each for each in [*_last(module), *results] if each["module"] == module}
        (LAST / f"{module}.json").write_text(json.dumps(list(known.values())))
    return results


def _last(module: str) -> list[dict[str, Any]]:
    path = LAST / f"{module}.json"
    return json.loads(path.read_text()) if path.exists() else []


def _remembered(module: str, work: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was killed in the last runs, of functions whose text has not changed since."""
    wanted = {_key(each) for each in work}
    return [each for each in _last(module) if each["status"] in (KILLED, TIMEOUT) and _key(each) in wanted]


def _key(mutant: dict[str, Any]) -> tuple[str, ...]:
    return mutant.get("name", mutant.get("place", "")), mutant["where"], mutant["text"], mutant["removed"], mutant["added"]


def equivalents() -> dict[tuple[str, str, str, str], str]:
    """The mutants that mean the same as the original, by module, function and text, each with the reason."""
    with EQUIVALENT.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return {(r["module"], r["where"], r["removed"], r["added"]): r["reason"] for r in rows}


def row(module: str, results: list[dict[str, Any]], every: int = 1) -> dict[str, str]:
    """A module's line of the table; one mutant in `every` was tried."""
    known = equivalents()
    made = [r for r in results if "name" in r]
    counts = Counter(_status(r, known) for r in made)
    killed = counts["killed"] + counts["timeout"]
    score = 100 * killed / max(1, killed + counts["survived"])
    cut = [r for r in results if "name" not in r]
    left = [r for r in cut if _status(r, known) == SURVIVED]
    values = (
        module,
        "all" if every == 1 else f"1 in {every}",
        len(made),
        counts["killed"],
        counts["timeout"],
        counts["survived"],
        counts["equivalent"],
        f"{score:.1f}",
        len(cut),
        len(left),
    )
    return dict(zip(COLUMNS, map(str, values), strict=True))


def table(rows: list[dict[str, str]]) -> str:
    """Rows in Markdown, with their sum."""
    whole = {c: str(sum(int(r[c]) for r in rows)) for c in COLUMNS if c not in ("module", "tried", "score")}
    killed = int(whole["killed"]) + int(whole["timeout"])
    whole |= {"module": "all", "tried": "", "score": f"{100 * killed / max(1, killed + int(whole['survived'])):.1f}"}
    lines = ["| " + " | ".join(COLUMNS) + " |", "|---|---|" + "---:|" * (len(COLUMNS) - 2)]
    return "\n".join(lines + ["| " + " | ".join(r[c] for c in COLUMNS) + " |" for r in [*rows, whole]])


def _status(result: dict[str, Any], known: dict[tuple[str, str, str, str], str]) -> str:
    if result["status"] in (KILLED, TIMEOUT):
        return result["status"]
    return "equivalent" if _text(result) in known else SURVIVED


def _text(mutant: dict[str, Any]) -> tuple[str, str, str, str]:
    return mutant["module"], mutant["where"], mutant["removed"], mutant["added"]


def _hash(*text: str) -> str:
    return hashlib.sha256("\n".join(text).encode()).hexdigest()[:16]


def _path(module: str) -> Path:
    return Path(*module.split(".")).with_suffix(".py")


def _functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and "__mutmut_" in node.name)


def _readable(mangled: str) -> str:
    return mangled.removeprefix("xǁ").replace("ǁ", ".") if mangled.startswith("xǁ") else mangled.removeprefix("x_")


def _difference(before: list[str], after: list[str]) -> tuple[str, str]:
    lines = list(difflib.ndiff([s.strip() for s in before], [s.strip() for s in after]))
    return tuple("; ".join(line[2:] for line in lines if line.startswith(sign)) for sign in ("- ", "+ "))


def _saved() -> dict[str, dict[str, str]]:
    if not SCORES.exists():
        return {}
    with SCORES.open(encoding="utf-8", newline="") as file:
        return {r["module"]: r for r in csv.DictReader(file, delimiter="\t")}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--module", action="append", choices=CORE, help="only this module; may be given several times")
    parser.add_argument("--judge", action="store_true", help="only the judge's part of the core")
    parser.add_argument("--guards", action="store_true", help="only delete guards, make no other mutants")
    parser.add_argument("--survivors", action="store_true", help="print what survived")
    parser.add_argument("--children", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=120, help="wall time after which a mutant counts as killed")
    parser.add_argument("--budget", type=float, default=6, help="seconds of tests after which a mutant counts as survived")
    parser.add_argument("--resume", action="store_true", help="try again only what survived the last run, or is new")
    parser.add_argument("--every", type=int, default=1, help="only each n-th mutant: a sample")
    parser.add_argument("--write", action="store_true", help="keep the scores and publish the table")
    given = parser.parse_args(arguments)
    known, fresh, failing = equivalents(), {}, 0
    modules = given.module or [m for m in CORE if not given.judge or m.removeprefix("derive.") in JUDGE]
    results = run(modules, not given.guards, given.children, given.seconds, given.budget, given.every, given.resume)
    left = [r for r in results if _status(r, known) == SURVIVED]
    for r in left if given.survivors else ():
        print(f"{r['module']}\t{r['where']}\t{r['removed']}\t{r['added']}")
    for module in modules:
        fresh[module] = row(module, [r for r in results if r["module"] == module], given.every)
        failing += int(fresh[module]["guards survived"]) > 0 or (not given.guards and float(fresh[module]["score"]) < 95)
    rows = (_saved() if given.write else {}) | fresh  # read now: another run may have ended meanwhile
    ordered = [rows[m] for m in CORE if m in rows]
    text = table(ordered)
    print(
        text
        if not given.guards
        else "\n".join(f"{r['module']}: {r['guards']} guards, {r['guards survived']} survive" for r in ordered)
    )
    if given.write and not given.guards:
        from tests.tables import publish

        with SCORES.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS, delimiter="\t", lineterminator="\n")
            writer.writeheader()
            writer.writerows(ordered)
        publish("trust.md", "core", f"{NOTE}\n\n{text}")
    return 1 if failing else 0


if __name__ == "__main__":
    sys.exit(main())

"""Mutants in forks of one pytest session: the tests are collected once, and each mutant is tried in a process of its own.

Run in a sandbox, in which one module holds the mutants that mutmut wrote, each behind a switch (mutmut's trampolines).
First each test runs in the session itself, for its time and the functions it enters, which warms SymPy's caches (the core
keeps none beyond one claim); then each mutant runs the tests that enter its function: first those that killed its neighbours,
then those in the file of its module's name, then quick ones, until one fails or they have taken `budget` seconds (`KNOWN` of
it for what is known to mean the same). A mutant that they left alive counts as survived, one that runs out of time or memory
as killed. A guard that is deleted is tried with all of its tests: whether one is pinned must not depend on how fast the
machine is.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pickle
import resource
import select
import signal
import sys
import time
from collections import Counter
from itertools import accumulate
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

MEMORY = 3 * 1024**3
OWN = "test_core_"
KNOWN = 0.25
PATIENCE = 8  # what a mutant's tests may take, in units of what they take without it
SURVIVED, KILLED, TIMEOUT, UNTESTED = "survived", "killed", "timeout", "no tests"


class Forked:
    """One function call in a child process; its result comes back through a pipe."""

    def __init__(self, work: Any, seconds: float) -> None:
        self.read, write = os.pipe()
        self.deadline = time.monotonic() + seconds
        self.pid = os.fork()
        if self.pid == 0:
            os.close(self.read)
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            resource.setrlimit(resource.RLIMIT_CPU, (max(2, int(seconds / 4)),) * 2)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            os.dup2(null, 2)
            code = 1
            try:
                with os.fdopen(write, "wb") as pipe:
                    pickle.dump(work(), pipe)
                code = 0
            finally:
                os._exit(code)
        os.close(write)

    def result(self) -> Any:
        """What the call gave; None if the process died or ran out of time."""
        data = b""
        while True:
            ready, _, _ = select.select([self.read], [], [], max(0.0, self.deadline - time.monotonic()))
            part = os.read(self.read, 1 << 16) if ready else b""
            if not part:
                break
            data += part
        os.close(self.read)
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        os.waitpid(self.pid, 0)
        try:
            return pickle.loads(data) if data else None
        except (EOFError, pickle.UnpicklingError):
            return None


class Session:
    """The pytest plugin: takes the place of the loop that runs the tests."""

    def __init__(self, mutants: list[dict[str, Any]], children: int, seconds: float, budget: float) -> None:
        self.mutants, self.children, self.seconds, self.budget = mutants, children, seconds, budget
        self.results: list[dict[str, Any]] = []
        self.killers: dict[str, Counter[str]] = {}

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.items = {item.nodeid: item for item in session.items}
        self._baseline()
        waiting = [m for m in self.mutants]
        running: list[tuple[dict[str, Any], Forked]] = []
        while waiting or running:
            while waiting and len(running) < self.children:
                mutant = waiting.pop(0)
                tests = self._tests_for(mutant)
                patience = max(self.seconds, PATIENCE * sum(self.time[name] for name in tests))
                running.append((mutant, Forked(lambda m=mutant, t=tests: self._try(m, t), patience)))
            reads = [child.read for _, child in running]
            soonest = min(child.deadline for _, child in running)
            ready, _, _ = select.select(reads, [], [], max(0.0, soonest - time.monotonic()))
            done = [pair for pair in running if pair[1].read in ready or pair[1].deadline <= time.monotonic()]
            for mutant, child in done:
                running.remove((mutant, child))
                self._record(mutant, child.result())
        return True

    def _record(self, mutant: dict[str, Any], found: Any) -> None:
        status, killer = found if found is not None else (TIMEOUT, "")
        if killer:
            self.killers.setdefault(mutant["function"], Counter())[killer] += 1
        self.results.append({**mutant, "status": status, "by": killer})
        if status == SURVIVED and not mutant["equivalent"]:
            print(f"\r{mutant['where']}: {mutant['removed']} -> {mutant['added']}", file=sys.stderr)
        print(
            f"\r{len(self.results)}/{len(self.mutants)} {Counter(r['status'] for r in self.results)}    ",
            end="",
            file=sys.stderr,
            flush=True,
        )

    def _baseline(self) -> None:
        """The time of each test and the functions it enters. Raises if one fails without a mutant."""
        self.time: dict[str, float] = {}
        self.enters: dict[str, set[str]] = {}
        modules = {_file(name): name for name in {mutant["module"] for mutant in self.mutants}}
        entered: set[str] = set()

        def enter(frame: FrameType, event: str, argument: object) -> None:
            module = modules.get(frame.f_code.co_filename)
            if module is not None and event == "call":
                entered.add(f"{module}.{frame.f_code.co_qualname.split('.<locals>')[0]}")

        for name in self.items:
            start = time.process_time()
            entered.clear()
            sys.setprofile(enter)
            passed = self._passes(name)
            sys.setprofile(None)
            if not passed:
                raise RuntimeError(f"{name} fails without a mutant")
            self.time[name], self.enters[name] = time.process_time() - start, set(entered)
        gc.collect()
        gc.freeze()

    def _passes(self, name: str) -> bool:
        reports = runtestprotocol(self.items[name], log=False, nextitem=None)
        return not any(report.failed for report in reports)

    def _tests_for(self, mutant: dict[str, Any]) -> list[str]:
        function = mutant["function"]
        known = self.killers.get(function, Counter())
        entering = [n for n in self.items if function in self.enters[n]]
        own = f"{OWN}{mutant['module'].rpartition('.')[2]}.py"
        ordered = sorted(entering, key=lambda n: (-known[n], own not in n, OWN not in n, self.time[n]))
        if "name" not in mutant and not mutant["equivalent"]:
            return ordered
        spent = [*accumulate(self.time[n] for n in ordered)]
        budget = self.budget * (KNOWN if mutant["equivalent"] else 1)
        return [n for n, total in zip(ordered, spent, strict=True) if total <= budget] or ordered[:1]

    def _try(self, mutant: dict[str, Any], tests: list[str]) -> tuple[str, str]:
        if not tests:
            return UNTESTED, ""
        if "name" in mutant:
            os.environ["MUTANT_UNDER_TEST"] = mutant["name"]
        else:
            _exchange(mutant)
        for name in tests:
            if not self._passes(name):
                return KILLED, name
        return SURVIVED, ""


def _file(module: str) -> str:
    return str(importlib.import_module(module).__file__)


def _exchange(mutant: dict[str, Any]) -> None:
    """Gives a function the code of the same function in other source text."""
    module = importlib.import_module(mutant["module"])
    names = mutant["qualified"].split(".")
    target: Any = module
    for name in names:
        target = vars(target)[name]
    target = vars(module).get(f"mutants_{mutant['mangled']}__mutmut", {}).get("_mutmut_orig", target)
    for wrapped in ("fget", "func", "__wrapped__"):
        target = getattr(target, wrapped, target)
    code = compile(mutant["source"], module.__file__ or "", "exec")
    for name in names:
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
    target.__code__ = code


def main() -> None:
    """Reads mutants from a file in JSON, writes what became of them to another."""
    given, answer, children, seconds, budget, *tests = sys.argv[1:]
    sys.setrecursionlimit(4 * sys.getrecursionlimit())  # each call of a mutated function takes up to three frames
    plugin = Session(json.loads(Path(given).read_text()), int(children), float(seconds), float(budget))
    # Without tracebacks, for each of which the source of all mutants would be parsed.
    code = pytest.main(
        [
            "-q",
            "-x",
            "--import-mode=importlib",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:hypothesispytest",
            "--no-header",
            "--tb=no",
            "--rootdir=.",
            *tests,
        ],
        plugins=[plugin],
    )
    if len(plugin.results) != len(plugin.mutants):
        raise SystemExit(int(code) or 1)
    Path(answer).write_text(json.dumps(plugin.results))


if __name__ == "__main__":
    main()

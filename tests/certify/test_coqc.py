"""Coq as a process: how far it is, and that it ends with whoever waits for it."""

import os
import tempfile

import pytest

from derive.certify.certificate import verify
from derive.certify.coq import coqc
from derive.certify.coq.coqc import NoCoq, compile_file
from tests.certify.test_coq import made, needs_coq

needs_posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX processes")


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Writes a shell script that stands for ``coqc``; the folder that it is in, where ``held`` is a pipe without a writer."""
    os.mkfifo(tmp_path / "held")

    def write(script):
        (tmp_path / "coqc").write_text(f"#!/bin/sh\n{script}")
        (tmp_path / "coqc").chmod(0o755)
        monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
        return tmp_path

    return write


def is_running(process):
    try:
        os.killpg(process, 0)
    except ProcessLookupError:
        return False
    return True


@needs_posix
def test_an_interrupt_ends_coq(program):
    folder = program("echo $$\nexec cat held\n")
    found = []

    def interrupt(line):
        found.append(int(line))
        assert is_running(found[0])
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        compile_file(folder, "a.v", hear=interrupt)
    assert not is_running(found[0])


@needs_posix
def test_what_takes_too_long_is_ended(program):
    folder = program("echo $$\nexec cat held\n")
    found = []
    built = compile_file(folder, "a.v", 0.5, hear=lambda line: found.append(int(line)))
    assert (built.ok, built.timed_out, built.errors) == (False, True, "more than 0.5 seconds")
    assert not any(is_running(process) for process in found)


@needs_posix
@pytest.mark.parametrize(("status", "ok"), [(0, True), (1, False)])
def test_what_ends_in_time_says_how(program, status, ok):
    folder = program(f"echo said\necho complained >&2\nexit {status}\n")
    built = compile_file(folder, "a.v")
    assert (built.ok, built.output, built.errors, built.timed_out) == (ok, "said\n", "complained\n", False)


@needs_posix
def test_much_output_on_both_sides_blocks_nothing(program):
    folder = program("i=0\nwhile [ $i -lt 9000 ]; do echo to one side; echo to the other >&2; i=$((i + 1)); done\n")
    built = compile_file(folder, "a.v")
    assert (built.ok, len(built.output), len(built.errors)) == (True, 9000 * 12, 9000 * 13)


def test_a_missing_program_is_said_with_a_way_to_get_it(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not coqc.installed()
    with pytest.raises(NoCoq, match="apt-get install coq"):
        compile_file(tmp_path, "a.v")


@needs_coq
@pytest.mark.slow
def test_progress_names_each_proof_that_coq_begins():
    told = []
    verify([made("short_sum"), made("quotient")], progress=lambda *more: told.append(more))
    assert told[-2:] == [(0, 2, "Coq: short_sum"), (1, 2, "Coq: quotient")]
    assert {(done, total) for done, total, _ in told[:-2]} == {(0, 2)}


@needs_coq
@pytest.mark.slow
def test_an_interrupt_leaves_no_files(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    inside = []

    def interrupt(done, total, what):
        if what == "Coq: short_sum":
            inside.extend(folder.name for folder in tmp_path.iterdir())
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify([made("short_sum")], progress=interrupt)
    assert [name.startswith("certificates-") for name in inside] == [True]
    assert list(tmp_path.iterdir()) == []

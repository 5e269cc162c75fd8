"""An interrupted run, a full disk and a reader that goes away leave no half of a file, and no more than one line."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DOCUMENT = "$$a = x^2$$\n\nso $$\\frac{da}{dx} = 2x$$\n"
COMMANDS = ["check", *(pytest.param(command, marks=pytest.mark.slow) for command in ("prove", "code"))]

HANGS_IN_A_CLAIM = """
import importlib, os, sys
module = importlib.import_module("derive.{module}")
def forever(*more, **named):
    sys.stdout.write(f"{{os.getpid()}}\\n"); sys.stdout.flush()
    while True:
        pass
setattr(module, {name!r}, forever)
from derive.cli import main
main(sys.argv[1:])
"""
WAITS_WHILE_IT_WRITES = """
import os, signal, sys
def chmod(*more):
    sys.stdout.write("writing\\n"); sys.stdout.flush()
    signal.pause()
os.chmod = chmod
from derive.cli import main
main(sys.argv[1:])
"""
WHERE = {"check": ("jobs.check", "_claim"), "prove": ("jobs.prove", "fill"), "code": ("jobs.compile", "_made")}

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals and devices")


@pytest.fixture
def document(tmp_path):
    path = tmp_path / "notes.md"
    path.write_text(DOCUMENT, encoding="utf-8")
    (tmp_path / "out").write_text("what was there before", encoding="utf-8")
    return path


def started(program, *arguments):
    return subprocess.Popen(
        [sys.executable, "-c", program, *map(str, arguments)],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def ended(process):
    """What the process prints to its end; it and its children do not outlive the test."""
    try:
        return process.communicate(timeout=120)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise


def is_untouched(folder):
    assert sorted(path.name for path in folder.iterdir()) == ["notes.md", "out"]
    assert (folder / "out").read_text(encoding="utf-8") == "what was there before"


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_signal_while_a_claim_is_judged(document, command, number):
    module, name = WHERE[command]
    program = HANGS_IN_A_CLAIM.format(module=module, name=name)
    process = started(program, command, document, "-o", document.parent / "out", "--timeout", "600")
    child = int(process.stdout.readline())
    process.send_signal(number)
    output, errors = ended(process)
    assert (process.returncode, output, errors) == (130, "", "derive: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    is_untouched(document.parent)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("moment", ["before", "after_in_parent"])
def test_a_signal_while_a_process_is_forked(document, command, number, moment):
    module, name = WHERE[command]
    program = f"import os\nos.register_at_fork({moment}=lambda: os.kill(os.getpid(), {int(number)}))" + HANGS_IN_A_CLAIM.format(
        module=module, name=name
    )
    process = started(program, command, document, "-o", document.parent / "out", "--timeout", "600")
    _, errors = ended(process)
    assert (process.returncode, errors) == (130, "derive: interrupted\n")
    is_untouched(document.parent)


@pytest.mark.parametrize("number", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.slow)])
def test_a_signal_with_several_jobs(document, number):
    folder = document.parent
    program = HANGS_IN_A_CLAIM.format(module="jobs.check", name="_claim")
    process = started(program, "check", document, document, document, "-j", "2", "-o", folder / "out", "--timeout", "600")
    child = int(process.stdout.readline())
    process.send_signal(number)
    _, errors = ended(process)
    assert (process.returncode, errors) == (130, "derive: interrupted\n")
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)
    is_untouched(folder)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_signal_while_the_file_is_written(document, command, number):
    process = started(WAITS_WHILE_IT_WRITES, command, document, "-o", document.parent / "out")
    assert process.stdout.readline() == "writing\n"
    process.send_signal(number)
    _, errors = ended(process)
    assert (process.returncode, errors) == (130, "derive: interrupted\n")
    is_untouched(document.parent)


def run(*arguments, **more):
    return subprocess.run(
        [sys.executable, "-m", "derive", *map(str, arguments)],
        cwd=ROOT,
        capture_output="stdout" not in more,
        text=True,
        timeout=120,
        check=False,
        **more,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_without_a_signal_the_file_is_replaced(document, command):
    done = run(command, document, "-o", document.parent / "out")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert "what was there before" not in (document.parent / "out").read_text(encoding="utf-8")
    assert sorted(path.name for path in document.parent.iterdir()) == ["notes.md", "out"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("command", COMMANDS)
def test_a_full_disk(document, command):
    with open("/dev/full", "wb") as full:
        done = run(command, document, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr) == (2, "derive: standard output: cannot be written: No space left on device\n")
    done = run(command, document, "-o", "/dev/full")
    assert (done.returncode, done.stderr) == (2, "derive: /dev/full: cannot be written: No space left on device\n")
    assert Path("/dev/full").is_char_device()


def test_a_device_is_written_to_and_not_replaced(document):
    done = run("check", document, "-o", "/dev/stdout")
    assert done.returncode == 0 and "2 proved" not in done.stderr and "proved" in done.stdout
    assert run("check", document, "-o", os.devnull).returncode == 0
    assert Path(os.devnull).is_char_device()


def test_a_link_stays_a_link(document):
    link = document.parent / "link"
    link.symlink_to("out")
    assert run("check", document, "-o", link).returncode == 0
    assert link.is_symlink() and "proved" in (document.parent / "out").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_goes_away(document, command):
    document.write_text(DOCUMENT + "so $$\\frac{da}{dx} = 2x$$\n" * 300 if command == "check" else DOCUMENT, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "derive", command, str(document)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait(120) == 0

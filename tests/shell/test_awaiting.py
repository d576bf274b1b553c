"""Ctrl-C while a cell awaits."""

import builtins
import os
import signal
import threading

import pytest


@pytest.fixture
def ctrl_c_after():
    """Press Ctrl-C some seconds from now."""
    timers = []

    def press(seconds: float) -> None:
        timers.append(threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGINT)))
        timers[-1].start()

    yield press
    for timer in timers:
        timer.cancel()
        timer.join()


def test_the_line_that_waited_is_shown(shell, capsys, ctrl_c_after) -> None:
    shell.run("import asyncio\nasync def slow():\n    await asyncio.sleep(50)")
    ctrl_c_after(0.2)
    outcome = shell.run("await slow()")
    assert isinstance(outcome.error, KeyboardInterrupt)
    said = capsys.readouterr().out
    assert "\n----> 1 await slow()\n" in said
    assert "\n----> 3     await asyncio.sleep(50)\n" in said
    assert said.endswith("\nKeyboardInterrupt\n")
    assert shell.run("await asyncio.sleep(0, 'still')").value == "still"


def test_a_cell_that_runs_between_two_awaits_is_interrupted(shell, capsys, ctrl_c_after) -> None:
    shell.run("import asyncio")
    ctrl_c_after(0.2)
    assert isinstance(shell.run("await asyncio.sleep(0)\nwhile True: pass").error, KeyboardInterrupt)
    assert "----> 2 while True: pass" in capsys.readouterr().out


@pytest.mark.parametrize("stubborn", ["except asyncio.CancelledError: pass", "finally: await asyncio.sleep(50)"])
def test_a_cell_that_goes_on_all_the_same_is_ended_by_the_second(shell, capsys, ctrl_c_after, stubborn: str) -> None:
    shell.run("import asyncio")
    ctrl_c_after(0.2)
    ctrl_c_after(0.6)
    cell = f"while True:\n    try: await asyncio.sleep(50)\n    {stubborn}"
    assert isinstance(shell.run(cell).error, KeyboardInterrupt)
    capsys.readouterr()
    assert shell.run("await asyncio.sleep(0.1, 'still')").value == "still"
    assert capsys.readouterr().out == "'still'\n"
    assert hasattr(builtins, "exit"), "IPython hides it while a cell runs"


def test_a_cancellation_of_the_learners_own_is_none_of_ours(shell, capsys) -> None:
    shell.run("import asyncio\nasync def stop():\n    raise asyncio.CancelledError\nawait stop()")
    assert "CancelledError" in capsys.readouterr().out


def test_autoawait_names_it_as_ipython_does(shell, capsys) -> None:
    shell.run("%autoawait")
    assert "and set to use `asyncio`" in capsys.readouterr().out

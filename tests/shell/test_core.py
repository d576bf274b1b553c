"""The shell as a front uses it."""

import inspect
import pickle
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import fluxrepl
from fluxrepl.shell.core import FluxShell, make_shell


def test_every_public_name_is_in_place(shell) -> None:
    for name in fluxrepl.__all__:
        assert shell.user_ns[name] is getattr(fluxrepl, name)
    assert shell.user_ns["np"] is np
    assert shell.user_ns["flux"] is fluxrepl


def test_seeded_names_are_not_listed_as_the_learners_own(shell, capsys) -> None:
    shell.run("mine = 1\n%who")
    assert capsys.readouterr().out.split() == ["mine"]


def test_a_seeded_name_that_is_redefined_is_the_learners_own(shell, capsys) -> None:
    shell.run("gradient = 3\n%who")
    assert capsys.readouterr().out.split() == ["gradient"]


def test_reset_brings_the_seeded_names_back(shell) -> None:
    shell.run("gradient = 3; mine = 1")
    shell.run("%reset -f")
    assert shell.user_ns["gradient"] is fluxrepl.gradient
    assert "mine" not in shell.user_ns


def test_a_gradient_is_taken_and_shown(shell, capsys) -> None:
    outcome = shell.run("gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)")
    assert outcome.output == "(14.0,)\n"
    assert outcome.value == (14.0,)
    assert outcome.error is None
    assert capsys.readouterr().out == "(14.0,)\n"


def test_a_chain_is_built_and_called(shell) -> None:
    assert shell.run("Chain(lambda x: x**2, lambda x: x + 1)(5)").output == "26\n"


def test_print_and_value_are_captured_in_order_and_shown(shell, capsys) -> None:
    outcome = shell.run("print('first')\n'then'")
    assert outcome.output == "first\n'then'\n"
    assert capsys.readouterr().out == outcome.output


def test_what_a_front_draws_for_a_value_is_not_captured(shell, capsys) -> None:
    shell.show_result = lambda value, text: print(f"<<{text}>>")
    assert shell.run("print(1)\n2").output == "1\n2\n"
    assert capsys.readouterr().out == "1\n<<2>>\n"


def test_a_traceback_is_shown_but_is_no_output(shell, capsys) -> None:
    outcome = shell.run("print('before')\n1/0")
    assert outcome.output == "before\n"
    assert "ZeroDivisionError" in capsys.readouterr().out


def test_a_syntax_error_is_an_outcome(shell, capsys) -> None:
    outcome = shell.run("1 +")
    assert isinstance(outcome.error, SyntaxError)
    assert "SyntaxError" in capsys.readouterr().out


def test_a_blank_cell_does_nothing(shell) -> None:
    assert shell.run("  \n").output == ""
    assert shell.execution_count == 1


@pytest.mark.parametrize(
    ("cell", "output"),
    [
        ("4;", ""),
        ("(4) ;  # quiet", ""),
        ("4  # not quiet;", "4\n"),
        ("';'", "';'\n"),
        ("x = 1; 4", "4\n"),
        ("'σ' ;", ""),
        ("f = lambda: 4\nf(\n);", ""),
    ],
)
def test_a_semicolon_at_the_end_silences(shell, cell: str, output: str) -> None:
    assert shell.run(cell).output == output


def test_a_semicolon_does_not_silence_the_next_cell_that_is_not_stored(shell) -> None:
    shell.run("4;")
    assert shell.run("5", store_history=False).output == "5\n"


def test_underscore_and_out_hold_values(shell) -> None:
    shell.run("20 + 1")
    assert shell.run("_ * 2").output == "42\n"
    assert shell.run("Out[1]").output == "21\n"
    assert shell.run("In[1]").output == "'20 + 1'\n"


def test_top_level_await_works(shell) -> None:
    assert shell.run("import asyncio\nawait asyncio.sleep(0, 'slept')").output == "'slept'\n"


def test_magics_and_system_commands_work(shell, capfd) -> None:
    assert shell.run("%timeit -n1 -r1 1").error is None
    assert shell.run("!echo from the system").error is None
    assert "from the system" in capfd.readouterr().out


def test_help_on_a_name_shows_signature_and_docstring(shell, capsys) -> None:
    shell.run("gradient?")
    shown = capsys.readouterr().out
    assert "Signature:" in shown
    assert "gradient" in shown


def test_the_source_of_what_was_typed_can_be_had(shell) -> None:
    shell.run("def twice(x):\n    return 2 * x")
    assert inspect.getsource(shell.user_ns["twice"]) == "def twice(x):\n    return 2 * x\n"


def test_classes_that_were_typed_can_be_pickled(shell) -> None:
    shell.run("class Point:\n    x = 1")
    assert pickle.loads(pickle.dumps(shell.user_ns["Point"]())).x == 1


def test_a_cell_that_runs_another_has_one_outcome(shell) -> None:
    outcome = shell.run("r = get_ipython().run_cell('print(1)\\n2')\n3")
    assert outcome.output == "1\n2\n3\n"
    assert outcome.value == 3


def test_exit_tells_the_front(shell) -> None:
    assert not shell.exit_now
    shell.run("exit")
    assert shell.exit_now


def test_sys_exit_is_an_outcome_and_says_nothing(shell, capsys) -> None:
    outcome = shell.run("import sys\nsys.exit(3)")
    assert isinstance(outcome.error, SystemExit)
    assert outcome.error.code == 3
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("1 + 1", ("complete", "")),
        ("def f(x):", ("incomplete", "    ")),
        ("f(", ("incomplete", "")),
        ("x = '''", ("incomplete", "")),
        ("1 +", ("invalid", "")),
        (":next", ("complete", "")),
        (":goto 3", ("complete", "")),
        (">>> def f(x):", ("incomplete", "    ")),
        (">>> 1 + 1\n2", ("complete", "")),
        ("%timeit f(x)", ("complete", "")),
    ],
)
def test_completeness_is_judged(shell, source: str, status: tuple[str, str]) -> None:
    assert shell.check_complete(source) == status


def test_history_is_kept_in_our_own_folder(shell, tmp_path: Path) -> None:
    shell.run("'remember me'")
    shell.history_manager.writeout_cache()
    assert (tmp_path / "home" / "ipython" / "profile_default" / "history.sqlite").is_file()
    assert ("'remember me'") in [entry[2] for entry in shell.history_manager.get_tail(1, include_latest=True)]


def test_history_can_be_kept_in_memory(tmp_path: Path) -> None:
    script = (
        "from fluxrepl.shell.core import make_shell\n"
        "shell = make_shell(history=False)\n"
        "shell.run('1 + 1')\n"
        "print(shell.history_manager.hist_file)"
    )
    done = _python(script, FLUXREPL_HOME=str(tmp_path))
    assert done.stdout == "2\n:memory:\n"


def test_there_is_one_shell(shell) -> None:
    assert make_shell(type(shell)) is shell
    assert isinstance(shell, FluxShell)


def test_starting_a_shell_does_not_touch_ipythons_own_folder(tmp_path: Path) -> None:
    script = "from fluxrepl.shell.core import make_shell; make_shell().run('1 + 1')"
    done = _python(script, HOME=str(tmp_path), XDG_STATE_HOME="", FLUXREPL_HOME="")
    assert done.stdout == "2\n"
    assert not (tmp_path / ".ipython").exists()


def _python(script: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    import os

    changed = {**os.environ, **environment}
    kept = {name: value for name, value in changed.items() if value}
    return subprocess.run([sys.executable, "-c", script], env=kept, capture_output=True, text=True, check=True)

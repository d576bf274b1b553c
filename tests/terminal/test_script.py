"""`fluxrepl FILE.py`, `-c`, `-m`, `-` and `-i`: run as `python` runs them, with the shell's names and errors."""

import signal
import subprocess
import sys
import time
import zipfile

import pytest

from .driver import FLUXREPL, learner

LOOK = "import sys\nprint(sys.argv, __name__, __file__ == {path!r}, sys.path[0] == {folder!r})\n"


@pytest.fixture
def script(tmp_path):
    """Write a file and return its name."""

    def write(text: str, name: str = "prog.py") -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return name

    return write


def test_a_file_has_its_arguments_its_name_and_its_folder(pipe, script, tmp_path):
    path = tmp_path / "sub" / "prog.py"
    script(LOOK.format(path=str(path), folder=str(path.parent)), "sub/prog.py")
    ran = pipe("", "sub/prog.py", "a", "--version", "-c")
    assert (ran.stdout, ran.stderr, ran.returncode) == (
        "['sub/prog.py', 'a', '--version', '-c'] __main__ True True\n", "", 0,
    )  # fmt: skip


def test_a_file_has_the_names_of_the_shell_and_shows_only_what_it_prints(pipe, script):
    assert pipe("", script("1 + 1\nprint(gradient(lambda x: x**2, np.float64(3.0)))\n")).stdout == "(6.0,)\n"


def test_a_file_imports_what_lies_beside_it_but_not_in_place_of_pythons_own(pipe, script):
    script("value = 42", "sub/beside.py")
    script("raise RuntimeError('the wrong file')", "sub/rich.py")
    ran = pipe("", script("import beside, rich.console\nprint(beside.value)", "sub/prog.py"))
    assert ran.stdout == "42\n"
    assert "`rich` is also the name of an installed module" in ran.stderr


def test_an_error_in_a_file_is_shown_as_in_the_shell_and_gives_status_1(pipe, script, tmp_path):
    ran = pipe("", script("def half(x):\n    return x / 0\n\nhalf(1)\nprint('not reached')\n"))
    assert (ran.stdout, ran.returncode) == ("", 1)
    assert f"File {tmp_path}/prog.py, line 4\n" in ran.stderr
    assert "----> 2     return x / 0\n                   ^^^^^" in ran.stderr
    assert ran.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert "frames inside" not in ran.stderr


def test_a_syntax_error_in_a_file_has_its_place(pipe, script):
    ran = pipe("", script("x = 1\ny = = 2\n"))
    assert ran.returncode == 1
    assert "prog.py, line 2" in ran.stderr
    assert "SyntaxError: invalid syntax" in ran.stderr


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [("sys.exit(3)", 3, ""), ("sys.exit()", 0, ""), ("sys.exit('no more')", 1, "no more\n"), ("exit(4)", 4, "")],
)
def test_the_status_is_what_exit_was_given(pipe, script, code, status, said):
    ran = pipe("", script(f"import sys\n{code}\nprint('not reached')"))
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", said, status)


def test_ctrl_c_gives_status_130(home, script, tmp_path):
    name = script("print('begun', flush=True)\nwhile True: pass\n")
    command = [sys.executable, *FLUXREPL, name]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=learner(home), cwd=tmp_path, text=True
    ) as ran:
        assert ran.stdout.readline() == "begun\n"
        time.sleep(0.1)
        ran.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in ran.stderr.read()
        assert ran.wait() == 130


@pytest.mark.parametrize("arguments", [("-c", "{}"), ()])
def test_ctrl_c_ends_what_is_run_cell_by_cell(home, tmp_path, arguments):
    code = "print('begun', flush=True)\nwhile True: pass\nprint('not reached')\n"
    command = [sys.executable, *FLUXREPL, *(part.format(code) for part in arguments)]
    pipes = dict.fromkeys(("stdin", "stdout", "stderr"), subprocess.PIPE)
    with subprocess.Popen(command, **pipes, env=learner(home), cwd=tmp_path, text=True) as ran:
        ran.stdin.write(code)
        ran.stdin.close()
        assert ran.stdout.readline() == "begun\n"
        time.sleep(0.1)
        ran.send_signal(signal.SIGINT)
        assert "KeyboardInterrupt" in ran.stderr.read()
        assert (ran.stdout.read(), ran.wait()) == ("", 130)


def test_what_a_file_defines_can_be_pickled(pipe, script):
    code = "import pickle\nclass Box: pass\nprint(type(pickle.loads(pickle.dumps(Box()))) is Box)"
    assert pipe("", script(code)).stdout == "True\n"


def test_a_coding_line_a_shebang_and_a_file_with_magics(pipe, script, tmp_path):
    (tmp_path / "latin.py").write_bytes(
        "#!/usr/bin/env fluxrepl\n# -*- coding: latin-1 -*-\nprint('é')\n".encode("latin-1")
    )
    assert pipe("", "latin.py").stdout == "é\n"
    assert pipe("", script("x = !echo from the system\nprint(x[0])\n", "magic.ipy")).stdout == "from the system\n"


def test_a_folder_and_an_archive_with_a_main_file_run(pipe, script, tmp_path):
    script("import sys, part\nprint(part.value, sys.argv[1:], gradient(lambda x: x * 3, 1.0))", "app/__main__.py")
    script("value = 7", "app/part.py")
    with zipfile.ZipFile(tmp_path / "app.pyz", "w") as archive:
        for name in ("__main__.py", "part.py"):
            archive.write(tmp_path / "app" / name, name)
    for name in ("app", "app.pyz"):
        assert pipe("", name, "z").stdout == "7 ['z'] (3.0,)\n"


def test_a_module_runs_with_its_arguments(pipe, script, tmp_path):
    script(
        "import sys\nprint(sys.argv[1:], __name__, gradient(lambda x: x * 3, 1.0))\n1 / int(sys.argv[1])", "pack/mod.py"
    )
    ran = pipe("", "-m", "pack.mod", "0", "-i")
    assert (ran.stdout, ran.returncode) == ("['0', '-i'] __main__ (3.0,)\n", 1)
    assert "frames inside" not in ran.stderr
    assert "----> 3 1 / int(sys.argv[1])" in ran.stderr


def test_a_module_that_is_not_there_is_one_line(pipe):
    ran = pipe("", "-m", "no_such_module")
    assert (ran.stderr, ran.returncode) == ("fluxrepl: No module named no_such_module\n", 1)


def test_code_has_its_arguments(pipe):
    assert pipe("", "-c", "import sys\nsys.argv", "a", "-i").stdout == "['-c', 'a', '-i']\n"


def test_a_piece_of_code_waits_for_nothing_that_it_does_not_need(pipe):
    heavy = {"asyncio", "dask", "jedi", "jupyter_client", "nbformat", "prompt_toolkit", "rich", "secrets", "tomlkit"}
    assert pipe("", "-c", f"import sys\nsorted({heavy} & set(sys.modules))").stdout == "[]\n"


def test_a_dash_is_standard_input(pipe):
    assert pipe("import sys\nsys.argv, 1 + 1", "-", "a").stdout == "(['-', 'a'], 2)\n"


# -- then the prompt


def test_i_opens_the_prompt_with_the_names_of_the_file(repl, script):
    screen = repl("-i", script("import sys\nkept = 41\nprint('ran', sys.argv)\n"), "a")
    screen.until("ran ['prog.py', 'a']\nflux>")
    screen.enter("kept + 1")
    screen.until("\n42\nflux>")
    screen.enter("exit(3)")
    assert screen.ends() == 3


def test_i_opens_the_prompt_after_an_error_too(repl, script):
    screen = repl("-i", script("kept = 41\n1 / 0\n"))
    screen.until("ZeroDivisionError: division by zero")
    screen.enter("kept")
    screen.until("\n41\nflux>")


def test_i_opens_the_prompt_after_exit_too(repl, script):
    screen = repl("-i", script("kept = 41\nimport sys\nsys.exit(5)\n"))
    screen.enter("kept")
    screen.until("\n41\nflux>")
    screen.press("ctrl-d")
    assert screen.ends() == 0


def test_i_works_with_code_and_with_modules(repl, script):
    screen = repl("-i", "-c", "x = 5\nx * 2")
    screen.until("10\nflux>")
    screen.enter("x")
    screen.until("\n5\nflux>")
    script("y = 6\n1 / 0", "mod.py")
    screen = repl("-i", "-m", "mod")
    screen.until("ZeroDivisionError")
    screen.enter("y")
    screen.until("\n6\nflux>")


def test_i_without_a_terminal_runs_what_the_pipe_holds(pipe, script):
    ran = pipe("kept + 1\n", "-i", script("kept = 1"))
    assert (ran.stdout, ran.returncode) == ("2\n", 0)


def test_i_alone_is_the_prompt(repl):
    screen = repl("-i")
    screen.until("fluxrepl")
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")


# -- beside the commands


def test_a_file_named_like_a_command_is_run_by_its_path(pipe, script):
    script("print('the file')", "lessons")
    assert "taking-gradients" in pipe("", "lessons").stdout
    assert pipe("", "./lessons").stdout == "the file\n"


def test_a_notebook_is_no_script_and_that_is_said(pipe, script):
    ran = pipe("", script("{}", "x.ipynb"))
    assert ran.returncode == 2
    assert "x.ipynb is a notebook: `jupyter lab x.ipynb` opens it" in ran.stderr

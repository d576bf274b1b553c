"""Input from a pipe, a file or `-c`: the REPL's results without its prompts."""

import sys

import pytest

from fluxrepl.terminal.pipe import cells


def check_complete(source):
    """Python's own opinion, as the shell's would be."""
    import codeop

    try:
        return ("incomplete" if codeop.compile_command(source) is None else "complete"), ""
    except SyntaxError:
        return "invalid", ""


def test_one_line_prints_its_value(pipe):
    ran = pipe("gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)\n")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("(14.0,)\n", "", 0)


def test_every_expression_shows_its_value_and_statements_show_nothing(pipe):
    assert pipe("x = 2\nx + 1\n'a'; x\nx;\nNone\nx * 10").stdout == "3\n2\n20\n"


def test_a_definition_may_hold_blank_lines(pipe):
    ran = pipe("def f(x):\n    y = x\n\n    return y + 1\n\n\n@print\ndef g(): pass\nf(1)\n")
    assert ran.stdout.endswith(">\n2\n")
    assert ran.returncode == 0


def test_an_error_goes_to_stderr_with_its_line_and_the_next_cell_runs(pipe):
    ran = pipe("def half(x):\n    return x / 0\n\nhalf(1)\n'after'\n")
    assert ran.stdout == "'after'\n"
    assert "return x / 0" in ran.stderr
    assert "ZeroDivisionError: division by zero" in ran.stderr
    assert ran.returncode == 1


def test_a_syntax_error_says_where_and_the_rest_runs(pipe):
    ran = pipe("x = 1\ny = = 2\nx + 1\n")
    assert ran.stdout == "2\n"
    assert "y = = 2" in ran.stderr
    assert "SyntaxError" in ran.stderr
    assert ran.returncode == 1


def test_an_open_bracket_at_the_end_is_an_error(pipe):
    ran = pipe("x = (1,\n")
    assert "\nSyntaxError: '(' was never closed\n" in ran.stderr
    assert ran.returncode == 1


def test_magics_commands_and_system_commands_stand_between_statements(pipe):
    ran = pipe("x = 20\n%who_ls int\n!echo from the system\n:help\nx + 1\n")
    assert ran.stdout.startswith("['x']\nfrom the system\n")
    assert ":learn" in ran.stdout
    assert ran.stdout.endswith("\n21\n")
    assert ran.returncode == 0


def test_a_transcript_runs_without_its_prompts_and_outputs(pipe):
    ran = pipe(">>> def f(x):\n...     return x + 1\n...\n>>> f(1)\n2\nflux> f(2)\n3\n")
    assert (ran.stdout, ran.returncode) == ("2\n3\n", 0)


@pytest.mark.parametrize(
    ("code", "status", "printed"),
    [
        ("exit", 0, ""),
        ("exit()", 0, ""),
        ("quit", 0, ""),
        (":quit", 0, ""),
        ("exit(3)", 3, ""),
        ("import sys\nsys.exit(4)", 4, ""),
        ("raise SystemExit", 0, ""),
        ("raise SystemExit('no more')", 1, "no more\n"),
    ],
)
def test_asking_to_leave_leaves_with_that_status(pipe, code, status, printed):
    ran = pipe(f"1\n{code}\n2\n")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("1\n", printed, status)


def test_no_prompt_no_banner_no_colour(pipe):
    ran = pipe("'x'\n1/0\n", FORCE_COLOR="1", CLICOLOR_FORCE="1")
    assert ran.stdout == "'x'\n"
    assert "\x1b" not in ran.stderr
    assert "flux>" not in ran.stdout + ran.stderr


def test_nothing_in_nothing_out(pipe):
    ran = pipe("")
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "", 0)


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(pipe):
    assert pipe("\ufeffx = 1\r\nx + 1\r\n").stdout == "2\n"


def test_wide_letters_pass_through(pipe):
    assert pipe("σ(0.0), '日本語 é'\n").stdout == "(0.5, '日本語 é')\n"


def test_input_finds_the_end_of_the_pipe_and_says_so(pipe):
    ran = pipe("input()\n1 + 1\n")
    assert "EOFError" in ran.stderr
    assert ran.stdout == "2\n"


def test_top_level_await_works(pipe):
    assert pipe("import asyncio\nawait asyncio.sleep(0, 'done')\n").stdout == "'done'\n"


def test_code_from_the_command_line(pipe):
    ran = pipe("", "-c", "x = 2\nx + 1")
    assert (ran.stdout, ran.returncode) == ("3\n", 0)


def test_code_from_the_command_line_stops_at_its_first_error(pipe):
    ran = pipe("", "-c", "1/0\nprint('not reached')")
    assert (ran.stdout, ran.returncode) == ("", 1)
    assert "ZeroDivisionError" in ran.stderr


def test_large_output_arrives_whole(pipe):
    ran = pipe("print('x' * 5_000_000)\n'end'\n")
    assert len(ran.stdout) == 5_000_000 + len("\n'end'\n")


# -- how a text is cut


@pytest.mark.parametrize(
    ("text", "want"),
    [
        ("", []),
        ("# only a comment\n", []),
        ("a = 1\n\n\nb = 2\n", ["a = 1", "b = 2"]),
        ("a = 1; b = 2\nc", ["a = 1; b = 2", "c"]),
        ("if x:\n    1\nelse:\n    2\n3", ["if x:\n    1\nelse:\n    2", "3"]),
        ("@d\n@e\nclass A:\n\n    x = 1\n\nA()", ["@d\n@e\nclass A:\n\n    x = 1", "A()"]),
        ("s = '''\nat the margin\n'''\ns", ["s = '''\nat the margin\n'''", "s"]),
        ("x = 'a\\x0cb'\nx", ["x = 'a\\x0cb'", "x"]),
        # not Python as a whole: by lines
        (":next\nx = 1", [":next", "x = 1"]),
        ("%time f()\ndef f():\n    1\n\n    2\nf()", ["%time f()", "def f():\n    1\n\n    2", "f()"]),
        (
            "!ls\ntry:\n    1\nexcept E:\n    2\nfinally:\n    3\n4",
            ["!ls", "try:\n    1\nexcept E:\n    2\nfinally:\n    3", "4"],
        ),
        ("x?\ny = [\n1,\n2,\n]\ny", ["x?", "y = [\n1,\n2,\n]", "y"]),
        ("x?\ns = '''\na\nb'''\ns", ["x?", "s = '''\na\nb'''", "s"]),
        ("x?\n@d\ndef f(): pass", ["x?", "@d\ndef f(): pass"]),
    ],
)
def test_a_text_is_cut_into_cells(text, want):
    assert list(cells(text, check_complete)) == want


def test_a_closed_standard_input_is_an_empty_one(monkeypatch):
    from fluxrepl.terminal.pipe import read_all

    monkeypatch.setattr(sys, "stdin", None)
    assert read_all(sys.stdin) == ""

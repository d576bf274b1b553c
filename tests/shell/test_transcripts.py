import pytest

from fluxrepl.shell.transcripts import is_transcript, strip_prompts

SESSIONS = {
    "python": (
        ">>> def f(x):\n...     return x\n... \n>>> f(3)\n3\n",
        "def f(x):\n    return x\n\nf(3)\n",
    ),
    "ipython": (
        "In [1]: def f(x):\n   ...:     return x\n   ...: \n\nIn [2]: f(3)\nOut[2]: 3\n",
        "def f(x):\n    return x\n\nf(3)\n",
    ),
    "flux with bare continuation": (
        "flux> def f(x):\n          return x\n\nflux> f(3)\n3\n",
        "def f(x):\n    return x\nf(3)\n",
    ),
    "flux with dots": (
        "flux> def f(x):\n...       return x\n...\nflux> f(3)\n3\n",
        "def f(x):\n      return x\n\nf(3)\n",
    ),
    "flux with aligned dots": (
        "flux> def f(x):\n  ... \n  ...     return x\nflux> f(3)\n3\n",
        "def f(x):\n\n    return x\nf(3)\n",
    ),
    "julia": (
        "julia> g = gradient(f, 2);\n\njulia> sum(\n         g)\n12.0\n",
        "g = gradient(f, 2);\nsum(\n  g)\n",
    ),
    "indented, as in a docstring": ("    >>> 1\n    1\n    >>> 2\n    2\n", "1\n2\n"),
    "after a comment": ("# how to add\n>>> 1 + 1\n2\n", "1 + 1\n"),
    "outputs of many lines": (
        ">>> np.eye(2)\narray([[1., 0.],\n       [0., 1.]])\n\nsome prose\n>>> 1\n",
        "np.eye(2)\n1\n",
    ),
    "a traceback among them": (
        ">>> 1/0\nTraceback (most recent call last):\n  ...\nZeroDivisionError: division by zero\n>>> 2\n",
        "1/0\n2\n",
    ),
    "prompts inside a string of the session": (
        ">>> text = '''\n... >>> kept\n... '''\n>>> text\n",
        "text = '''\n>>> kept\n'''\ntext\n",
    ),
}


@pytest.mark.parametrize("name", SESSIONS)
def test_a_session_gives_its_code(name: str) -> None:
    pasted, code = SESSIONS[name]
    assert strip_prompts(pasted) == code


@pytest.mark.parametrize(
    "source",
    [
        "text = '''\n>>> 1 + 1\n2\n'''\n",
        "def f():\n    '''\n    >>> f()\n    '''\n",
        "x = 1\n>>> 2\n",
        "f(...)\n...\n",
        "flux>1",
        "",
        "\n\n# only a comment\n",
    ],
)
def test_what_does_not_start_with_a_prompt_is_left_alone(source: str) -> None:
    assert not is_transcript(source)
    assert strip_prompts(source) == source


def test_each_statement_shows_its_own_value(shell, capsys) -> None:
    outcome = shell.run(">>> 1 + 1\n2\n>>> x = 3\n>>> x\n3\n>>> print('hi')\nhi\n")
    assert outcome.output == "2\n3\nhi\n"
    assert capsys.readouterr().out == "2\n3\nhi\n"
    assert outcome.source == "1 + 1\nx = 3\nx\nprint('hi')\n"


def test_a_semicolon_silences_its_own_statement_only(shell, capsys) -> None:
    assert shell.run("flux> 1;\nflux> 2\nflux> 3;\n").output == "2\n"


def test_a_session_stops_at_its_first_error(shell, capsys) -> None:
    outcome = shell.run(">>> 1/0\n>>> after = 1\n")
    assert isinstance(outcome.error, ZeroDivisionError)
    assert "after" not in shell.user_ns


def test_a_string_with_prompts_reaches_python_whole(shell) -> None:
    shell.run("text = '''\n>>> 1 + 1\n2\n... '''")
    assert shell.user_ns["text"] == "\n>>> 1 + 1\n2\n... "


def test_a_loop_in_a_session_shows_what_ipython_shows(shell) -> None:
    assert shell.run(">>> for i in range(2):\n...     print(i)\n...\n0\n1\n>>> i\n").output == "0\n1\n1\n"

"""The kernel as Jupyter talks to it."""

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from fluxrepl.version import __version__

from .conftest import Kernel


def test_it_says_who_it_is(kernel: Kernel) -> None:
    info = kernel.ask(kernel.client.kernel_info)
    assert info["implementation"] == "fluxrepl"
    assert info["implementation_version"] == __version__
    assert info["language_info"]["name"] == "python"
    assert info["language_info"]["file_extension"] == ".py"
    assert info["banner"].startswith(f"fluxrepl {__version__}")
    assert all(link["url"].startswith("https://") for link in info["help_links"])


def test_a_gradient_is_taken_and_shown(kernel: Kernel) -> None:
    assert kernel.run("gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)").text == "(14.0,)"


def test_a_chain_is_built_called_and_shown_as_text_and_html(kernel: Kernel) -> None:
    assert kernel.run("Chain(lambda x: x**2, lambda x: x + 1)(5)").text == "26"
    (shown,) = kernel.run("model = Chain(Dense(10, 5, relu), Dense(5, 2), softmax)\nmodel").results
    assert shown["text/plain"].startswith("Chain(")
    assert "Dense" in shown["text/html"]
    assert kernel.run("model(np.ones(10)).shape").text == "(2,)"


def test_the_structure_of_a_gradient_has_html_that_is_escaped(kernel: Kernel) -> None:
    cell = "gradient(lambda r: np.sum(r.a ** 2), record(a=np.array([1., 2.]), c='<b>'))"
    (shown,) = kernel.run(cell).results
    assert "array([2., 4.])" in shown["text/plain"]
    assert "<b>" not in shown["text/html"]


def test_a_plain_number_has_no_html(kernel: Kernel) -> None:
    (shown,) = kernel.run("1.5").results
    assert shown == {"text/plain": "1.5"}


def test_the_text_of_a_container_is_its_repr(kernel: Kernel) -> None:
    assert kernel.run("{'b': [0] * 50, 'a': np.float64(1)}").text == repr({"b": [0] * 50, "a": 1.0})


def test_a_semicolon_silences(kernel: Kernel) -> None:
    assert kernel.run("1;").messages == []


def test_a_value_with_its_own_html_keeps_it(kernel: Kernel) -> None:
    cell = "class Table:\n    def _repr_html_(self): return '<table></table>'\nTable()"
    (shown,) = kernel.run(cell).results
    assert shown["text/html"] == "<table></table>"


def test_an_error_shows_the_learners_line_and_its_notes(kernel: Kernel) -> None:
    ran = kernel.run("def vector(x):\n    return x * 2\ngradient(vector, np.array([1., 2.]))")
    assert ran.status == "error"
    assert ran.reply["ename"] == "NotScalarError"
    assert "----> 3 gradient(vector, np.array([1., 2.]))" in ran.traceback
    assert "inside fluxrepl" in ran.traceback
    assert "np.sum" in ran.traceback
    assert kernel.run("1").text == "1"


def test_an_error_whose_str_fails_still_answers(kernel: Kernel) -> None:
    ran = kernel.run("class Broken(Exception):\n    def __str__(self): raise KeyError\nraise Broken")
    assert (ran.status, ran.reply["ename"]) == ("error", "Broken")


def test_a_group_of_errors_is_an_error_not_a_print(kernel: Kernel) -> None:
    ran = kernel.run("raise ExceptionGroup('many', [ValueError(1), TypeError(2)])")
    assert "TypeError: 2" in ran.traceback
    assert ran.stderr == ""


@pytest.mark.parametrize(
    "cell",
    [
        "while True: pass",
        "import time\ntime.sleep(60)",
        "rows = np.ones((3000, 3000))\nwhile True: rows @ rows",
        "import threading\nthreading.Event().wait(60)",
        "import subprocess\nsubprocess.run(['sleep', '60'])",
        "import asyncio\nawait asyncio.sleep(60)",
        "import asyncio\nawait asyncio.sleep(0)\nwhile True: pass",
        "import asyncio\nasync def waits():\n    while True:\n        await asyncio.sleep(0.01)\nawait waits()",
    ],
)
def test_an_interrupt_ends_a_cell_and_nothing_more(kernel: Kernel, cell: str) -> None:
    started = time.monotonic()
    ran = kernel.run(cell, interrupt_after=0.5)
    assert time.monotonic() - started < 20
    assert ran.reply["ename"] == "KeyboardInterrupt"
    assert ran.traceback.rstrip().endswith("KeyboardInterrupt")
    assert kernel.run("'alive'").text == "'alive'"
    assert kernel.run("import asyncio\nawait asyncio.sleep(0, 'still')").text == "'still'"


def test_a_cancellation_of_the_learners_own_is_no_interrupt(kernel: Kernel) -> None:
    ran = kernel.run("import asyncio\nasync def stop():\n    raise asyncio.CancelledError\nawait stop()")
    assert ran.reply["ename"] == "CancelledError"


def test_the_first_tab_is_fast(start: Callable[..., Kernel], tmp_path: Path) -> None:
    fresh = start(tmp_path, tmp_path / "home")
    started = time.monotonic()
    reply = fresh.ask(fresh.client.complete, "Dense(3, 4).we", 14)
    assert time.monotonic() - started < 1
    assert reply["matches"] == [".weight"]
    assert (reply["cursor_start"], reply["cursor_end"]) == (11, 14)


@pytest.mark.parametrize(
    ("text", "match"), [("gradie", "gradient"), ("\\sigma", "σ"), (":hin", "hint"), ("np.lina", ".linalg")]
)
def test_tab_completes(kernel: Kernel, text: str, match: str) -> None:
    assert match in kernel.ask(kernel.client.complete, text, len(text))["matches"]


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("1 + 1", {"status": "complete"}),
        ("def f(x):", {"status": "incomplete", "indent": "    "}),
        ("1 +", {"status": "invalid"}),
        (":next", {"status": "complete"}),
        ("flux> def f(x):", {"status": "incomplete", "indent": "    "}),
    ],
)
def test_completeness_is_judged(kernel: Kernel, code: str, answer: dict[str, str]) -> None:
    assert kernel.ask(kernel.client.is_complete, code) == answer


def test_a_name_can_be_inspected(kernel: Kernel) -> None:
    found = kernel.ask(kernel.client.inspect, "gradient", 4)
    assert found["found"]
    assert "Signature" in found["data"]["text/plain"]
    assert not kernel.ask(kernel.client.inspect, "nothing_like_it", 4)["found"]


def test_history_has_tail_range_and_search(kernel: Kernel) -> None:
    for cell in ("'first of three'", "'second of three'", "'third of three'"):
        kernel.run(cell)
    history = kernel.client.history
    tail = kernel.ask(history, raw=True, output=False, hist_access_type="tail", n=3)["history"]
    assert [entry[2] for entry in tail] == ["'first of three'", "'second of three'", "'third of three'"]
    session, line, _ = tail[0]
    options = {"raw": True, "output": False, "hist_access_type": "range"}
    for asked in (session, 0):
        ranged = kernel.ask(history, session=asked, start=line, stop=line + 2, **options)["history"]
        assert ranged == tail[:2]
    found = kernel.ask(history, raw=True, output=False, hist_access_type="search", pattern="'second*")["history"]
    assert [entry[2] for entry in found] == ["'second of three'"]


def test_input_is_asked_of_the_front(kernel: Kernel) -> None:
    ran = kernel.run("name = input('Who? ')\nname", answer="Ada")
    assert ran.text == "'Ada'"


def test_a_password_is_asked_for_without_an_echo(kernel: Kernel) -> None:
    asked = []

    def answer(message) -> None:
        asked.append(message["content"])
        kernel.client.input("secret")

    kernel.client.execute_interactive(
        "import getpass\nword = getpass.getpass('Word? ')", allow_stdin=True, stdin_hook=answer, timeout=30
    )
    assert asked == [{"prompt": "Word? ", "password": True}]
    assert kernel.run("word").text == "'secret'"


def test_input_without_a_front_that_can_ask_is_an_error(kernel: Kernel) -> None:
    assert kernel.run("input()").reply["ename"] == "StdinNotImplementedError"


def test_a_transcript_shows_each_value(kernel: Kernel) -> None:
    ran = kernel.run(">>> 1 + 1\n2\n>>> x = 3;\n>>> x\n3\n")
    assert [shown["text/plain"] for shown in ran.results] == ["2", "3"]


def test_print_options_stay_from_cell_to_cell(kernel: Kernel) -> None:
    kernel.run("np.set_printoptions(precision=2)")
    assert kernel.run("np.array([1.23456]), np.float64(2)").text == "(array([1.23]), 2.0)"
    kernel.run("np.set_printoptions(precision=8)")


def test_a_setting_of_the_prompt_is_told_to_do_nothing_here(kernel: Kernel) -> None:
    (said,) = kernel.run(":config print.precision 3").displays
    assert "at the prompt in a terminal; in this session, write `np.set_printoptions(" in said["text/plain"]
    assert kernel.run("np.array([1 / 3])").text == "array([0.33333333])"


def test_output_of_children_and_threads_comes_too(kernel: Kernel) -> None:
    assert "from a child" in kernel.run("!echo from a child").stdout
    assert kernel.run("import os\nos.system('echo by os.system')").stdout == "by os.system\n"
    assert kernel.run("import subprocess\nsubprocess.run(['echo', 'by subprocess']);").stdout == "by subprocess\n"
    assert "to stderr" in kernel.run("!echo to stderr >&2").stdout
    assert kernel.run("subprocess.run(['sh', '-c', 'echo failed >&2']);").stderr == "failed\n"
    forked = "pid = os.fork()\nif pid == 0:\n    print('from a fork', flush=True); os._exit(0)\nos.waitpid(pid, 0);"
    assert "from a fork" in kernel.run(forked).stdout
    cell = "import threading\nt = threading.Thread(target=print, args=('from a thread',)); t.start(); t.join()"
    assert kernel.run(cell).stdout == "from a thread\n"


def test_silent_cells_leave_no_trace(kernel: Kernel) -> None:
    before = kernel.run("1").reply["execution_count"]
    ran = kernel.run("quiet = 5; quiet", silent=True)
    assert ran.messages == []
    assert kernel.run("quiet").reply["execution_count"] == before + 1


def test_a_cell_that_is_not_stored_leaves_history_and_count_alone(kernel: Kernel) -> None:
    before = kernel.run("1").reply["execution_count"]
    assert kernel.run("'not stored'", store_history=False).text == "'not stored'"
    assert kernel.run("1").reply["execution_count"] == before + 1
    tail = kernel.ask(kernel.client.history, raw=True, output=False, hist_access_type="tail", n=5)["history"]
    assert "'not stored'" not in [entry[2] for entry in tail]


def test_user_expressions_are_evaluated(kernel: Kernel) -> None:
    reply = kernel.run("base = 20", user_expressions={"sum": "base + 1", "bad": "1/0"}).reply
    assert reply["user_expressions"]["sum"]["data"]["text/plain"] == "21"
    assert reply["user_expressions"]["bad"]["status"] == "error"


def test_seeded_names_are_hidden_from_who(kernel: Kernel) -> None:
    assert "gradient" not in kernel.run("%who").stdout.split()


def test_html_of_hostile_text_is_escaped(kernel: Kernel) -> None:
    (shown,) = kernel.run("(np.array(['<script>alert(1)</script>']), record(a='<script>'))").results
    assert "<script>" not in shown.get("text/html", "")


@pytest.mark.parametrize("half", [r"\ud800", r"\udc80"])
def test_half_characters_are_shown_escaped(kernel: Kernel, half: str) -> None:
    ran = kernel.run(f"print('x {half} y 😀')")
    assert (ran.status, ran.stdout, ran.stderr) == ("ok", f"x {half} y 😀\n", "")
    ran = kernel.run(f"class Half:\n    def __repr__(self): return '<{half}>'\nprint(2)\nHalf()")
    assert (ran.text, ran.stdout, ran.stderr) == (f"<{half}>", "2\n", "")
    assert kernel.run(f"from IPython.display import display, HTML\ndisplay(HTML('{half}'))").displays == [
        {"text/html": half, "text/plain": "<IPython.core.display.HTML object>"}
    ]


def test_an_error_with_half_a_character_is_the_learners(kernel: Kernel) -> None:
    ran = kernel.run("raise ValueError('\\ud800')")
    assert (ran.reply["ename"], ran.reply["evalue"]) == ("ValueError", r"\ud800")
    assert ran.traceback.endswith(r"ValueError: \ud800")
    assert ran.stderr == ""
    assert kernel.run("1").text == "1"


def test_much_output_arrives_whole(kernel: Kernel) -> None:
    assert kernel.run("for i in range(20_000): print(i)").stdout.count("\n") == 20_000
    assert len(kernel.run("print('x' * 10_000_000)").stdout) == 10_000_001


def test_a_warning_is_words_and_the_learners_line(kernel: Kernel) -> None:
    told = re.sub(r"\x1b\[[\d;]*m", "", kernel.run("x = np.array([0.0])\nChain(np.log)(x)").stderr)
    assert re.fullmatch(r"RuntimeWarning: divide by zero encountered in log\n  Cell In\[\d+\], line 2\n", told)


def test_a_list_of_layers_is_one_text_here_too(kernel: Kernel) -> None:
    assert (
        kernel.run("[Dense(5, 2), softmax]").text
        == "[\n  Dense(5, 2),                          # 12 parameters\n  softmax,\n]"
    )
    assert kernel.run("[0] * 5000").text.endswith("0, … 4_900 more]  # print(_) shows all")


def test_a_repr_that_fails_is_shown_and_the_kernel_lives(kernel: Kernel) -> None:
    ran = kernel.run("class Bad:\n    def __repr__(self): raise ValueError('no')\nBad()")
    assert "ValueError: no" in ran.traceback
    assert kernel.run("1").text == "1"


def test_libraries_see_a_notebook(kernel: Kernel) -> None:
    assert kernel.run("get_ipython().__class__.__name__").text == "'ZMQInteractiveShell'"
    assert kernel.run("from rich.console import Console\nConsole().is_jupyter").text == "True"


def test_a_repr_that_fails_in_a_container_is_an_error_and_no_result(kernel: Kernel) -> None:
    kernel.run("class Bad:\n    def __repr__(self):\n        raise ValueError('no repr')")
    for cell in ("[np.ones(3), Bad()]", "record(a=np.ones(20), b=Bad())", "Bad()"):
        ran = kernel.run(cell)
        assert "ValueError: no repr" in ran.traceback
        assert ran.results == []
    assert kernel.run("1").text == "1"


def test_a_value_that_cannot_be_asked_for_its_class_is_shown_without_errors(kernel: Kernel) -> None:
    broken = "class C:\n    @property\n    def __class__(self):\n        raise ValueError('no class')\n"
    ran = kernel.run(broken + "    def __repr__(self):\n        return 'C()'\nC()")
    assert [kind for kind, _ in ran.messages] == ["execute_result"]
    assert ran.text == "C()"

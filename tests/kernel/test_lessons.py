"""A lesson played in a notebook: `:command`, `%lesson`, and plain cells."""

from pathlib import Path
from typing import Literal

import pytest

from fluxrepl.kernel.messages import as_markdown, as_text
from fluxrepl.tutor.play import Message, walkthrough

from .conftest import Kernel, Run

COURSE = Path(__file__).parents[2] / "lessons"


def said(ran: Run) -> str:
    return "\n".join(shown["text/markdown"] for shown in ran.displays)


def test_without_a_lesson_commands_say_what_to_do(kernel: Kernel) -> None:
    assert "`:learn 01` opens the first" in said(kernel.run(":hint"))
    assert "Did you mean `:hint`?" in said(kernel.run("%lesson hnit"))
    assert ":learn" in said(kernel.run("%lesson"))
    assert "no such lesson" in said(kernel.run(":learn 99"))
    assert kernel.run("1 + 1").text == "2"


def test_a_lesson_is_played_from_first_to_last_step(kernel: Kernel) -> None:
    from fluxrepl.tutor.course import find_lesson
    from fluxrepl.tutor.lesson import read

    opened = kernel.run(":learn 01")
    assert opened.status == "ok"
    assert "gradient" in said(opened)
    steps = list(walkthrough(read(find_lesson("01", COURSE))))
    offered = _offered(opened)
    for step, typed in steps:
        if step.kind == "example":
            assert offered == typed
        ran = kernel.run(typed)
        assert "✗" not in said(ran), (typed, said(ran))
        offered = _offered(ran)
    state = kernel.run("get_ipython().play.finished")
    assert state.text == "True"


def test_a_step_may_hold_a_command_a_magic_or_await(kernel: Kernel, tmp_path: Path) -> None:
    steps = ">>> !echo {1 + 1}\n2\n>>> %precision 3\n'%.3f'\n>>> import asyncio\n>>> await asyncio.sleep(0, 5)\n5\n"
    path = tmp_path / "shell.md"
    path.write_text(f"---\ntitle: Shell\nid: shell\n---\n\n# Shell\n\n```pycon\n{steps}\n```\n")
    kernel.run(f":learn {path}")
    for cell in ("!echo {1 + 1}", "%precision 3", "import asyncio\nawait asyncio.sleep(0, 5)"):
        ran = kernel.run(cell)
        assert "✗" not in said(ran), (cell, said(ran))
    assert kernel.run("get_ipython().play.finished").text == "True"
    kernel.run("%precision %r")
    kernel.run(":quit")


def test_a_wrong_answer_and_a_hint_are_shown_and_quit_leaves(kernel: Kernel) -> None:
    kernel.run(":reset all yes")
    kernel.run(":learn 01")
    kernel.run(":goto 1")
    assert said(kernel.run(":list"))
    assert said(kernel.run(":quit")) is not None
    assert kernel.run("get_ipython().play is None").text == "True"


@pytest.mark.parametrize("asked", [":why", "%lesson why"])
def test_why_tells_of_the_gradient_in_the_cell_before(kernel: Kernel, asked: str) -> None:
    kernel.run("gradient(lambda x, y: 2 * x, 1.0, 2.0)")
    assert "y has no gradient" in said(kernel.run(asked))
    kernel.run("1/0")
    assert "ZeroDivisionError: division by zero" in said(kernel.run(asked))


def test_quit_without_a_lesson_does_not_stop_the_kernel(kernel: Kernel) -> None:
    assert "Shut Down" in kernel.run(":quit").stdout
    assert kernel.run("1").text == "1"


@pytest.mark.parametrize(
    ("message", "markdown"),
    [
        (Message("prose", "# Title\n\n*words*"), "# Title\n\n*words*"),
        (Message("praise", "Right: `a*b` * 2."), "✓ Right: `a*b` \\* 2."),
        (Message("example", source="1 + 1"), "```python\n1 + 1\n```"),
        (Message("hint", "Look *here*."), "**Hint.** Look *here*."),
        (Message("hint", "Look.", title="2 of 3"), "**Hint 2 of 3.** Look."),
        (Message("solution", "", source="x = 1"), "**Solution**\n\n```python\nx = 1\n```"),
        (Message("list", "one\ntwo"), "```text\none\ntwo\n```"),
        (Message("note", "a <b>"), "a \\<b\\>"),
        (Message("solution", "", source="'''```'''"), "**Solution**\n\n````python\n'''```'''\n````"),
    ],
)
def test_messages_become_markdown(message: Message, markdown: str) -> None:
    assert as_markdown(message) == markdown


@pytest.mark.parametrize("kind", ["note", "list"])
def test_long_lines_of_a_note_are_broken_between_words(kind: Literal["note", "list"]) -> None:
    words = "y has no gradient: no operation that a gradient flows through used it. " * 4
    shown = as_markdown(Message(kind, f"x is short\n{words}\n    code = stays_as_it_is  # " + "however long " * 9))
    first, *prose, code, last = shown.split("\n")[1:]
    assert (first, code[:8], last) == ("x is short", "    code", "```")
    assert len(prose) > 1
    assert max(map(len, prose)) <= 84
    assert " ".join(prose).split() == words.split()


def test_a_miss_shows_wanted_above_got_with_a_mark_where_they_part() -> None:
    message = Message("miss", "Not yet.", want="[1,\n 2]\n", got="[1,\n 3]\n")
    rows = ["wanted  [1,", "         2]", "         ^", "   got  [1,", "         3]", "         ^"]
    assert as_markdown(message) == "\n".join(["✗ Not yet.\n\n```text", *rows, "```"])
    assert as_text(message) == "\n".join(["Not yet.", *rows])


def test_the_code_of_a_step_is_shown_and_offered(kernel: Kernel) -> None:
    kernel.run(":reset all yes")
    kernel.run(":learn 00")
    ran = kernel.run(":goto 2")
    assert "```python\n6 * 7\n```" in said(ran)
    assert "6 * 7" in [shown["text/plain"].strip() for shown in ran.displays]
    assert _offered(ran) == "6 * 7"
    assert "Enter" not in said(kernel.run("%lesson hint"))


def test_the_next_cell_is_filled_below_and_nothing_is_written_over(kernel: Kernel) -> None:
    """With `replace` true, Jupyter would put the next example over the cell that has just run, output and all."""
    kernel.run(":reset all yes")
    kernel.run(":learn 00")
    (payload,) = kernel.run("%lesson goto 2").reply["payload"]
    assert payload == {"source": "set_next_input", "text": "6 * 7", "replace": False}
    assert kernel.run("1 + 1").reply["payload"] == []  # only on arriving at a step


def test_a_lesson_is_taken_up_again_without_showing_what_was_run(kernel: Kernel) -> None:
    kernel.run(":reset all yes")
    kernel.run(":learn 00")
    kernel.run(":goto 3")
    kernel.run("from IPython.display import display\ndisplay('loud')\nx = np.array([1.0, 2.0, 3.0])\nnp.sum(x ** 2)")
    kernel.run(":quit")
    kernel.run("del x")
    ran = kernel.run(":learn 00")
    assert "You are at step 4 of" in said(ran)
    assert "loud" not in ran.stdout + "".join(shown["text/plain"] for shown in ran.displays)
    assert kernel.run("x.sum()").text == "6.0"
    assert kernel.run("display('shown')").displays[-1]["text/plain"] == "'shown'"


def test_each_step_says_where_the_learner_is(kernel: Kernel) -> None:
    kernel.run(":reset all yes")
    opened = kernel.run(":learn 00")
    assert opened.displays[-1]["text/plain"].startswith("Step 1 of ")
    assert ":next goes on" in opened.displays[-1]["text/plain"]
    ran = kernel.run(":goto double")
    assert "<small>Step 11 of " in ran.displays[-1]["text/markdown"]
    assert "2 hints: `:hint`" in ran.displays[-1]["text/markdown"]
    assert "Step" not in said(kernel.run(":hint"))


def test_a_solution_is_offered_in_the_next_cell_and_undo_takes_it_back(kernel: Kernel) -> None:
    kernel.run(":reset all yes")
    kernel.run(":learn 00")
    kernel.run(":goto double")
    ran = kernel.run("%lesson solution")
    assert _offered(ran) == "def double(x):\n    return 2 * x"
    assert "offered to you" in said(ran)
    assert "✓ Solved." in said(kernel.run(_offered(ran)))
    ran = kernel.run("%lesson undo")
    assert "double is gone." in said(ran)
    assert "def double" in _offered(ran)
    assert kernel.run("'double' in globals()").text == "False"


def test_edit_puts_what_was_tried_into_the_next_cell(kernel: Kernel) -> None:
    kernel.run(":reset all yes")
    kernel.run(":learn 00")
    kernel.run(":goto double")
    assert _offered(kernel.run(":edit")) == "def double(x):\n    ..."
    kernel.run("def double(x):\n    return x")
    assert _offered(kernel.run("%lesson edit")) == "def double(x):\n    return x"


def test_a_miss_is_told_and_what_it_changed_is_put_back(kernel: Kernel) -> None:
    kernel.run(":reset all yes")
    kernel.run(":learn 00")
    kernel.run(":goto double")
    kernel.run("data = [1]")
    ran = kernel.run("data.append(2)\ndef double(x):\n    return x + 2")
    assert "✗ double(4) should be 8, and it is 6" in said(ran)
    assert "`data` is again as before this try." in said(ran)
    assert kernel.run("data").text == "[1]"


def test_a_recap_becomes_a_notebook_that_is_valid_and_runs(kernel: Kernel, tmp_path: Path) -> None:
    import nbformat

    kernel.run(":reset all yes")
    kernel.run(":learn 00")
    kernel.run(":goto 2")
    kernel.run("6 * 7")
    path = tmp_path / "mine.ipynb"
    assert "has what you did" in said(kernel.run(f"%lesson recap {path}"))
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.kernelspec.name == "fluxrepl"
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert (code[-1].source, code[-1].outputs[0].text) == ("6 * 7", "42\n")
    for cell in code:
        assert kernel.run(cell.source).status == "ok"


def test_commands_of_a_lesson_complete_with_tab(kernel: Kernel) -> None:
    for text, name in ((":und", "undo"), ("%lesson rec", "recap"), ("%lesson forg", "forget")):
        reply = kernel.ask(kernel.client.complete, text, len(text))
        assert reply["matches"] == [name]
        assert text[: reply["cursor_start"]] + name == text[: text.rindex(name[:3])] + name


def _offered(ran: Run) -> str:
    """What the kernel asks the front to put into the next cell."""
    return "".join(each["text"] for each in ran.reply["payload"] if each["source"] == "set_next_input")

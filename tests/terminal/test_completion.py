"""What stands in the completion menu, asked as prompt_toolkit asks."""

import numpy as np
import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import to_plain_text

from fluxrepl.terminal.completion import ShellCompleter, _what


class Late:
    """The part of `LateShell` that a completer sees."""

    def __init__(self, shell):
        self.shell = shell

    def wait(self):
        return self.shell


@pytest.fixture(scope="module")
def complete(tmp_path_factory):
    """(text that would stand at the prompt, what the menu says of it) for each completion of a text."""
    import os

    os.environ.setdefault("FLUXREPL_HOME", str(tmp_path_factory.mktemp("home")))
    from fluxrepl.shell.core import make_shell

    shell = make_shell(colours=False, history=False)
    shell.user_ns["menu_array"] = np.ones((2, 3), np.float32)
    shell.user_ns["menu_number"] = 2.5
    shell.user_ns["listed"] = [np.ones(2)]
    completer = ShellCompleter(Late(shell))

    def ask(text):
        found = completer.get_completions(Document(text), CompleteEvent(completion_requested=True))
        return {text[: len(text) + item.start_position] + item.text: to_plain_text(item.display_meta) for item in found}

    return ask


def test_values_are_described(complete):
    assert complete("menu_") == {"menu_array": "ndarray (2, 3) float32", "menu_number": "float 2.5"}


def test_functions_show_their_parameters(complete):
    assert complete("np.linalg.eigvals")["np.linalg.eigvalsh"] == "(a, UPLO='L')"


def test_modules_and_attributes_are_told(complete):
    assert complete("np.linal")["np.linalg"] == "module"


def test_methods_of_literals_and_of_items_show_their_parameters(complete):
    assert complete("(1).to_b")["(1).to_bytes"].startswith("(length=1, ")
    assert complete("listed[0].resh")["listed[0].reshape"].startswith("(*shape, ")


def test_greek_letters_replace_their_names(complete):
    assert "x = σ" in complete("x = \\sigma")


def test_commands_complete_after_a_colon_only(complete):
    assert complete(":lea") == {":learn": complete(":lea")[":learn"]}
    assert "open a lesson" in complete(":lea")[":learn"]
    assert "edit" in complete(":ed")[":edit"]
    assert not any(name.startswith(":") for name in complete("lea"))


def test_lessons_complete_after_learn(complete):
    assert complete(":learn 0")[":learn 01"] == "Taking gradients"


def test_values_complete_after_a_setting(complete):
    assert complete(":config theme d") == {":config theme dark": "", ":config theme default": '"auto"'}
    assert set(complete(":config confirm_exit ")) == {
        f":config confirm_exit {word}" for word in ("true", "false", "default")
    }
    assert complete(":config no_such_setting d") == {}


@pytest.mark.parametrize("text", ['listed[("', 'x = "gra', "f(x)['gra"])
def test_within_a_string_neither_names_nor_magics_are_offered(complete, text):
    assert not any("gradient" in found or "%" in found for found in complete(text))


def test_within_an_f_string_and_after_a_string_names_are_offered(complete):
    assert "f'{gradient" in complete("f'{gradien")
    assert "'it' # \ngradient" in complete("'it' # \ngradien")


def test_steps_complete_after_goto():
    from types import SimpleNamespace

    steps = [SimpleNamespace(title=title, kind="exercise", quiz=None) for title in ("A slope", "Quiz")]
    play = SimpleNamespace(lesson=SimpleNamespace(steps=steps))
    completer = ShellCompleter(Late(SimpleNamespace(play=play)))
    found = completer.get_completions(Document(":goto "), CompleteEvent())
    assert [(item.text, to_plain_text(item.display_meta)) for item in found] == [("1", "A slope"), ("2", "Quiz")]


def test_a_shell_that_is_not_there_completes_nothing():
    completer = ShellCompleter(Late(None))
    assert list(completer.get_completions(Document("gra"), CompleteEvent())) == []


def test_descriptions_are_short():
    assert len(_what("x" * 1000)) < 50
    assert _what(len).startswith("(obj")
    assert _what(type("Thing", (), {})) == "class ()"
    assert _what(type) == "class"

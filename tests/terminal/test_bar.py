"""The bar under the prompt: what it says at each kind of step, and on narrow terminals."""

from pathlib import Path

import pytest

from fluxrepl.terminal.bar import status_bar
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.play import Play
from fluxrepl.tutor.progress import Progress

LESSON = read(Path(__file__).with_name("lesson.md"))


def bar(step: int, **options) -> str:
    play = Play(LESSON, Progress(), dict)
    play.index = step
    return "".join(text for _, text in status_bar(play, **options))


@pytest.mark.parametrize(
    ("step", "keys"),
    [
        (0, "  Enter goes on  F1 help"),
        (1, "  Enter runs it  Ctrl-C clears it  :next  F1 help"),
        (3, "  :hint 2 left  Enter hands it in  :next  F1 help"),
        (4, "  a, b … answers  :next  F1 help"),
    ],
)
def test_each_kind_of_step_has_its_keys(step, keys):
    assert bar(step) == f" Adding up  {step + 1}/5 {'─' * 12}{keys}"


def test_at_an_empty_prompt_enter_runs_nothing_and_tab_brings_the_code_back():
    assert "Tab brings it back" in bar(1, is_empty=True)
    assert "Enter goes on" in bar(0, is_empty=True)


@pytest.mark.parametrize("width", range(22, 90, 7))
def test_a_key_is_shown_whole_or_not_at_all(width):
    head = " Adding up  2/5 " + "─" * 6
    keys = ["Enter runs it", "Ctrl-C clears it", ":next", "F1 help"]
    cut = bar(1, width=width)
    assert len(cut) <= max(width, len(head))
    shown = [key for key in keys if f"  {key}" in cut]
    assert cut == "".join([head, *(f"  {key}" for key in shown)])


@pytest.mark.parametrize(
    ("width", "keys"),
    [
        (80, "  Enter runs it  Ctrl-C clears it  :next  F1 help"),
        (70, "  Enter runs it  :next  F1 help"),
        (50, "  Enter runs it  F1 help"),
        (40, "  Enter runs it"),
    ],
)
def test_where_there_is_not_room_for_all_the_least_needed_gives_way(width, keys):
    assert bar(1, width=width).endswith("─" + keys)


@pytest.mark.parametrize(("done", "filled"), [(0, 0), (1, 1), (50, 6), (99, 11), (100, 12)])
def test_the_bar_shows_the_first_step_and_is_full_only_at_the_end(done, filled):
    from fluxrepl.terminal.bar import _filled

    assert _filled(done, 100, 12) == filled

import re

import pytest

from fluxrepl.show.training import DONE, INTERRUPTED, STOPPED, Training, time_text

from .test_html import Strict


def text(training):
    return "|".join(Strict(training.html().replace("<progress", "<b").replace("</progress>", "</b>")).text)


def test_a_training_that_runs_has_a_bar_with_its_value():
    training = Training([4.0, 2.0], 10, 0.5)
    assert '<progress value="2" max="10" aria-label="steps of the training"></progress>' in training.html()
    assert training.words() == "step 2 of 10 · loss 2"
    assert '<svg class="curve"' in training.html()


def test_what_is_left_is_told_after_a_second():
    assert Training([4.0, 2.0], 10, 20.0).words() == "step 2 of 10 · loss 2 · 1 min 20 s left"


def test_without_a_length_the_bar_has_no_end():
    training = Training([4.0, 2.0], None, 5.0)
    assert '<progress aria-label="steps of the training"></progress>' in training.html()
    assert training.words() == "step 2 · loss 2"


def test_when_it_is_done_the_fall_of_the_loss_is_told():
    training = Training([4.0, 2.0, 0.5], 3, 1.234, DONE)
    assert training.words() == "3 steps · loss 4 → 0.5 · 1.2 s"
    assert "<progress" not in training.html()
    assert "✓" in text(training)
    assert Training([4.0, 0.5], 2, 75.0, DONE, calls=2).words() == "2 steps in 2 calls · loss 4 → 0.5 · 1 min 15 s"


@pytest.mark.parametrize(("state", "word"), [(INTERRUPTED, "interrupted"), (STOPPED, "stopped")])
def test_a_training_that_did_not_end_says_so(state, word):
    training = Training([4.0], 10, 0.1, state)
    assert training.words() == f"{word} after 1 step of 10 · loss 4 → 4 · 0.1 s"
    assert "✗" in text(training)
    assert "no loss yet" in Training([], 10, 0.1, state).words()


def test_a_curve_of_a_million_steps_is_short():
    losses = [1 / k for k in range(1, 1_000_000)]
    assert len(Training(losses, 2_000_000, 5.0).html(exact=False)) < 20_000


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.523, "0.52 s"), (12.3, "12 s"), (185, "3 min 5 s"), (7800, "2 h 10 min")]
)
def test_times(seconds, words):
    assert time_text(seconds) == words


def test_its_words_are_in_the_name_of_the_curve():
    assert re.search(r'aria-label="loss over 2 steps: from 4 to 2"', Training([4.0, 2.0], 2, 1.0, DONE).html())

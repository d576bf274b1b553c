"""Trainings in a notebook: a bar and a curve that are updated, and what stays."""

import re

from .conftest import Kernel

SETUP = """
import time
x = np.linspace(-1, 1, 20, dtype="f").reshape(-1, 1)
def slow(m, x, y):
    time.sleep(0.02)
    return mse(m(x), y)
def fresh():
    line = Dense(1, 1)
    return line, setup(Descent(0.1), line)
line, state = fresh()
"""


def shown(ran) -> list[tuple[str, str, str]]:
    """Each drawing: its kind, its display, its text."""
    return [
        (kind, content["transient"]["display_id"], content["data"]["text/plain"])
        for kind, content in ran.messages
        if kind in ("display_data", "update_display_data")
    ]


def test_a_training_that_takes_a_while_is_one_display_that_is_updated(kernel: Kernel) -> None:
    kernel.run(SETUP)
    ran = kernel.run("losses = train(slow, line, [(x, 3*x + 1)] * 80, state)")
    kinds, displays, texts = zip(*shown(ran), strict=True)
    assert kinds[0] == "display_data"
    assert set(kinds[1:]) == {"update_display_data"}
    assert len(kinds) >= 3
    assert len(set(displays)) == 1
    assert re.fullmatch(r"step \d+ of 80 · loss [\d.]+", texts[0])
    assert re.fullmatch(r"80 steps · loss [\d.]+ → [\d.e-]+ · \d[\d.]* s", texts[-1])
    assert ran.stderr == ran.stdout == ""
    assert "text/html" not in kernel.run("losses").results[0]  # one curve is enough
    html = [content["data"]["text/html"] for kind, content in ran.messages]
    assert "<progress" in html[0]
    assert "<progress" not in html[-1]
    assert '<svg class="curve"' in html[-1]


def test_what_is_quick_shows_nothing_and_its_losses_are_a_curve(kernel: Kernel) -> None:
    kernel.run(SETUP)
    ran = kernel.run("train(lambda m, x, y: mse(m(x), y), line, [(x, 3*x + 1)] * 20, state)")
    assert shown(ran) == []
    assert ran.text.startswith("Losses(")
    assert '<svg class="curve"' in ran.results[0]["text/html"]


def test_epochs_in_a_cell_go_on_in_one_display(kernel: Kernel) -> None:
    kernel.run(SETUP)
    ran = kernel.run("for epoch in range(4): train(slow, line, [(x, 3*x + 1)] * 15, state)")
    assert len({display for _, display, _ in shown(ran)}) == 1
    assert shown(ran)[-1][2].startswith("60 steps in 4 calls · loss ")


def test_another_model_has_another_display(kernel: Kernel) -> None:
    kernel.run(SETUP)
    cell = "for _ in range(2):\n    m, s = fresh()\n    train(slow, m, [(x, 3*x + 1)] * 40, s)"
    ran = kernel.run(cell)
    displays = {display: text for _, display, text in shown(ran)}
    assert len(displays) == 2
    assert all(text.startswith("40 steps · loss") for text in displays.values())


def test_an_interrupt_leaves_the_curve_up_to_there(kernel: Kernel) -> None:
    kernel.run(SETUP)
    ran = kernel.run("train(slow, line, [(x, 3*x + 1)] * 10_000, state)", interrupt_after=1.2)
    assert ran.reply["ename"] == "KeyboardInterrupt"
    assert re.match(r"interrupted after \d+ steps of 10_000 · ", shown(ran)[-1][2])


def test_an_error_leaves_the_curve_up_to_there(kernel: Kernel) -> None:
    kernel.run(SETUP)
    ran = kernel.run("train(slow, line, [(x, 3*x + 1)] * 40 + [(x * np.nan, x)], state)")
    assert ran.reply["ename"] == "NotFiniteError"
    assert shown(ran)[-1][2].startswith("stopped after 40 steps of 41 · ")


def test_it_can_be_silenced_and_asked_for(kernel: Kernel) -> None:
    kernel.run(SETUP)
    assert shown(kernel.run("train(slow, line, [(x, 3*x + 1)] * 40, state, progress=False);")) == []
    assert shown(kernel.run("train(slow, line, [(x, 3*x + 1)] * 3, state, progress=True);"))[-1][2].startswith(
        "3 steps"
    )


def test_very_many_short_calls_take_no_longer(kernel: Kernel) -> None:
    kernel.run(SETUP)
    cell = "loss = lambda m, x, y: mse(m(x), y)\nfor _ in range(5_000): train(loss, line, [(x, 3*x + 1)], state)"
    ran = kernel.run(cell)
    assert ran.status == "ok"
    assert len(shown(ran)) < 60
    if shown(ran):
        assert shown(ran)[-1][2].startswith("5_000 steps in 5_000 calls")

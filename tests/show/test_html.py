import re
import sys
from html.parser import HTMLParser

import numpy as np
import pytest

from fluxrepl import Chain, Dense, explain, layer, relu, softmax
from fluxrepl.nn.train import Losses
from fluxrepl.show.html import view


class Strict(HTMLParser):
    """Collects the text, and fails where a tag is not closed in order."""

    def __init__(self, source):
        super().__init__()
        self.open, self.text = [], []
        self.feed(source)
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] != "style":
            self.text.append(data)


def text_of(value):
    return "|".join(Strict(view(value)).text)


def test_a_layer_is_a_table_with_its_parameters_and_the_total():
    text = text_of(Chain(Dense(10, 5, relu), Dense(5, 2), softmax))
    assert text.replace("\xa0", "") == (
        "layer|parameters|Chain|Dense(10, 5, relu)|55|Dense(5, 2)|12|softmax|Total: 4 arrays, 67 parameters, 268 bytes."
    )
    assert text_of(Dense(1, 1, bias=False)) == "layer|parameters|Dense(1, 1, bias=False)|1"


def test_inner_layers_are_indented_and_named():
    html = view(Chain(enc=Chain(Dense(2, 3), relu), dec=Dense(3, 1)))
    assert "<td>&nbsp;&nbsp;&nbsp;&nbsp;Dense(2, 3)</td>" in html
    assert '<td>&nbsp;&nbsp;<span class="name">enc=</span>Chain' in html
    assert '<span class="name">enc=</span>Chain' in html


def test_what_is_odd_is_said():
    d = Dense(2, 2)
    d.weight[:] = np.nan
    html = view(Chain(d, d))
    assert '<td class="bad">some NaN, shared</td>' in html

    @layer(trainable=("s",))
    class Norm:
        s: object
        m: object

    assert "2|plus 3 non-trainable" in text_of(Norm(np.ones(2), np.ones(3)))


def test_a_deep_model_stays_short():
    text = text_of(Chain([relu] * 100 + [Dense(1, 1)]))
    assert "… 62 more" in text
    assert text.count("relu") < 50


def test_a_part_that_holds_layers_has_its_sum():
    text = text_of(Chain(enc=Chain(Dense(2, 3), Dense(3, 4)), dec=Dense(4, 1))).replace("\xa0", "").replace("||", "|")
    assert "enc=|Chain|25|Dense(2, 3)|9|Dense(3, 4)|16|dec=|Dense(4, 1)|5|" in text


def test_where_layers_are_shared_the_total_alone_is_told():
    d = Dense(2, 2)
    assert "enc=|Chain|Dense(2, 2)|6|" in text_of(Chain(enc=Chain(d, d), dec=d)).replace("\xa0", "")


def test_the_layer_with_the_most_has_the_longest_bar():
    html = view(Chain(Dense(10, 10), Dense(10, 1)))
    assert re.findall(r"M0 0h([\d.]+)v9", html) == ["60", "6"]


def test_an_explanation_is_a_table_with_its_picture():
    html = view(explain(lambda x: np.sin(x) * 2, 1.0))
    Strict(html)
    assert html.index("<table>") < html.index("<details>") < html.index("<svg")
    long = view(explain(lambda x: sum([x * k for k in range(40)]), 1.0))
    assert "<svg" not in long


def test_without_the_libraries_that_draw_there_is_the_table(monkeypatch):
    monkeypatch.setitem(sys.modules, "igraph", None)
    assert "<details>" not in view(explain(lambda x: np.sin(x) * 2, 1.0))


def test_losses_are_a_curve():
    losses = Losses([4.0, 2.0, 1.0, 0.5])
    assert "Losses(4 → 0.5 in 4 steps)" in text_of(losses)
    assert '<svg class="curve"' in view(losses)
    assert "<svg" not in view(Losses([1.0]))
    losses.drawn = True  # by the bar, above it
    assert view(losses) is None


def test_everything_is_escaped():
    evil = "<script>alert(1)</script>"
    html = view({evil: np.ones(1), "b": evil, "c": "&"})
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    assert "&amp;" in html

    class Evil:
        def __repr__(self):
            return evil

        def __call__(self, x):
            return x

    assert "<script" not in view(Chain(Evil(), Dense(1, 1)))
    Named = type("<b>", (Evil,), {"__repr__": object.__repr__})
    assert "<b>" not in view(Chain(Named(), Dense(1, 1)))


def test_the_colours_are_those_of_the_theme():
    html = view(Dense(1, 1))
    assert "--jp-content-font-color1" in html
    for colour in re.findall(r"[^\n]*#[0-9a-f]{3,6}\b", html):
        assert "--jp-" in colour  # one of our own stands only where no theme is known


@pytest.mark.parametrize("value", [3, 1.5, "<b>", None, np.ones(3), (1, 2), [None], {}, {"a": 1}, Dense, relu])
def test_everything_else_has_no_view(value):
    assert view(value) is None


def test_surprises_are_no_errors():
    class Broken:
        def __repr__(self):
            raise ValueError

    assert "its text raised ValueError" in text_of((np.ones(1), Broken()))

    class Trap(tuple):
        def __iter__(self):
            raise RuntimeError

    assert view(Trap((np.ones(1),))) is None

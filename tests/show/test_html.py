import re
from html.parser import HTMLParser

import numpy as np
import pytest

from fluxrepl import Chain, Dense, gradient, layer, record, relu, softmax
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


def test_a_gradient_is_a_tree():
    g = gradient(lambda m: np.sum(m(np.ones(2, np.float32))), Chain(Dense(2, 30), relu))
    html = view(g)
    text = text_of(g)
    assert "weight| |float32 (30, 2)" in text
    assert "activation| |None" in text
    assert '<span class="dim">None</span>' in html
    assert html.count("<details open>") == html.count("<details")


def test_small_arrays_are_written_out():
    assert text_of(record(a=np.array([0.0, -2.0]), b=None)) == ("record of 2|a| [ 0., -2.] |float64 (2,)|b| |None")
    assert "array of 2" not in text_of((np.ones(2), 1.5))
    assert text_of((np.ones(9), 1.5)) == "tuple of 2|[0]| |float64 (9,)|[1]| 1.5"


def test_a_large_gradient_is_closed_below_and_stays_short():
    g = {f"layer{i}": record(W=np.ones((3, 3)), b=np.ones(3)) for i in range(300)}
    html = view(g)
    assert html.count("<details open>") == 1
    assert html.count("<details>") == 40
    assert "… 260 more" in html
    deep = [np.ones(1)]
    for _ in range(5):
        deep = [*deep, deep]
    assert "<details" in view(deep)
    wide = [[[[np.ones(1)] * 30] * 30] * 30] * 30
    assert len(view(wide)) < 100_000


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
    assert not re.search(r"#[0-9a-f]{3,6}\b", html)


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


def test_a_list_that_contains_itself_ends():
    loop = [np.ones(1)]
    loop.append(loop)
    assert view(loop).count("<details") <= 21

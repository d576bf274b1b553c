import time
from html import escape

import numpy as np
import pytest
from rules.foreign import Foreign

from fluxrepl import Chain, Dense, gradient, record, relu
from fluxrepl.show import tree
from fluxrepl.show.html import view
from fluxrepl.show.numbers import Looking

from .test_html import Strict, text_of


def test_a_gradient_is_a_tree_with_shapes_norms_and_histograms():
    model = Chain(Dense(np.ones((30, 2), "f"), True, relu), relu)
    g = gradient(lambda m: np.sum(m(np.ones(2, np.float32))), model)
    html, text = view(g), text_of(g)
    assert "weight|float32 (30, 2)|all 1|norm 7.75|" in text
    assert "activation|None" in text
    assert text.startswith("tuple of 1|90 numbers, norm 9.49|[0]|record of 1|90 numbers, norm 9.49|layers|")
    assert html.count("<details open>") == 4  # the structures; arrays are opened by whoever wants their numbers
    assert view({"w": np.arange(100.0)}).count("<svg") == 1
    assert 'aria-label="histogram from 0 to 99, mean 49.5"' in view({"w": np.arange(100.0)})


def test_an_array_opens_on_its_numbers():
    text = text_of({"w": np.where(np.arange(1000) < 10, 0.0, 1.5)})
    assert "0 … 1.5 · mean 1.49, deviation 0.149 · 10 of 1_000 are zero|[0. , 0. , ..., 1.5, 1.5]" in text


def test_small_arrays_are_written_out():
    assert text_of(record(a=np.array([0.0, -2.0]), b=None)) == (
        "record of 2|2 numbers, norm 2|a|float64 (2,)|[0., -2.]|b|None"
    )
    assert text_of((np.ones(9), 1.5)).endswith("[1]|1.5")
    assert text_of((np.array([1, 2]) / 3,)).endswith("[0.3333, 0.6667]")  # in as many digits as larger ones


def test_nan_and_inf_are_counted_and_do_not_hide_the_rest():
    g = {"a": np.array([1.0, np.nan, np.inf, -np.inf] + [2.0] * 20), "b": np.array([np.nan])}
    text = text_of(g)
    assert "dict of 2|25 numbers, norm 9|4 NaN or Inf|" in text
    assert "norm 9|1 NaN, 2 Inf|1 … 2 ·" in text
    assert "[nan]|1 NaN" in text
    assert text_of((np.array([np.nan]),)).startswith("tuple of 1|1 number|1 NaN or Inf|")
    assert '<span class="bad">1 NaN, 2 Inf</span>' in view(g)


@pytest.mark.parametrize("kind", ["?", "U3", "O", "M8[s]"])
def test_what_is_no_number_has_no_norm(kind):
    text = text_of((np.ones(2), np.zeros(20, kind)))
    assert text.startswith("tuple of 2|2 numbers, norm 1.41|")
    assert text.count("norm") == 1


def test_columns_are_aligned_among_siblings():
    html = view({"a": np.ones(20), "longer": np.ones((20, 20))})
    assert html.count('<span class="name" style="min-width:10ch">') == 2
    assert html.count('<span class="dim" style="min-width:16ch">') == 2


def test_a_large_gradient_is_closed_below_and_stays_short():
    g = {f"layer{i}": record(W=np.ones(3), b=np.ones(3)) for i in range(300)}
    html = view(g)
    assert html.count("<details open>") == 1
    assert html.count("<details>") == 40
    assert "… 260 more" in html
    assert "dict of 300|1_800 numbers, norm 42.4|" in text_of(g)
    deep = [np.ones(1)]
    for _ in range(5):
        deep = [*deep, deep]
    assert "<details" in view(deep)
    wide = [[[[np.ones(100)] * 30] * 30] * 30] * 30
    assert len(view(wide)) < 250_000


def test_a_hundred_thousand_leaves_take_a_moment():
    g = {f"w{k}": np.ones(2) for k in range(100_000)}
    started = time.perf_counter()
    html = view(g)
    assert time.perf_counter() - started < 2
    assert len(html) < 30_000
    assert "… 99_960 more" in html
    assert Strict(html).text[0] == "dict of 100_000"
    assert "norm" not in Strict(html).text[1]  # the sum of all would take long


def test_of_a_huge_array_a_sample_is_looked_at_and_said_so(monkeypatch):
    monkeypatch.setattr(tree, "Looking", lambda: Looking(1000))
    text = text_of({"a": np.ones(900), "b": np.ones(200_000)})
    assert "['a']|float64 (900,)|all 1|norm 30|" in text
    assert "norm ≈ 447|1 … 1 · mean 1, deviation 0 · a sample of 50_000 of 200_000 numbers" in text
    assert "dict of 2|200_900 numbers, norm ≈ 448" in text


def test_a_hundred_million_numbers_do_not_keep_one_waiting():
    huge = np.broadcast_to(np.float32(1.0), (10_000, 10_000))
    started = time.perf_counter()
    view((huge,))
    assert time.perf_counter() - started < 2


def test_an_array_of_another_library_stays_where_it_is():
    text = text_of((np.ones(1), Foreign(np.arange(100.0))))
    assert "float64 (100,)|" in text
    assert "norm 573|" in text
    assert "cpu(...) brings it here" in text


def test_a_list_that_contains_itself_ends():
    loop = [np.ones(1)]
    loop.append(loop)
    assert view(loop).count("<details") <= 21
    assert "list of 2|1 number, norm 1|" in text_of(loop)


def test_a_long_name_is_cut_in_its_middle_and_whole_in_its_title() -> None:
    name = "layer_" + "<b>" * 40 + "_weight"
    shown = view(({name: np.ones(2)}, {"n" * 56: 1.0}))
    assert shown is not None
    whole = escape(f"[{name!r}]")
    assert f'title="{whole}"' in shown
    assert shown.count(whole) == 1
    assert "&lt;b&gt;_weight&#x27;]</span>" in shown
    assert "n" * 56 in shown

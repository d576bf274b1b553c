"""`explain`: what it tells is what `gradient` does, in words that one can read."""

import inspect

import numpy as np
import pytest
from rich.console import Console

import fluxrepl as flux
from fluxrepl import Chain, Dense, explain, gradient, logitcrossentropy, mse, record, relu, softmax
from fluxrepl.show import html, rich

from .test_html import Strict


def f(x):
    return 3 * x**2 + 2 * x + 1


def df(x):
    return gradient(f, x)[0]


def test_the_first_example_of_the_document_line_by_line():
    assert repr(explain(f, 2)) == (
        "step          value  derivative  cotangent  source\n"
        "x             2                  14.0\n"
        "v1 = x ** 2   4      2·x = 4     3.0        return 3 * x**2 + 2 * x + 1\n"
        "v2 = 3 * v1   12     3           1.0\n"
        "v3 = 2 * x    4      2           1.0\n"
        "v4 = v2 + v3  16     1, 1        1.0\n"
        "v5 = v4 + 1   17     1           1.0"
    )


def test_the_second_derivative_shows_the_walk_as_steps():
    assert repr(explain(df, 2.0)).splitlines()[-3:] == [
        "v6 = 3.0 * x   6.0    3.0         2.0        return gradient(f, x)[0]",
        "v7 = v6 + v6   12.0   1, 1        1.0",
        "v8 = 2.0 + v7  14.0   1           1.0",
    ]


nt = record(a=np.array([2, 1]), b=np.array([2, 0]), c=np.tanh)


def g(x):
    return np.sum(np.abs(x.a - x.b) ** 2)


def test_a_record_has_its_fields_as_arguments_and_none_for_the_function():
    assert repr(explain(g, nt)) == (
        "step             value   derivative           cotangent   source\n"
        "x.a              [2, 1]                       [0., 2.]\n"
        "x.b              [2, 0]                       [-0., -2.]\n"
        "v1 = x.a - x.b   [0, 1]  1, -1                [0., 2.]    return np.sum(np.abs(x.a - x.b) ** 2)\n"
        "v2 = np.abs(v1)  [0, 1]  sign v1 = [0., 1.]   [0., 2.]\n"
        "v3 = v2 ** 2     [0, 1]  2·v2 = [0., 2.]      [1., 1.]\n"
        "v4 = np.sum(v3)  1       ct to every element  1.0"
    )


def predict(W, b, x):
    return W @ x + b


def loss(W, b, x, y):
    ŷ = predict(W, b, x)
    return np.sum((y - ŷ) ** 2)


x, y = np.arange(5.0), np.array([1.0, 2.0])
W, b = np.ones((2, 5)), np.zeros(2)


def test_arrays_that_are_not_traced_go_by_the_name_that_they_have_where_they_are_used():
    text = repr(explain(lambda W, b: loss(W, b, x, y), W, b))
    assert "v1 = W @ x " in text
    assert "v3 = y - v2 " in text
    assert "W                float64[2, 5]" in text
    assert "outer(ct, x)" in text
    assert "return (W @ x + b)" not in text
    assert "return W @ x + b" in text


def test_a_name_that_an_argument_has_is_not_given_to_another_array():
    z = np.ones(5)

    def scale(y, x):
        return y * x  # here x is the name of z

    assert explain(lambda x: np.sum(scale(x, z)), x).steps[0].written == "x * float64[5]"
    assert explain(lambda y: np.sum(scale(y, z)), x).steps[0].written == "y * x"


LAYERS = Chain(Dense(3, 2, relu), Dense(2, 2), softmax)
POINT = np.array([1.0, 2.0, 3.0], np.float32)

DOCUMENT = {  # every example of "How Flux Works: Gradients and Layers" that takes a gradient
    "polynomial": (f, 2),
    "second derivative": (df, 2),
    "two arrays": (lambda x, y: np.sum((x - y) ** 2), np.array([2, 1]), np.array([2, 0])),
    "record": (g, nt),
    "quotient": (lambda x, y: np.sum(np.abs(x.a / y - x.b) ** 2), nt, np.array([1, 2])),
    "linear model": (lambda W, b: loss(W, b, x, y), W, b),
    "all arguments": (loss, W, b, x, y),
    "closure": (lambda m: np.sum(m(np.ones(5))), lambda x: W @ x + b),
    "chain": (lambda m: np.sum(m(POINT)), LAYERS),
    "chain and loss": (lambda m: logitcrossentropy(m(POINT), np.array([1.0, 0.0])), LAYERS),
}


@pytest.mark.parametrize("name", DOCUMENT)
def test_every_example_of_the_document_is_small_enough_to_read(name):
    explanation = explain(*DOCUMENT[name])
    lines = repr(explanation).splitlines()
    assert len(lines) <= 16
    assert max(map(len, lines)) <= 200
    assert "pullback" not in repr(explanation)
    assert "<" not in repr(explanation).replace("<lambda>", "")
    assert len({step.name for step in explanation.steps}) == len(explanation.steps)


@pytest.mark.parametrize("name", DOCUMENT)
def test_the_value_and_the_gradient_are_those_of_gradient(name):
    function, *args = DOCUMENT[name]
    explanation = explain(function, *args)
    assert repr(explanation.grad) == repr(gradient(function, *args))
    np.testing.assert_array_equal(explanation.value, function(*args))


@pytest.mark.parametrize("name", DOCUMENT)
def test_the_cotangent_of_each_is_the_sum_of_what_was_sent_to_it(name):
    explanation = explain(*DOCUMENT[name])
    sums = {}
    for step in explanation.steps:
        for operand, sent in zip(step.operands, step.sent, strict=True):
            if sent is not None:
                sums[operand] = sums.get(operand, 0) + sent
    for item in [*explanation.leaves, *explanation.steps]:
        if item.name != explanation.result:
            if item.cotangent is None:
                assert item.name not in sums
            else:
                np.testing.assert_allclose(sums[item.name], item.cotangent, rtol=1e-5)


def test_a_large_tape_is_folded_and_steps_has_them_all():
    def many(x):
        for _ in range(400):
            x = np.sin(x)
        return x

    explanation = explain(many, 1.0)
    lines = repr(explanation).splitlines()
    assert len(lines) == 2 + 12 + 1 + 12
    assert lines[14] == "… 376 more steps"
    assert lines[13].startswith("v12  = np.sin(v11)")
    assert lines[15].startswith("v389 = np.sin(v388)")
    assert len(explanation.steps) == 400
    assert explanation.steps[0].cotangent == pytest.approx(gradient(many, 1.0)[0] / np.cos(1.0))


def test_many_arguments_are_folded_too():
    lines = repr(explain(lambda p: sum(p.values()), dict.fromkeys(range(100), 1.0))).splitlines()
    assert "… 76 more arguments" in lines
    assert "p[0]" in lines[1]


def test_a_step_knows_its_line():
    explanation = explain(loss, W, b, x, y)
    first, last = explanation.steps[0], explanation.steps[-1]
    assert first.line == inspect.getsourcelines(predict)[1] + 1
    assert first.source == "return W @ x + b"
    assert first.place.file == __file__
    assert last.line == inspect.getsourcelines(loss)[1] + 2


def test_a_function_without_source_has_the_number_of_its_line():
    space = {}
    exec(compile("\n\ndef h(x):\n    return x * 2", "<nowhere>", "exec"), space)
    assert explain(space["h"], 1.0).steps[0].line == 4
    assert repr(explain(space["h"], 1.0)).endswith("line 4")


def test_what_leads_nowhere_has_the_cotangent_none():
    explanation = explain(lambda x: (x * 5, x + 1)[1], 1.0)
    assert [step.cotangent for step in explanation.steps] == [None, 1.0]
    assert explanation.lines()[1].active is False
    assert explanation.lines()[1].cells[3] == "None"


def test_a_result_to_which_no_path_leads_is_said_below():
    assert repr(explain(lambda x: 3.0, 1.0)).splitlines()[1:] == [
        "x     1.0                None",
        "The result, 3.0, does not depend on the arguments.",
    ]
    assert repr(explain(lambda x: x, 1.0)).splitlines()[1:] == ["x     1.0                1.0"]
    assert explain(lambda: 3.0).grad == ()


def test_names_of_arguments_follow_the_function():
    def several(first, *rest, scale=1.0):
        return first + rest[0] * rest[1]

    assert [leaf.name for leaf in explain(several, 1.0, 2.0, 3.0).leaves] == ["first", "rest[0]", "rest[1]"]
    assert [leaf.name for leaf in explain(np.sin, 1.0).leaves] == ["x"]
    assert explain(np.arctan2, 1.0, 2.0).steps[0].written == "np.arctan2(x1, x2)"
    deep = {"w": [1.0, 2.0], 3: record(a=4.0)}
    names = [leaf.name for leaf in explain(lambda p: p["w"][0] + p["w"][1] + p[3].a, deep).leaves]
    assert names == ["p['w'][0]", "p['w'][1]", "p[3].a"]
    assert explain(lambda v1: v1 * 2, 1.0).steps[0].name == "w1"


def test_a_layer_goes_by_the_names_of_its_fields():
    explanation = explain(lambda m: mse(m(np.ones((7, 3), np.float32)), np.zeros((7, 2), np.float32)), LAYERS)
    text = repr(explanation)
    assert "m.layers[0].weight" in text
    assert "v1 = float32[7, 3] @ m.layers[0].weight.T + m.layers[0].bias" in text
    assert "ctᵀ @ v2, ct summed over the batch, ct @ m.layers[1].weight" in text
    assert "softmax(v3)" in text


def test_it_tells_the_arrays_as_they_were():
    w = np.ones(2)
    explanation = explain(lambda w: np.sum(w * w), w)
    before = repr(explanation)
    w[:] = 7
    assert repr(explanation) == before


def test_functions_with_a_rule_of_ones_own_go_by_their_name():
    @flux.rrule
    def softplus(x, k):
        return np.log1p(np.exp(x)), lambda ct: (ct / (1 + np.exp(-x)), None)

    step = explain(lambda x: softplus(x, 3), 1.0).steps[0]
    assert (step.name, step.derivative) == ("v1", "softplus_pullback(ct)")
    assert step.written.startswith("softplus(x")

    @flux.rrule
    def weigh(a, b):
        return a * b, lambda ct: (ct * b, ct * a)

    explanation = explain(lambda p, q: weigh(p, q) + flux.checkpointed(lambda t: t * p, q), 2.0, 3.0)
    assert explanation.steps[0].written == "weigh(p, q)"
    assert explanation.steps[0].sent == (3.0, 2.0)
    assert explanation.grad == (6.0, 4.0)


def test_explaining_inside_a_gradient_tells_plain_values():
    seen = []

    def h(x):
        seen.append(explain(lambda t: t * x, x))
        return x**2

    assert gradient(h, 3.0) == (6.0,)
    assert seen[0].grad == (3.0,)
    assert seen[0].steps[0].written == "t * 3.0"


# ---- the same errors as gradient -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("function", "args"),
    [
        (lambda x: x**2, (np.ones(3),)),
        (lambda x: None, (1.0,)),
        (lambda x: (x, x), (1.0,)),
        (lambda x: 1 / 0, (1.0,)),
        (np.frompyfunc(lambda t: t, 1, 1), (1.0,)),
        (lambda x: x.__setitem__(0, 1.0), (np.ones(2),)),
        (3.0, (1.0,)),
        (lambda x: x * y_is_not_there, (1.0,)),  # noqa: F821
    ],
)
def test_what_gradient_refuses_explain_refuses_in_the_same_words(function, args):
    with pytest.raises(Exception) as by_gradient:
        gradient(function, *args)
    with pytest.raises(type(by_gradient.value)) as by_explain:
        explain(function, *args)
    assert str(by_explain.value) == str(by_gradient.value)
    assert getattr(by_explain.value, "__notes__", []) == getattr(by_gradient.value, "__notes__", [])


def test_a_tracer_that_escapes_from_explain_is_an_error():
    kept = []

    def h(x):
        kept.append(x)
        return x * 2

    explain(h, 1.0)
    with pytest.raises(flux.EscapedTracerError):
        kept[0] + 1


# ---- why -----------------------------------------------------------------------------------------------------------


def test_why_tells_what_became_of_each_argument():
    def h(used, flat, shape, lost, word):
        lost * 2
        return used * 3 + 0 * flat + len(shape)

    explanation = explain(h, 1.0, 2.0, np.ones(3), 4.0, "text")
    assert explanation.grad == (3.0, 0.0, None, None, None)
    assert repr(explanation.why("used")) == "used has the gradient 3.0. It came back through v2 = used * 3."
    assert explanation.why("flat").endswith("A path leads to the result; along it the slope is 0.")
    assert explanation.why("shape").startswith(
        "shape has no gradient: no operation that a gradient flows through used it."
    )
    assert "it was used in v1 = lost * 2, from where no path leads to v5." in explanation.why("lost")
    assert explanation.why("word") == "word has no gradient: it is a str, which cannot be nudged."


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize(
    ("f", "x", "words"),
    [
        (lambda x: np.sum(np.sqrt(x)), np.array([0.0, 1.0]),
         "The gradient of x[0] is inf: v1 = np.sqrt(x), whose derivative 1 / (2·v1) is infinite there."),
        (lambda x: np.sum(np.where(x > 0, np.sqrt(x), 0.0)), np.array([4.0, 0.0]),
         "The gradient of x[1] is NaN: v1 = np.sqrt(x), whose derivative 1 / (2·v1) is infinite there: times the 0 "
         "that came back, it gives NaN."),
        (lambda x: np.log(x * 0.0) * 2 + x, 1.0,
         "The gradient of x is NaN: v2 = np.log(v1), whose derivative 1 / v1 is infinite there. "
         "On the way to x that became NaN."),
        (lambda x: np.sum(np.sqrt(x * 0)), np.ones((2, 3)),
         "The gradient of x[0, 0] is NaN (6 of its 6 numbers are inf or NaN): v2 = np.sqrt(v1), whose derivative "
         "1 / (2·v2) is infinite there. On the way to x that became NaN."),
        (lambda x: np.sum(x * x), np.array([1.0, np.nan]),
         "The gradient of x[1] is NaN: v1 = x ** 2, of which x itself is not finite."),
        (lambda x: sum([np.sqrt(x) for _ in range(300)]), 0.0,  # more steps than it is worked out for what each sends
         "The gradient of x is inf: v1 = np.sqrt(x), whose derivative 1 / (2·v1) is infinite there."),
    ],
)  # fmt: skip
def test_why_finds_the_step_that_made_a_gradient_infinite(f, x, words):
    assert explain(f, x).why("x") == words


def test_why_looks_into_structures():
    explanation = explain(g, nt)
    assert explanation.why("x").count("has the gradient") == 2
    assert explanation.why("x.c").startswith("x.c has no gradient: there is no number at this place")
    assert "no number in this dict" in explain(lambda p, q: q, {"a": "b"}, 1.0).why("p")


def test_why_of_an_unknown_name_lists_those_there_are():
    with pytest.raises(KeyError) as e:
        explain(lambda weight: weight, 1.0).why("weigth")
    assert e.value.__notes__ == ["No argument has this name; there is: weight.", "Did you mean weight?"]


# ---- views ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", DOCUMENT)
def test_the_coloured_text_has_the_same_characters(name):
    explanation = explain(*DOCUMENT[name])
    assert rich.view(explanation).plain == repr(explanation)


def test_cotangents_stand_out_and_what_leads_nowhere_is_dim():
    text = rich.view(explain(lambda x: (x * 5, x + 1)[1], 4.5))
    lines = text.plain.split("\n")
    at = lambda line, part: sum(len(row) + 1 for row in lines[:line]) + lines[line].index(part)
    style = lambda line, part: text.get_style_at_offset(Console(), at(line, part))
    assert style(2, "None").dim
    assert style(3, "1.0").color.name == "green"
    assert style(1, "x").color.name == "blue"


def test_the_folded_middle_and_the_remark_are_in_all_views():
    def many(x):
        for _ in range(100):
            x = x * 1.0
        return x

    for explanation in (explain(many, 1.0), explain(lambda x: 1.0, 2.0)):
        last = repr(explanation).splitlines()[-1 if not explanation.result else 14]
        assert last in rich.view(explanation).plain
        assert last in Strict(html.view(explanation)).text


def test_the_notebook_gets_a_table_with_everything_escaped():
    source = html.view(explain(lambda x: x["<b>"] * 2, {"<b>": 1.0}))
    assert "<b>" not in source
    cells = Strict(source).text
    assert cells[:5] == ["step", "value", "derivative", "cotangent", "source"]
    assert "x['<b>']" in cells
    assert "v1 = x['<b>'] * 2" in cells
    assert "var(--jp-" in source
    assert explain(lambda x: x, 1.0)._repr_html_().startswith("<style>")


def test_dim_rows_in_the_notebook():
    source = html.view(explain(lambda x: (x * 5, x + 1)[1], 1.0))
    assert source.count('<tr class="dim">') == 1


def test_why_tells_of_arrays_that_belong_to_the_class():
    class Shared:
        W = np.ones(2)
        b = 0.5

        def __call__(self, x):
            return np.sum(self.W * x) + self.b

    told = explain(lambda m, x: m(x), Shared(), 1.0).why("m")
    assert told == (
        "m has no gradient: a gradient is taken of numbers and arrays in the object's own fields, and this Shared has "
        "none there.\nW and b belong to the class Shared, and all its objects share them.\n"
        "To have gradients of them, write self.W = … in __init__: each object has its own then."
    )

"""Help on functions: signatures as one can type them, words that fit the screen."""

import pytest

from fluxrepl.shell.inspecting import fitted
from fluxrepl.shell.tracebacks import Paint


@pytest.mark.parametrize(
    ("source", "signature"),
    [
        ("", "activation: collections.abc.Callable = identity,"),
        (
            "def Dense(f=np.tanh, g=max, kind=float, word='<a>'): pass",
            "f=tanh,\n    g=max,\n    kind=float,\n    word='<a>',",
        ),
        ("def Dense(f=len): 'Doc.'", "Dense(f=len)"),
    ],
)
def test_defaults_that_are_functions_stand_by_their_names(shell, source: str, signature: str) -> None:
    shell.run(source)
    text = shell.object_inspect_mime("Dense")["text/plain"]
    assert signature in text
    assert " at 0x" not in text


def test_help_fits_the_screen(shell, monkeypatch) -> None:
    monkeypatch.setattr(shell, "paint_for", lambda stream: Paint(False, 60))
    text = shell.object_inspect_mime("Dense")["text/plain"]
    assert "`Dense(n_in, n_out, activation)` draws its weights:\n`init(n_out, n_in)` makes them" in text
    assert "    >>> Dense(np.array([[1.0, 2.0]]), np.array([0.5]))(np.array([3.0, 4.0]))\n" in text
    monkeypatch.undo()
    assert "draws its weights: `init(n_out, n_in)` makes" in shell.object_inspect_mime("Dense")["text/plain"]


NUMPYS = "Sum.\n\nParameters\n----------\na : array_like\n"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("one two\nthree four", "one two\nthree four"),
        ("one two three four\nfive", "one two three\nfour five"),
        ("  one two three four\nfive", "  one two three\n  four\nfive"),
        ("a-word-that-is-longer than that", "a-word-that-is-longer\nthan that"),
        ("- an item that is long\n- another", "- an item that is long\n- another"),
        ("name      what it is\nother     what", "name      what it is\nother     what"),
        (">>> print('a', 'b', 'c')\na b c a b c a b c", ">>> print('a', 'b', 'c')\na b c a b c a b c"),
        (
            f"{NUMPYS}    Elements to work on.  They\n    may be.",
            f"{NUMPYS}    Elements to\n    work on.\n    They may\n    be.",
        ),
    ],
)
def test_paragraphs_flow_anew_and_the_rest_stays(text: str, shown: str) -> None:
    assert fitted(text, 15) == shown

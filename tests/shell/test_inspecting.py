"""Help on functions: signatures as one can type them."""

import pytest


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

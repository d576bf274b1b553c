"""Tab, through IPython's completer as terminal and kernel ask it."""

import time

import pytest
from IPython.core.completer import provisionalcompleter

from fluxrepl.shell.infer import members, type_of_call


def completions(shell, text: str) -> list[str]:
    with provisionalcompleter():
        return [found.text for found in shell.Completer.completions(text, len(text))]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("gradie", "gradient"),
        ("np.linalg.no", ".norm"),
        ("Dense(3, 4).we", ".weight"),
        ("y = 1 + Dense(3, 4).bi", ".bias"),
        ("print(Dense(3, 4).act", ".activation"),
        ("np.ones(3).su", ".sum"),
        ("'text'.upper().low", ".lower"),
        ("\\sigma", "σ"),
        ("%timei", "%timeit"),
    ],
)
def test_tab_finds(shell, text: str, found: str) -> None:
    assert found in completions(shell, text)


def test_tab_goes_through_the_parts_of_a_chain_and_of_its_gradient(shell) -> None:
    shell.run("model = Chain(Dense(3, 4), Dense(4, 2))")
    shell.run("grads = gradient(lambda m: np.sum(m(np.ones(3, np.float32))), model)")
    assert ".weight" in completions(shell, "model[0].we")
    assert ".bias" in completions(shell, "grads[0].layers[1].bi")
    shell.run("import collections; counted = collections.Counter(a=1)")
    assert ".real" in completions(shell, "counted['a'].re")


def test_keywords_of_a_call_are_offered(shell) -> None:
    assert "bias=" in completions(shell, "Dense(3, 4, bi")


NOISY = """
ran = []

def noisy():
    ran.append(1)

class Noisy:
    def __init__(self):
        ran.append(2)
        self.field = 3
"""


def test_completion_runs_nothing(shell) -> None:
    shell.run(NOISY)
    assert completions(shell, "noisy().") == []
    assert ".field" in completions(shell, "Noisy().fi")
    assert shell.user_ns["ran"] == []


def test_the_first_tab_is_fast(shell) -> None:
    started = time.perf_counter()
    completions(shell, "Dense(3, 4).we")
    assert time.perf_counter() - started < 0.5


def test_jedi_is_not_used(shell) -> None:
    assert shell.Completer.use_jedi is False


class Base:
    inherited: int


class Model(Base):
    """For the tests below."""

    width: int

    def __init__(self) -> None:
        self.weight = 1

    def copy(self) -> "Model":
        return Model()

    @staticmethod
    def make() -> "Model":
        return Model()


def untyped():
    return Model()


def typed() -> Model:
    return Model()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Model()", Model),
        ("x = [Model()", Model),
        ("not Model()", Model),
        ("lambda: Model()", Model),
        ("Model().copy()", Model),
        ("Model.make()", Model),
        ("model.copy()", Model),
        ("typed()", Model),
        ("typed().copy().copy()", Model),
        ("f(typed(), typed()", Model),
        ("untyped()", None),
        ("missing()", None),
        ("model.missing()", None),
        ("3()", None),
        (")", None),
        ("", None),
    ],
)
def test_the_type_of_a_call_is_read_not_run(text: str, kind: type | None) -> None:
    namespace = {"Model": Model, "model": Model(), "typed": typed, "untyped": untyped}
    assert type_of_call(text, namespace) is kind


def test_members_are_those_of_class_annotations_and_init() -> None:
    assert {"inherited", "width", "weight", "copy", "__init__"} <= set(members(Model))

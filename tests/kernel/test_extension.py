"""`%load_ext fluxrepl` in sessions that are not fluxrepl's own: python3's kernel, and IPython in a terminal."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from .conftest import Kernel


@pytest.fixture
def guest(start: Callable[..., Kernel], tmp_path: Path) -> Kernel:
    """python3's own kernel."""
    running = start(tmp_path, tmp_path / "home", name="python3", IPYTHONDIR=str(tmp_path / "ipython"))
    assert running.run("gradient").reply["ename"] == "NameError"
    return running


def test_it_gives_names_displays_and_errors(guest: Kernel) -> None:
    assert guest.run("%load_ext fluxrepl").messages == []
    assert guest.run("gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)").text == "(14.0,)"
    assert guest.run("np.float64(2), {'b': 1, 'a': [0] * 50}").text == repr((2.0, {"b": 1, "a": [0] * 50}))
    (shown,) = guest.run("Chain(Dense(3, 2, relu))").results
    assert "<table>" in shown["text/html"]
    assert shown["text/plain"].startswith("Chain(")
    ran = guest.run("gradient(lambda x: x * 2, np.ones(2))")
    assert ran.reply["ename"] == "NotScalarError"
    assert "inside fluxrepl" in ran.traceback
    assert "np.sum" in ran.traceback
    assert "gradient" not in guest.run("%who").stdout.split()
    assert ":why" in guest.run("%lesson").displays[0]["text/plain"]


def test_a_lesson_is_played_there(guest: Kernel) -> None:
    guest.run("%load_ext fluxrepl")
    assert "text/markdown" in guest.run("%lesson learn 00").displays[0]
    ran = guest.run(":next")
    assert ran.displays
    (payload,) = ran.reply["payload"]
    assert payload["source"] == "set_next_input"
    assert guest.run(payload["text"]).displays  # it was judged: the lesson goes on
    assert "hint" in guest.ask(guest.client.complete, ":hin", 4)["matches"]
    guest.run(":quit")


def test_plain_cells_run_in_silence_and_why_knows_them(guest: Kernel) -> None:
    guest.run("%load_ext fluxrepl")
    guest.run("g = gradient(lambda x, y: 2 * x, 1.0, 2.0)")
    for _ in range(3):
        assert guest.run("1 + 1").stderr == ""
        assert guest.run("1 + 1").stdout == ""
    for ask in (":why", "%lesson why", "%lesson why y"):
        (said,) = guest.run(ask).displays
        assert "y has no gradient" in said["text/plain"]
    guest.run("%unload_ext fluxrepl")
    left = "[name for name in vars(get_ipython()) if name in ('lessons', 'earlier_cells', 'last_cell', 'running')]"
    assert guest.run(left).text == "[]"
    guest.run("%load_ext fluxrepl")
    assert "tells of the last gradient" in guest.run(":why").displays[0]["text/plain"]


def test_it_can_be_taken_away(guest: Kernel) -> None:
    before = guest.run("import numpy\nnumpy.float64(2), {'b': 1}").text
    guest.run("%load_ext fluxrepl")
    guest.run("mine, model = 1, Dense(2, 2)")
    assert guest.run("%unload_ext fluxrepl").messages == []
    assert guest.run("numpy.float64(2), {'b': 1}").text == before
    assert guest.run("gradient").reply["ename"] == "NameError"
    assert guest.run("mine").text == "1"
    assert (
        "text/html" not in guest.run("model").results[0] or "fluxrepl" not in guest.run("model").results[0]["text/html"]
    )
    assert guest.run("%lesson").stderr != ""
    assert guest.run(":next").reply["ename"] == "SyntaxError"
    assert guest.run("get_ipython().__class__.__module__").text == "'ipykernel.zmqshell'"
    guest.run("%load_ext fluxrepl")
    assert guest.run("gradient(lambda x: x**2, 3.0)").text == "(6.0,)"
    guest.run("%reload_ext fluxrepl")
    assert guest.run("gradient(lambda x: x**2, 3.0)").text == "(6.0,)"


def test_what_the_user_has_defined_is_kept_and_said(guest: Kernel) -> None:
    guest.run("import numpy as np\ntrain, gradient = 'mine', 'this too'")
    said = guest.run("%load_ext fluxrepl").stdout
    assert said == "Kept as you have defined them: `gradient`, `train`. fluxrepl's are in `flux`: `flux.gradient`.\n"
    assert guest.run("train").text == "'mine'"
    guest.run("update = 'later'")
    guest.run("%unload_ext fluxrepl")
    assert guest.run("train, gradient, update").text == "('mine', 'this too', 'later')"


def test_where_flux_itself_is_taken_it_says_the_long_way(guest: Kernel) -> None:
    guest.run("flux = 1")
    said = guest.run("%load_ext fluxrepl").stdout
    assert said.endswith("fluxrepl's are in the module: `import fluxrepl`, `fluxrepl.gradient`.\n")


def test_a_lesson_moves_a_name_it_needs_and_says_so(guest: Kernel) -> None:
    guest.run("train = 'mine'")
    guest.run("%load_ext fluxrepl")
    assert "`train`: yours is `my_train` now" in guest.run("%lesson learn 00").stdout
    assert guest.run("my_train").text == "'mine'"


def test_what_the_user_chose_for_a_type_stays(guest: Kernel) -> None:
    guest.run("class Celsius(float): pass")
    guest.run("text = get_ipython().display_formatter.formatters['text/plain']")
    guest.run("text.for_type(Celsius, lambda c, p, _: p.text(f'{c:g} °C'))")
    guest.run("%load_ext fluxrepl")
    assert guest.run("Celsius(21.5)").text == "21.5 °C"


def test_a_training_is_followed_there(guest: Kernel) -> None:
    guest.run("%load_ext fluxrepl")
    guest.run("line = Dense(1, 1)\ndata = [(np.ones(1, 'f'), np.ones(1, 'f'))] * 5")
    ran = guest.run("train(lambda m, x, y: mse(m(x), y), line, data, setup(Descent(), line), progress=True);")
    assert next(kind for kind, _ in ran.messages) == "display_data"
    assert ran.stderr == ""


def test_in_fluxrepls_own_kernel_it_has_nothing_to_do(kernel: Kernel) -> None:
    assert "names, displays and lessons are in place" in kernel.run("%load_ext fluxrepl").stdout
    kernel.run("%unload_ext fluxrepl")
    assert kernel.run("gradient(lambda x: x**2, 3.0)").text == "(6.0,)"


def ipython(folder: Path, *cells: str) -> str:
    environment = {**os.environ, "FLUXREPL_HOME": str(folder), "IPYTHONDIR": str(folder / "ipython"), "TERM": "dumb"}
    command = [
        sys.executable,
        "-m",
        "IPython",
        "--simple-prompt",
        "--colors=nocolor",
        "--no-banner",
        "--no-confirm-exit",
    ]
    typed = "\n".join(cells) + "\n"
    done = subprocess.run(command, input=typed, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return done.stdout + done.stderr


def test_in_a_terminals_ipython_too(tmp_path: Path) -> None:
    said = ipython(
        tmp_path,
        "%load_ext fluxrepl",
        "gradient(lambda x: x**2, 3.0)",
        "Dense(3, 4)(np.ones(5))",
        "Chain(Dense(1, 1))",
        ":learn 00",
        "%unload_ext fluxrepl",
        "gradient",
    )
    assert "(6.0,)" in said
    assert "ShapeError: Dense(3, 4) takes 3 numbers" in said
    assert "# Total: 2 arrays" in said
    assert "How a lesson works" in said
    assert "<table>" not in said
    assert "NameError" in said


def test_importing_fluxrepl_stays_cheap() -> None:
    command = "import sys, fluxrepl; fluxrepl.load_ipython_extension; sys.exit('IPython' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0

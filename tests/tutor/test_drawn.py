"""A block that names a figure draws one: `check` and `figures` agree about it."""

import pytest

from fluxrepl.cli import main
from fluxrepl.tutor.check import check

pytest.importorskip("matplotlib")

PLOT = "from matplotlib import pyplot as plt\n\nplt.plot([1, 2]);\n"
NOTHING = "the block draws no figure, and says {figure=none.png}"


def block(code: str, figure: str = "") -> str:
    return f"```python {{requires=matplotlib{figure and f' figure={figure}'}}}\n{code}```\n\n"


@pytest.mark.parametrize("trusted", [False, True])
@pytest.mark.parametrize(
    ("body", "found"),
    [
        (block(PLOT, "one.png"), []),
        (block("x = 1\n", "none.png"), [(8, NOTHING)]),
        (block(PLOT) + block("x = 1\n", "none.png"), [(14, NOTHING)]),  # what an earlier block drew is its own
        (block("x = 1  # => 1\n" + PLOT, "one.png"), []),
        (block("1 / 0\n", "none.png"), [(9, "ZeroDivisionError was raised")]),
        (block("x = 1  # => 2\nx + 1\n", "none.png"), [(9, "the promise `# => 2` is not kept")]),
    ],
    ids=["drawn", "none", "an earlier one", "behind a promise", "an error", "a broken promise"],
)
def test_a_block_that_draws_nothing_is_found_and_told_once(write, body, found, trusted):
    path = write("01.md", body)
    assert [(finding.line, finding.what) for finding in check([path], trusted=trusted).findings] == found


def test_a_figure_that_cannot_be_written_is_told_at_its_line(write, tmp_path, capsys):
    path = write("01.md", block(PLOT, "there/one.png"))
    (tmp_path / "there").write_text("a file where a folder is wanted")
    assert main(["figures", str(path)]) == 1
    assert capsys.readouterr().out == f"{path}:8: cannot write {tmp_path}/there/one.png; File exists\n"


def test_both_commands_say_the_same_of_a_block_that_draws_nothing(write, capsys):
    path = write("01.md", block("x = 1\n", "none.png"))
    assert main(["figures", str(path)]) == 1
    assert capsys.readouterr().out.startswith(f"{path}:8: {NOTHING}; draw with matplotlib.pyplot")
    assert not path.with_name("none.png").exists()

"""What examples may have of IPython: how it is recognised, where it may stand, and how it runs in each process."""

import ast
import subprocess
import sys
import time

import pytest

from fluxrepl.shell import TRANSLATES
from fluxrepl.tutor import magics
from fluxrepl.tutor.check import check
from fluxrepl.tutor.fix import fix
from fluxrepl.tutor.settings import Settings

LESSON = """\
```pycon
>>> word = "two"
>>> !echo one $word {word[::-1]}
one two owt
>>> lines = !printf 'a\\nb\\n'
>>> lines
['a', 'b']
>>> Chain
Traceback (most recent call last):
    ...
NameError: name 'Chain' is not defined
>>> %precision 3
'%.3f'
>>> for i in range(2):
...     !echo $i
0
1
>>> word?
Type:        str
String form: two
Length:      3
...

```

```python
here = !echo hi
here                  # => ['hi']
%precision 3
len(here)
# => 1
# => _ == 1
```

```python
%%capture shown
print("hid")
```

```python
shown.stdout          # => 'hid\\n'
```

```pycon {group=other}
>>> !echo {len("abc")}
3
>>> "word" in globals()
False

```
"""


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))


def found(report):
    return [(finding.line, finding.what, finding.got) for finding in report.findings]


@pytest.mark.parametrize("forking", [True, False], ids=["forked", "fresh"])
def test_commands_and_magics_run_in_the_process_and_the_names_of_the_lesson(write, forking):
    report = check([write("01.md", LESSON)], forking=forking, shell=TRANSLATES)
    assert found(report) == []
    assert report.lessons[0].examples == 14


@pytest.mark.parametrize("options", [[], ["--trusted"]], ids=str)
def test_the_command_names_the_shell(write, options):
    command = [sys.executable, "-m", "fluxrepl", "check", *options, str(write("01.md", LESSON))]
    ran = subprocess.run(command, check=False, capture_output=True, text=True, timeout=60)
    assert "1 lesson, 14 examples, 0 exercises: all passed" in ran.stdout
    assert (ran.returncode, ran.stderr) == (0, "")


def test_what_they_show_is_compared_and_fixed(write):
    path = write("01.md", "```pycon\n>>> !echo one\ntwo\n\n```\n\n```python\n%precision 3\n1 + 1   # => 3\n```\n")
    settings = Settings(shell=TRANSLATES)
    (output, promise) = check([path], settings).findings
    assert (output.line, output.want, output.got) == (9, "two\n", "one\n")
    assert (promise.line, promise.got) == (16, "2")
    list(fix([path], settings, force=True))
    assert ">>> !echo one\none\n" in path.read_text()
    assert "%precision 3\n1 + 1   # => 2\n" in path.read_text()


def test_a_lesson_without_them_does_not_load_ipython_and_one_with_them_is_not_kept(write):
    plain = write("01.md", "```pycon\n>>> import sys\n>>> 'IPython' in sys.modules\nFalse\n\n```\n")
    magic = write("02.md", "```pycon\n>>> %precision 3\n'%.3f'\n\n```\n")
    code = (
        "import sys; from fluxrepl.tutor.check import check; "
        "print([[one.cached for one in check(sys.argv[1:], cache=True, shell='fluxrepl.shell.translate').lessons] "
        "for _ in range(2)], 'IPython' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(plain), str(magic)]
    shown = subprocess.check_output(command, text=True, timeout=60)
    assert shown == "[[False, False], [True, False]] False\n"


def test_without_a_shell_it_is_a_syntax_error(write):
    (only,) = check([write("01.md", "```pycon\n>>> !echo one\none\n\n```\n")]).findings
    assert only.what == "SyntaxError was raised"


@pytest.mark.parametrize(
    ("source", "python"),
    [
        ("!ls", "..."),
        ("!!ls", "..."),
        ("%who  # => 3", "...  # => 3"),
        ("x = !ls *.md", "x = ..."),
        ("a, b = %sql", "a, b = ..."),
        ("if x:\n    !ls\nelse:\n    y?", "if x:\n    ...\nelse:\n    ..."),
        ("??np.sum", "..."),
        ("%%timeit x = 1\nx\nx + 1  # => 3\ny +\n", "(...\n\n# => 3\n\n)"),
        ("%%time", "(...\n)"),
        ("5 % 2", "5 % 2"),
        ("x = (1\n  %y)", "x = (1\n  %y)"),
    ],
)
def test_how_it_looks(source, python):
    tree, parsed = magics.parse(source)
    assert parsed == python
    assert ast.dump(tree) == ast.dump(ast.parse(python))


@pytest.mark.parametrize("source", ["1 +", "% y", "x = !", "is it so?", "f(x)?", "!ls\n1 +", "x != ", "x %= "])
def test_what_is_neither_is_told_as_python_tells_it(source):
    with pytest.raises(SyntaxError) as told:
        magics.parse(source)
    with pytest.raises(SyntaxError) as want:
        ast.parse(source)
    assert (told.value.msg, told.value.lineno) == (want.value.msg, want.value.lineno)


@pytest.mark.parametrize(
    "row", [" " * 100_000 + "x y", "x " * 50_000 + "y", "!a" + " #" * 50_000, "x, " * 50_000 + "= 1 1"]
)
def test_long_rows_are_read_in_linear_time(row):
    started = time.perf_counter()
    magics.LINE.fullmatch(row)
    magics.PROMISE.search(row)
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    ("body", "line", "told"),
    [
        ("```pycon\n>>> %%time\n... 1 + 1\n\n```\n", 9, "`%%` behind a prompt"),
        ("```python\n1 + 1\n%%time\n2\n```\n", 10, "not Python: `%%time`"),
        ("```python\n%%time\n2  # => 2\n```\n", 10, "a promise where there is no value"),
        ("### Exercise\n\n```python {starter=f}\n!echo\n```\n", 11, "IPython's syntax in an exercise or a quiz"),
        ("```python {quiz=q}\n!ls\n```\n", 9, "IPython's syntax in an exercise or a quiz"),
        ("How many?\n\n<!-- fluxrepl:quiz q answer=3\n!ls\n-->\n", 11, "IPython's syntax in an exercise or a quiz"),
    ],
)
def test_where_it_cannot_stand_it_is_malformed(write, body, line, told):
    findings = check([write("01.md", body)]).findings
    assert (line, told) in [(finding.line, finding.what.partition(";")[0]) for finding in findings]

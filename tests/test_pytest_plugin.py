"""The pytest plugin as its users meet it: pytest in a process of its own, in a folder with lessons."""

import re
import subprocess
import sys

import pytest

pytest_plugins = ["pytester"]

HEAD = "---\ntitle: A small lesson\nid: {id}\n---\n\n# A small lesson\n\n"

LESSON = """\
<!-- fluxrepl:setup
>>> import numpy as np
>>> from math import pi

-->

```pycon
>>> x = np.array([1.0, 3.0])
>>> x / 3
array([0.33, 1.  ])

```

```python
y = x.sum()                # => 4.0
np.random.rand(3)          # => array shape (3,)
```

```python {requires=gpu}
1 + 1                      # => 2
```

### Exercise: double

```python {starter=double}
def double(x):
    return ___
```

<details><summary>Hint</summary>

Twice.

</details>

<details><summary>Solution</summary>

```python {solution=double}
def double(x):
    return 2 * x
```

</details>

<!-- fluxrepl:check double
assert double(3) == 6, f"double(3) is 6, not {double(3)}"
-->

<!-- fluxrepl:wrong double says="double(3) is 6, not 9"
def double(x):
    return x * x
-->
"""

FAILING = """\
```pycon
>>> a = 1
>>> a + 1
3
>>> b = undefined
>>> b + 1
2
>>> a
1

```
"""

DIFFERS = "the output differs at line 1: `5` was promised, `4` came"
HOSTILE = {  # what a lesson does before it says that 2 + 2 is 5, and why it must fail: at its line
    "exit": ("import os; os._exit(0)", "9: the lesson ended Python itself (exit status 0) here"),
    "endless": ("while True: pass", "9: the lesson took longer than 4 seconds here"),
    "segfault": ("import ctypes; ctypes.string_at(0)", "9: the lesson crashed Python (signal 11) here"),
    "comparer": ("import fluxrepl.tutor.compare as c; c.difference = lambda *args: None", f"10: {DIFFERS}"),
    "pytest": ("import sys, pytest; pytest.fail = print; sys.modules['pytest'] = None", f"10: {DIFFERS}"),
    "parent": (
        "import os, signal; os.kill(os.getppid(), signal.SIGKILL)",
        "9: the lesson killed the process it was started from, below or here",
    ),
}


@pytest.fixture
def write(pytester):
    """`write("01", body)` writes the lesson `01.md`."""

    def write(name, body, head=HEAD):
        path = pytester.path / f"{name}.md"
        path.write_bytes((head.format(id=f"lesson-{name}") + body).encode())
        return path

    return write


@pytest.fixture
def run(pytester):
    """Runs pytest in its own process, as a user does."""

    def run(*words):
        return pytester.runpytest_subprocess("-p", "no:randomly", *words, timeout=120)

    return run


def ids(result):
    return [line for line in result.outlines if "::" in line]


def test_each_example_and_each_answer_is_an_item_with_its_line(write, run):
    write("01", LESSON)
    assert ids(run("--collect-only", "-q")) == [
        "01.md::8[setup]",
        "01.md::15[x = np.array([1.0, 3.0])]",
        "01.md::16[x / 3]",
        "01.md::22[y = x.sum()]",
        "01.md::23[np.random.rand(3)]",
        "01.md::27[1 + 1]",
        "01.md::32[double starter]",
        "01.md::46[double solution]",
        "01.md::57[double wrong: double(3) is 6, not 9]",
    ]


def test_statements_of_several_lines_are_called_by_what_they_say(write, run):
    body = "```pycon\n>>> [1, 2,\n...  3]\n[1, 2, 3]\n>>> x = 3; x\n3\n\n```\n\n"
    write("01", body + "```python\ntotal = 1\nmax(3,  # three\n    2)  # => 3\nx\n# => 3\nfor i in x:\n    x\n```\n")
    assert ids(run("--collect-only", "-q")) == [
        "01.md::9[[1, 2, 3]]",
        "01.md::12[x = 3; x]",
        "01.md::18[max(3, 2)]",
        "01.md::21[x]",
        "01.md::23[for i in x: x]",
    ]


def test_what_acts_on_a_terminal_is_written_out(write, run):
    write(
        "01", '```pycon\n>>> print("\\x1b[31m<&]]>%\\0", "a::b,c\\r.")\n4\n>>> raise ValueError("\\x1b[1m")\n5\n\n```\n'
    )
    result = run("--color=no")
    result.assert_outcomes(failed=2)
    shown = result.stdout.str()
    assert r"E   got:  \x1b[31m<&]]>%\x00 a::b,c\x0d." in shown
    assert r"the output differs at line 1: `4` was promised, `\x1b` came" in shown
    assert r"E   got:  ValueError: \x1b[1m" in shown
    assert not {"\x1b", "\0", "\r"} & {*shown}


def test_a_good_lesson_passes_and_a_missing_gpu_is_a_skip_with_its_reason(write, run):
    write("01", LESSON)
    result = run("-rs")
    result.assert_outcomes(passed=8, skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED * 01.md:27: needs a GPU*"])


def test_a_failure_shows_want_and_got_at_its_line_and_no_traceback(write, run):
    write("01", FAILING)
    result = run("-rA", "--color=no")
    result.assert_outcomes(passed=2, failed=2, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "* 01.md:10 *",
            "    a + 1",
            "E   want: 3",
            "E   got:  2",
            "E         ^",
            "01.md:10: the output differs at line 1: `3` was promised, `2` came",
            "* 01.md:12 *",
            "    b = undefined",
            "E   got:  NameError: name 'undefined' is not defined",
            "01.md:12: NameError was raised",
        ]
    )
    result.stdout.fnmatch_lines(["SKIPPED * 01.md:13: not run: depends on line 12"])
    result.stdout.fnmatch_lines(["FAILED 01.md::10* - the output differs at line 1: `3*"])
    assert "Traceback" not in result.stdout.str()
    assert "site-packages" not in result.stdout.str()


def test_an_example_is_selected_by_its_line_and_only_what_it_needs_is_run(write, run):
    write("01", LESSON + "```python\nwhile True: pass\n```\n")
    run("01.md::16").assert_outcomes(passed=1)
    run("-k", "double and wrong").assert_outcomes(passed=1, deselected=9)


def test_an_example_whose_cause_was_not_selected_fails_and_tells_it(write, run):
    write("01", FAILING)
    result = run("01.md::13")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*not run: depends on line 12, which is not among these tests*", "*NameError*"])


def test_last_failed_runs_what_failed(write, run):
    write("01", FAILING)
    run()
    run("--lf").assert_outcomes(failed=2)


def test_a_failing_setup_is_an_item_and_what_needs_it_is_not_run(write, run):
    write("01", "<!-- fluxrepl:setup\nx = undefined\n-->\n\n```pycon\n>>> x\n1\n>>> 1 + 1\n2\n\n```\n")
    result = run()
    result.assert_outcomes(failed=1, skipped=1, passed=1)
    result.stdout.fnmatch_lines(["FAILED 01.md::8?setup? - NameError was raised"])


def test_the_answers_of_an_exercise_fail_one_by_one(write, run):
    write("01", LESSON.replace("return ___", "return 2 * x").replace('says="double(3) is 6, not 9"', 'says="other"'))
    result = run()
    result.assert_outcomes(passed=6, failed=2, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "FAILED 01.md::32* - the starter of `double` passes*",
            "FAILED 01.md::57* - a wrong answer to `double` is not*",
        ]
    )


def test_a_malformed_lesson_fails_at_its_lines_and_its_neighbours_pass(write, run):
    write("01", "```pycon\n>>> 1 +\n```\n\n```python {unknown=3}\n1\n```\n\n[x](gone.md)\n")
    write("02", "[x](gone.md)\n\n```pycon\n>>> 1 + 1\n2\n\n```\n")
    result = run("--color=no")
    result.assert_outcomes(passed=1, failed=3)
    result.stdout.fnmatch_lines(["FAILED 01.md::9*not Python*", "FAILED 01.md::12*unknown option*", "FAILED 02.md::8*"])


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("README", "# A project\n\n>>> 1 + 1\n3\n"),
        ("page", "---\nlayout: page\ntitle: A page of a site\n---\n\n>>> 1 + 1\n3\n"),
        ("line", "---\n\nA line, and then: id: 3, title: 4\n"),
        ("later", "# A text\n\n---\ntitle: t\nid: i\n---\n"),
        ("empty", ""),
    ],
)
def test_what_is_no_lesson_is_left_alone(write, run, name, text):
    write(name, text, head="")
    assert run().ret == pytest.ExitCode.NO_TESTS_COLLECTED


def test_files_are_chosen_by_the_projects_settings(pytester, write, run):
    write("01", FAILING)
    pytester.makeini("[pytest]\nfluxrepl_lessons = course/*.md\n")
    assert run().ret == pytest.ExitCode.NO_TESTS_COLLECTED


@pytest.mark.parametrize("xdist", [[], ["-n2"], ["-n2", "--dist=loadgroup"]], ids=str)
def test_hostile_lessons_fail_for_their_own_reason_and_their_neighbours_pass(pytester, write, run, xdist):
    pytester.makeini("[pytest]\nfluxrepl_timeout = 4\n")
    good = "```pycon\n>>> 1 + 1\n2\n>>> 1 / 3\n0.333\n\n```\n"
    write("before", good)
    for name, (code, _) in HOSTILE.items():
        write(name, f"```pycon\n>>> {code}\n>>> 2 + 2\n5\n\n```\n")
    write("zzz", good)
    result = run(*xdist, "-rfp", "--color=no")
    passed = {line.split(" ")[1].partition("[")[0] for line in result.outlines if line.startswith("PASSED")}
    failed = {line.split(" ")[1].partition("[")[0] for line in result.outlines if line.startswith("FAILED")}
    reasons = {f"{name}.md:{reason}" for name, (_, reason) in HOSTILE.items()}
    assert reasons <= {*result.outlines}
    assert failed == {reason.rpartition(": the")[0].replace(":", "::") for reason in reasons}
    assert {f"{name}.md::{line}" for name in ("before", "zzz") for line in (9, 11)} <= passed
    assert "crashed" not in "\n".join(line for line in result.outlines if "worker" in line)


def test_under_xdist_failures_look_the_same(write, run):
    write("01", FAILING)
    result = run("-n2", "--color=no")
    result.assert_outcomes(passed=2, failed=2, skipped=1)
    result.stdout.fnmatch_lines(["E   want: 3", "E   got:  2", "E         ^", "01.md:10: the output differs*"])
    result.stdout.fnmatch_lines(["FAILED 01.md::10* - the output differs at line 1: `3*"])


@pytest.mark.parametrize("xdist", [[], ["-n2"]], ids=str)
def test_fix_writes_what_is_shown_and_the_next_run_passes(write, run, xdist):
    path = write("01", LESSON.replace("0.33, 1.  ", "0.34, 1.  ").replace("=> 4.0", "=> 5.0"))
    result = run("--fluxrepl-fix", "--color=no", *xdist)
    result.assert_outcomes(passed=6, failed=2, skipped=1)
    result.stdout.fnmatch_lines(
        ["*lessons fixed: run the tests again*", "-array(?0.34, 1.  ?)", "+array(?0.33, 1.  ?)"]
    )
    assert path.read_text() == HEAD.format(id="lesson-01") + LESSON
    run().assert_outcomes(passed=8, skipped=1)


def test_fix_tells_why_it_left_a_lesson_alone(write, run):
    path = write("01", FAILING)
    before = path.read_bytes()
    result = run("--fluxrepl-fix", "--color=no")
    result.stdout.fnmatch_lines(["*lessons not fixed*", "*01.md:12: not fixed: NameError was raised*"])
    assert path.read_bytes() == before


def test_commands_magics_and_await_run_as_at_the_prompt(write, run):
    body = "```pycon\n>>> !echo one\none\n>>> %precision 3\n'%.3f'\n>>> !echo two\n2\n\n```\n\n"
    write("01", body + "```python\nimport asyncio\n\nawait asyncio.sleep(0, 5)  # => 5\n```\n")
    result = run("--color=no")
    result.assert_outcomes(passed=3, failed=1)
    result.stdout.fnmatch_lines(["    !echo two", "E   want: 2", "E   got:  two"])


def test_a_strict_project_can_use_it(pytester, write, run):
    pytester.makeini(
        "[pytest]\naddopts = --strict-markers --strict-config\nfilterwarnings = error\nfluxrepl_timeout = 20\n"
    )
    pytester.makeconftest("import numpy as np\nnp.set_printoptions(precision=2)\nnp.seterr(all='raise')")
    write(
        "01",
        LESSON + "```pycon\n>>> np.array([1.0]) / 0\narray([inf])\n>>> np.array([1 / 3])\narray([0.33333333])\n\n```\n",
    )
    run().assert_outcomes(passed=10, skipped=1)


def test_a_timeout_that_is_none_is_an_error_of_usage(pytester, write, run):
    pytester.makeini("[pytest]\nfluxrepl_timeout = soon\n")
    write("01", LESSON)
    result = run()
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*fluxrepl_timeout = soon is no number of seconds; write one above 0*"])


def test_each_lesson_has_a_junit_case_with_its_line(write, run, pytester):
    write("01", FAILING)
    run("--junitxml=out.xml", "-o", "junit_family=xunit1")
    text = (pytester.path / "out.xml").read_text()
    assert re.search(r'name="10\[a \+ 1\]" file="01.md" line="9"', text)
    assert "want: 3" in text


def test_it_loads_nothing_until_there_is_a_lesson(pytester):
    pytester.makepyfile("def test_one(): pass")
    (pytester.path / "README.md").write_text("# Not a lesson\n")
    pytester.makeconftest(
        """
        import sys

        def pytest_unconfigure():
            heavy = [name for name in sys.modules if name.startswith(("numpy", "fluxrepl.tutor", "markdown_it"))]
            print("loaded:", heavy)
        """
    )
    result = pytester.runpytest_subprocess("-s", "-p", "no:hypothesispytest")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*loaded: ?]"])


def test_importing_it_imports_only_pytest():
    code = "import sys, pytest\nbefore = {*sys.modules}\nimport fluxrepl.pytest_plugin\n"
    code += "print(*sorted({*sys.modules} - before))"
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60).stdout
    assert shown.split() == ["fluxrepl", "fluxrepl.pytest_plugin", "fluxrepl.version"]

"""`check` runs lessons apart from each other and says where want and got part."""

import json
from pathlib import Path

import pytest

from fluxrepl.tutor.check import NothingToCheck, check, find
from fluxrepl.tutor.needs import missing

from .conftest import EXERCISE, QUIZ

WHOLE = Path(__file__).with_name("simple_models.md")


def found(report):
    """What was found, in short."""
    return [(finding.line, finding.kind, finding.what) for finding in report.findings]


@pytest.fixture(params=["forked", "fresh"])
def forking(request):
    """Lessons run in a fork, or in a fresh interpreter, with the same verdicts."""
    return request.param == "forked"


def test_the_whole_example_of_the_format_passes(forking):
    report = check([WHOLE], forking=forking)
    assert found(report) == []
    assert report.summary().startswith("1 lesson, 1")
    assert "1 exercise: all passed" in report.summary()
    assert report.lessons[0].exercises == 1
    assert report.lessons[0].examples + len(report.lessons[0].skipped) == 13


@pytest.mark.skipif(not missing("gpu"), reason="a GPU is here, so nothing is skipped")
def test_a_block_for_a_gpu_is_skipped_and_said_so():
    report = check([WHOLE])
    assert [line for line, _ in report.lessons[0].skipped] == [73]
    assert "1 example skipped (needs a GPU:" in report.summary()


def test_a_block_for_a_missing_library_is_skipped_and_said_so(write):
    path = write("01.md", "```python {requires=no_such_library}\nimport no_such_library\n```\n")
    report = check([path])
    assert report.passed
    assert report.summary() == (
        "1 lesson, 0 examples, 0 exercises: all passed; "
        "1 example skipped (needs no_such_library, which is not installed: pip install no_such_library)"
    )


def test_one_changed_digit_is_found_at_its_line(tmp_path):
    path = tmp_path / "01.md"
    path.write_text(WHOLE.read_text("utf-8").replace("array([ 2., -2.])", "array([ 2., -3.])"), "utf-8")
    report = check([path])
    assert found(report) == [(38, "output", "the output differs at line 1: `-3.` was promised, `-2.` came")]
    assert report.findings[0].want == "array([ 2., -3.])\n"
    assert report.findings[0].got == "array([ 2., -2.])\n"
    assert report.findings[0].place == f"{path}:38"


def test_an_error_is_told_with_the_line_it_came_from(write, forking):
    path = write("01.md", "```pycon\n>>> def f(x):\n...     return 1 / x\n>>> f(0)\n1\n\n```\n")
    finding = check([path], forking=forking).findings[0]
    assert (finding.line, finding.kind, finding.what) == (11, "error", "ZeroDivisionError was raised")
    assert finding.got == "ZeroDivisionError: division by zero"
    assert finding.note == "raised at line 10"


def test_what_depends_on_a_failure_is_not_run(write):
    body = """\
    ```pycon
    >>> x = 1 / 0
    >>> y = 2
    >>> x + 1
    3
    >>> z = x
    >>> z
    4
    >>> y
    2
    >>> x = 5
    >>> x
    5

    ```
    """
    assert found(check([write("01.md", body)])) == [
        (9, "error", "ZeroDivisionError was raised"),
        (11, "not run", "not run: depends on line 9"),
        (13, "not run", "not run: depends on line 9"),
        (14, "not run", "not run: depends on line 9"),
    ]


def test_a_name_that_nothing_defines_is_told_once(write):
    body = """\
    ```pycon
    >>> u + 1
    2
    >>> u
    1
    >>> u = 3
    >>> u
    3

    ```

    ```python {raises=NameError}
    v
    ```

    ```python
    v
    ```
    """
    assert found(check([write("01.md", body)])) == [
        (9, "error", "NameError was raised"),
        (11, "not run", "not run: depends on line 9"),
        (24, "error", "NameError was raised"),
    ]


def test_nothing_runs_after_a_failed_star_import(write):
    body = "<!-- fluxrepl:setup\nfrom no_such_module import *\n-->\n\n```pycon\n>>> 1\n1\n\n```\n\n" + EXERCISE
    assert [(line, kind) for line, kind, _ in found(check([write("01.md", body)]))] == [
        (9, "error"),
        (13, "not run"),
        (22, "not run"),
    ]


def test_groups_have_namespaces_of_their_own(write):
    body = (
        "```python {group=one}\nx = 1\n```\n\n```python {group=two}\nx\n```\n\n```python {group=one}\nx  # => 1\n```\n"
    )
    assert [(line, what) for line, _, what in found(check([write("01.md", body)]))] == [(13, "NameError was raised")]


def test_a_block_that_is_not_run_is_not_run(write):
    assert check([write("01.md", "```python {norun}\n1 / 0\n```\n")]).summary() == (
        "1 lesson, 0 examples, 0 exercises: all passed"
    )


PROMISES = {
    "x + 1  # => 4": "",
    "x + 1  # => 5": "4",
    "x / 7  # => 0.43": "",
    "np.ones((2, 5))  # => array shape (2, 5)": "",
    "np.ones((2, 4))  # => array shape (2, 5)": "array shape (2, 4)",
    "3.0  # => array shape (2, 5)": "not an array: float 3.0",
    "x  # => array shape ()": "not an array: int 3",
    "[1, 2]  # => array shape (2,)": "not an array: list [1, 2]",
    "{}.get(1)  # => array shape (2,)": "not an array: None",
    "0.52  # => ~0.5 ± 0.05": "",
    "0.56  # => ~0.5 ± 0.05": "0.56",
    "0.56  # => 0.5 +- 0.05": "0.56",
    "float('nan')  # => ~0.5 ± 0.05": "nan",
    "'a'  # => ~0.5 ± 0.05": "'a'",
    "x  # => _ > 2": "",
    "x  # => _ > 3": "3",
    "x  # => _.nothing": "AttributeError: 'int' object has no attribute 'nothing'",
    "y = 3 * x  # => 9": "",
    "y = 3 * x  # => 8": "9",
    "x += 1  # => _ == 4": "",
    "print(x)  # => 3": "",
    "print('on'); x  # => 3": "",
    "print('on'); print(x)  # => 3": "",
    "print('on'); print(x)  # => 4": "3",
    "[print('on'), x][1]  # => 4": "3",
    "print('on'); {}.get(1)  # => None": "",
    "{}.get(1)  # => None": "",
    "y = {}.get(1)  # => None": "",
    "{}.get(1)  # => 3": "None",
    "x  # => None": "3",
}


@pytest.mark.parametrize("line", PROMISES)
def test_a_promise_is_kept_or_told_with_what_came(write, line):
    report = check([write("01.md", f"```python\nimport numpy as np\nx = 3\n{line}\n```\n")])
    assert [finding.got for finding in report.findings] == ([PROMISES[line]] if PROMISES[line] else [])
    assert all((finding.line, finding.kind) == (11, "promise") for finding in report.findings)


def test_an_expected_error_must_come(write):
    body = """\
    ```python {raises=ValueError}
    float("x")
    ```

    ```python {raises=ArithmeticError}
    1 / 0
    ```

    ```python {raises=ValueError}
    1 / 0
    ```

    ```python {raises=ValueError}
    1
    ```

    ```pycon
    >>> float("x")
    Traceback (most recent call last):
        ...
    ValueError: could not convert string to float: 'x'
    >>> float("y")
    Traceback (most recent call last):
        ...
    ValueError: could not convert string to float: 'x'

    ```
    """
    assert found(check([write("01.md", body)])) == [
        (17, "error", "another error was raised"),
        (21, "output", "no error was raised"),
        (29, "error", "another error was raised"),
    ]


def test_text_after_a_semicolon_is_silent_and_a_loop_shows_nothing(write):
    body = "```pycon\n>>> 1;\n>>> 2;  # done\n>>> '; '\n'; '\n>>> for i in range(2): i\n>>> None\n\n```\n"
    assert found(check([write("01.md", body)])) == []


def test_the_last_value_is_underscore(write):
    assert found(check([write("01.md", "```pycon\n>>> 6 * 7\n42\n>>> _ + 1\n43\n\n```\n")])) == []


def test_a_warning_is_no_output(write):
    body = "```pycon\n>>> import sys\n>>> 1 if sys.stderr.write('careful') else 2\n1\n\n```\n"
    assert found(check([write("01.md", body)])) == []


def test_numpy_scalars_show_as_plain_numbers(write):
    prompts = ">>> import numpy as np\n>>> np.float64(2.0)\n2.0\n>>> [np.int64(3), np.float32(0.5)]\n[3, 0.5]\n"
    assert found(check([write("01.md", f"```pycon\n{prompts}\n```\n")])) == []


def test_classes_pickle_and_functions_show_their_source(write):
    body = """\
    ```pycon
    >>> import inspect, pickle
    >>> class Pair:
    ...     def __init__(self, a):
    ...         self.a = a
    >>> pickle.loads(pickle.dumps(Pair(3))).a
    3
    >>> print(inspect.getsource(Pair.__init__), end="")
        def __init__(self, a):
            self.a = a

    ```
    """
    assert found(check([write("01.md", body)])) == []


def test_random_numbers_are_the_same_in_every_run(write):
    body = "```python\nimport numpy as np, random\nprint(np.random.rand(), random.random())  # => {0}\n```\n"
    first = check([write("01.md", body.format("?"))]).findings[0].got
    report = check([write("02.md", body.format(first)), write("03.md", body.format(first))])
    assert found(report) == []


# Exercises


def test_an_exercise_is_verified_and_its_solution_stays(write, forking):
    path = write("01.md", EXERCISE + "\n```pycon\n>>> double(4)\n8\n\n```\n")
    report = check([path], forking=forking)
    assert found(report) == []
    assert report.summary() == "1 lesson, 1 example, 1 exercise: all passed"


@pytest.mark.parametrize(
    ("change", "by", "line", "what"),
    [
        ("return ___", "return x + x", 12, "the starter of `double` passes its check already"),
        ("return 2 * x", "return 3 * x", 34, "the solution of `double` does not pass its check"),
        ("return x * x", "return x + x", 46, "a wrong answer to `double` passes the check"),
        ('says="double(3) is 6, not 9"', "says=twice", 46, "a wrong answer to `double` is not told its words"),
    ],
)
def test_a_faulty_exercise_is_found(write, change, by, line, what):
    report = check([write("01.md", EXERCISE.replace(change, by))])
    assert found(report) == [(line, "exercise", what)]


def test_an_answer_that_never_ends_is_stopped(write):
    body = EXERCISE.replace("return x * x", "while True: pass").replace("double(3) is 6, not 9", "took longer than")
    path = write("01.md", body.replace("{starter=double}", "{starter=double timeout=0.5}"))
    assert found(check([path])) == []


def test_a_wrong_answer_changes_nothing_for_what_follows(write):
    body = "```python\ndata = [1, 2]\n```\n\n" + EXERCISE.replace(
        "    return x * x", "    data.clear()\n    return x * x"
    )
    assert found(check([write("01.md", body + "\n```python\ndata  # => [1, 2]\n```\n")])) == []


# Between lessons


def test_two_lessons_with_one_id_are_found(write):
    head = "---\ntitle: x\nid: same\n---\n\n"
    report = check([write("01.md", "text\n", head), write("02.md", "text\n", head)])
    assert [(finding.path.name, finding.line) for finding in report.findings] == [("02.md", 3)]
    assert "id `same` is taken" in report.findings[0].what


def test_a_needed_lesson_must_exist(write):
    head = "---\ntitle: x\nid: {id}\nrequires: [gradients]\n---\n\ntext\n"
    path = write("02.md", "", head.replace("{id}", "models"))
    write("01.md", "text\n", head.replace("{id}", "gradient").replace("requires: [gradients]\n", ""))
    report = check([path])
    assert [finding.line for finding in report.findings] == [4]
    assert "it requires `gradients`, which is no lesson here; did you mean `gradient`?" in report.findings[0].what


def test_lessons_must_not_require_each_other_in_a_circle(write):
    head = "---\ntitle: x\nid: {0}\nrequires: [{1}]\n---\n\ntext\n"
    paths = [write(f"{a}.md", "", head.replace("{0}", a).replace("{1}", b)) for a, b in ("ab", "bc", "ca")]
    assert [finding.what.partition(";")[0] for finding in check(paths).findings] == [
        "`a` requires itself by way of `c`",
        "`b` requires itself by way of `a`",
        "`c` requires itself by way of `b`",
    ]


def test_a_dead_link_is_found_and_code_is_no_link(write):
    write("there.md", "text\n")
    body = "[a](there.md#part) and [b](nowhere.md)\n\n`x[0](y)` [c](https://example.org) [d](#here)\n"
    assert [(line, what.partition(";")[0]) for line, _, what in found(check([write("01.md", body)]))] == [
        (8, "the link `nowhere.md` leads nowhere")
    ]


def test_a_malformed_lesson_is_a_finding_and_the_others_run(write):
    paths = [write("01.md", "```py\n1\n```\n"), write("02.md", "```pycon\n>>> 1\n1\n\n```\n")]
    report = check(paths)
    assert [(finding.path.name, finding.line, finding.kind) for finding in report.findings] == [
        ("01.md", 8, "malformed")
    ]
    assert report.summary() == "2 lessons, 1 example, 0 exercises: 1 finding in 1 lesson"


# Finding lessons


DEEP = "-" * 60_000 + "1"


@pytest.mark.parametrize(
    ("body", "line", "said"),
    [
        (f"```python\nx = {DEEP}\n```\n", 9, "code nested too deep"),
        (f"```pycon\n>>> {DEEP}\n1\n\n```\n", 9, "code nested too deep"),
        (f"```python\n1  # => _ == {DEEP}\n```\n", 9, "nested too deep"),
        (f"```python\nx = {'-' * 900}1\n1 / 0\n```\n", 9, "ZeroDivisionError"),
        (f"```python\nx = {'(' * 5000}1{')' * 5000}\n```\n", 9, "too many nested parentheses"),
    ],
)
def test_code_too_deep_to_parse_is_a_finding_and_the_others_run(write, body, line, said):
    deep, good = write("01.md", body), write("02.md", "```python\n1  # => 1\n```\n")
    first, second = check([deep, good]).lessons
    assert second.passed
    found = first.findings[0]
    assert said in found.what
    assert found.line == line


def test_a_head_too_deep_to_parse_is_a_finding(tmp_path):
    (tmp_path / "01.md").write_text("---\ntitle: T\nid: a\nrequires: " + "[" * 3000 + "]" * 3000 + "\n---\n\ntext\n")
    (tmp_path / "02.md").write_text("---\ntitle: T\nid: b\n---\n\n```python\n1  # => 1\n```\n")
    first, second = check([tmp_path]).lessons
    assert (len(first.findings), second.findings) == (1, [])
    assert check([tmp_path / "02.md"]).passed  # which looks at the heads of those beside it


def test_a_folder_gives_its_lessons_in_order_but_not_its_readme(write, tmp_path):
    for name in ("02.md", "01.md", "README.md", "more/03.md", ".hidden/04.md", "notes.txt"):
        write(name, "text\n")
    assert [path.relative_to(tmp_path).as_posix() for path in find([tmp_path])] == ["01.md", "02.md", "more/03.md"]


def test_a_lesson_named_twice_is_checked_once(write, tmp_path):
    path = write("01.md", "text\n")
    assert find([path, tmp_path, path]) == [path]


def test_without_lessons_there_is_nothing_to_check(tmp_path):
    with pytest.raises(NothingToCheck, match="no lessons found in"):
        find([tmp_path])
    with pytest.raises(NothingToCheck, match="no such file or folder"):
        find([tmp_path / "none"])


# Reports


def test_a_report_is_plain_data(write):
    report = check([write("01.md", "```pycon\n>>> 1\n2\n\n```\n" + QUIZ)])
    data = json.loads(json.dumps(report.as_data()))
    assert data["passed"] is False
    assert data["lessons"][0]["findings"] == [
        {
            "line": 9,
            "kind": "output",
            "what": "the output differs at line 1: `2` was promised, `1` came",
            "source": "1",
            "want": "2\n",
            "got": "1\n",
            "note": "",
            "unit": 9,
            "want_at": [1, 1, 1],
            "got_at": [1, 1, 1],
        }
    ]


def test_lessons_run_side_by_side_and_report_in_order(write):
    paths = [write(f"{number:02}.md", f"```python\n{number}  # => {number}\n```\n") for number in range(12)]
    told = []
    report = check(paths, jobs=4, observer=lambda done: told.append(done.path))
    assert report.summary() == "12 lessons, 12 examples, 0 exercises: all passed"
    assert [lesson.path for lesson in report.lessons] == paths
    assert sorted(told) == paths

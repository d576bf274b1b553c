"""A lesson file becomes a lesson, or a list of what is wrong with it."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fluxrepl.tutor.check import check
from fluxrepl.tutor.lesson import LessonError, Problem, Promise, read

from .conftest import EXERCISE, HEAD, QUIZ

WHOLE = Path(__file__).with_name("simple_models.md")


def test_the_whole_example_of_the_format_is_read():
    lesson = read(WHOLE)
    assert (lesson.id, lesson.title, lesson.minutes) == ("simple-models", "Building simple models", 15)
    assert lesson.requires == ("taking-gradients",)
    assert lesson.objectives[1] == "take one gradient step and see the loss fall"
    assert [block.kind for block in lesson.blocks] == [
        "setup", "pycon", "pycon", "pycon", "python", "python", "exercise",
    ]  # fmt: skip
    assert [step.kind for step in lesson.steps] == ["example"] * 8 + ["read", "exercise", "quiz"]
    assert lesson.steps[0].setup == 'from fluxrepl import *\nnp.set_printoptions(legacy="1.25")\n'


def test_a_step_runs_up_to_the_first_output():
    steps = read(WHOLE).steps
    assert steps[0].source.startswith("def predict(W, b, x):\n    return W @ x + b\ndef loss(W, b, x, y):\n")
    assert steps[0].source.endswith("W, b = np.ones((2, 3)), np.zeros(2)\nloss(W, b, x, y)\n")
    assert steps[0].want == "2.0\n"
    assert steps[1].source == "dW, db = gradient(lambda W, b: loss(W, b, x, y), W, b)\ndb\n"
    assert steps[2].source == "dW.shape == W.shape\n"
    assert steps[2].prose == ""


def test_a_python_block_is_cut_behind_each_promise():
    steps = read(WHOLE).steps
    assert steps[4].source.endswith("dW                                             # => array shape (2, 5)\n")
    assert steps[4].examples[0].promises == (Promise("array shape (2, 5)", 64),)
    assert steps[5].examples[0].promises == (Promise("_ < before", 66),)
    assert steps[6].examples[0].promises == (Promise("~0.5 ± 0.05", 67),)


def test_a_step_knows_its_line_and_its_prose():
    steps = read(WHOLE).steps
    assert [step.line for step in steps] == [23, 37, 40, 48, 59, 65, 67, 73, 86, 90, 135]
    assert steps[0].prose.startswith("# Building simple models\n\nConsider a simple linear regression")
    assert "fluxrepl:setup" not in steps[0].prose
    assert "for epoch in range(epochs):" in steps[8].prose


def test_an_expected_traceback_is_no_output():
    example = read(WHOLE).steps[3].examples[0]
    assert example.error == "ValueError"  # +IGNORE_EXCEPTION_DETAIL
    assert example.source == "predict(np.ones((2, 4)), b, x)\n"  # the directive is not for learners
    assert example.want == ""


def test_an_exercise_is_gathered_from_its_pieces():
    exercise = read(WHOLE).steps[9].exercise
    assert exercise.name == "mse"
    assert exercise.starter == "def mse(W, b, x, y):\n    ...  # TODO\n"
    assert exercise.solution == "def mse(W, b, x, y):\n    return np.mean((y - predict(W, b, x)) ** 2)\n"
    assert exercise.solution_line == 104
    assert exercise.hints == ("`loss` above already squares the differences; only the reduction changes.",)
    assert exercise.checks[0].line == 111
    assert [(wrong.says, wrong.line) for wrong in exercise.wrongs] == [("expected the mean", 117)]


def test_hints_keep_their_order_and_the_solution_its_words(write):
    exercise = read(write("01.md", EXERCISE)).exercises[0]
    assert exercise.hints == ("Twice as much.", "`2 * x`")
    assert exercise.explanation == "It is short:"


def test_a_quiz_has_choices_and_an_explanation():
    quiz = read(WHOLE).steps[10].quiz
    assert quiz.answer == "b"
    assert list(quiz.choices) == ["a", "b", "c"]
    assert quiz.choices["a"] == "By coincidence: both have two rows here"
    assert quiz.explanation.startswith("**b.** The gradient lists")


def test_a_choice_that_is_right_may_be_ticked_and_other_bold_words_begin_an_answer(write):
    read(write("01.md", QUIZ.replace("- [ ] b.", "- [x] b.")))
    read(write("02.md", QUIZ.replace("**b.** Two", "**Two**")))


def test_choices_under_a_quiz_heading_need_the_comment_that_asks(write):
    body = "### Quiz\n\nWhich?\n\n- [ ] a. one\n- [ ] b. two\n"
    for below in ("", "\n## More\n\nText.\n"):
        with pytest.raises(LessonError, match=r":12: choices of a quiz that is none; .*fluxrepl:quiz name answer=a"):
            read(write("01.md", body + below))
    assert read(write("02.md", body.replace("Quiz", "To do"))).steps


ASKED = """\
What does this show?

```python {quiz=sizes}
x = [1, 2]
print(x)
len(x)
```

<details><summary>Answer</summary>

Two lines.

</details>

<!-- fluxrepl:quiz sizes
[1, 2]
2
-->
"""


def test_a_quiz_may_ask_what_code_shows(write):
    lesson = read(write("01.md", ASKED))
    (step,) = lesson.steps
    assert (step.quiz.kind, step.quiz.answer, step.quiz.explanation) == ("output", "[1, 2]\n2", "Two lines.")
    assert step.quiz.source == "x = [1, 2]\nprint(x)\nlen(x)\n"
    assert "len(x)" in step.prose
    assert [example.want for example in lesson.examples()] == ["[1, 2]\n2\n"]


def test_the_code_of_a_quiz_may_have_choices_and_the_right_one_is_checked(write):
    above = "```python {quiz=larger}\n1 + 1\n```\n\n- [ ] a"
    coded = QUIZ.replace("- [ ] a", above)
    assert next(read(write("01.md", coded)).examples()).want is None
    ticked = coded.replace("b. two", "b. `2`")
    assert next(read(write("02.md", ticked)).examples()).want == "2\n"
    path = write("03.md", ticked)
    assert check([path]).passed
    path.write_text(path.read_text().replace("1 + 1", "1 + 2"))
    assert not check([path]).passed


def test_a_quiz_may_ask_for_a_number_and_say_how_it_is_checked(write):
    body = '### Quiz\n\nHow much?\n\n<!-- fluxrepl:quiz third answer="0.33 ± 0.01"\n1 / 3\n-->\n'
    path = write("01.md", body)
    lesson = read(path)
    quiz = lesson.steps[0].quiz
    assert (quiz.kind, quiz.answer, quiz.tolerance) == ("number", "0.33", 0.01)
    assert lesson.blocks[0].examples[0].promises == (Promise("~0.33 ± 0.01", 13, "0.33 ± 0.01"),)
    assert check([path]).passed
    path.write_text(path.read_text().replace("1 / 3", "1 / 4"))
    (finding,) = check([path]).findings
    assert (finding.line, finding.want, finding.got) == (13, "0.33 ± 0.01", "0.25")
    assert finding.what == "the key says 0.33 ± 0.01, and the expression gives 0.25"


def test_a_hint_below_another_heading_is_not_the_exercises(write):
    hint = "\n## More\n\n<details><summary>Hint</summary>\n\nx\n\n</details>\n"
    (remark,) = read(write("01.md", EXERCISE + hint)).remarks
    assert remark.what == "a hint without an exercise above it"


def test_two_quizzes_each_keep_their_own_answer(write):
    second = QUIZ.replace("larger", "smaller").replace("answer=b", "answer=a").replace("**b.** Two", "**a.** One")
    steps = read(write("01.md", QUIZ + "\n" + second)).steps
    assert [step.quiz.explanation for step in steps] == ["**b.** Two is.", "**a.** One is."]


def test_every_quiz_has_its_own_answer_box(write):
    box = "<details><summary>Answer</summary>\n\n{0}.\n\n</details>\n\n"
    number = f"How much?\n\n{box}<!-- fluxrepl:quiz {{1}} answer={{0}} -->\n\n"
    below = f"How little?\n\n<!-- fluxrepl:quiz d answer=4 -->\n\n{box.format(4)}"
    bodies = [number.format(1, "b"), number.format(2, "c"), below, number.format(5, "e")]
    for heading in ("", "### Quiz\n\n"):
        steps = read(write("01.md", QUIZ + "".join(heading + body for body in bodies))).steps
        assert [step.quiz.explanation for step in steps] == ["**b.** Two is.", "1.", "2.", "4.", "5."]


def test_an_answer_box_may_stand_below_the_comment(write):
    comment = "<!-- fluxrepl:quiz larger answer=b -->"
    below = QUIZ.replace(comment, "").replace("<details>", f"{comment}\n\n<details>")
    assert read(write("01.md", below)).steps[0].quiz.explanation == "**b.** Two is."


def test_sections_of_only_prose_are_steps_to_read(write):
    lesson = read(write("01.md", "Welcome.\n\n## First\n\nText.\n\n```pycon\n>>> 1\n1\n\n```\n\nThe end.\n"))
    assert [(step.kind, step.title) for step in lesson.steps] == [
        ("read", "A small lesson"),
        ("example", "First"),
        ("read", "First"),
    ]


def test_other_boxes_are_part_of_the_text(write):
    body = "<details><summary>Why?</summary>\n\nBecause:\n\n```pycon\n>>> 1 + 1\n2\n\n```\n\n</details>\n"
    lesson = read(write("01.md", body))
    assert lesson.steps[0].prose == "# A small lesson\n\n**Why?**\n\nBecause:"
    assert lesson.steps[0].source == "1 + 1\n"
    assert len(lesson.steps) == 1


def test_keys_do_not_change_when_a_step_is_put_before(write):
    example = "```pycon\n>>> x = 1\n>>> x\n1\n\n```\n"
    before = read(write("01.md", example)).steps
    after = read(write("02.md", "```pycon\n>>> y = 2\n>>> y\n2\n\n```\n\nMore.\n\n" + example)).steps
    assert (before[0].key, before[0].digest) == (after[1].key, after[1].digest)


def test_the_same_example_twice_has_two_keys(write):
    example = "```pycon\n>>> 1 + 1\n2\n\n```\n\n"
    keys = [step.key for step in read(write("01.md", example * 2)).steps]
    assert keys[1] == keys[0] + "-2"


def test_windows_line_ends_and_a_byte_order_mark_are_fine(tmp_path):
    path = tmp_path / "01.md"
    text = HEAD.format(id="dos") + "```pycon\n>>> 1\n1\n\n```\n"
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert read(path).steps[0].line == 9


def test_a_fence_in_a_list_runs_with_its_own_line(write):
    lesson = read(write("01.md", "- one\n\n  ```pycon\n  >>> 1\n  1\n\n  ```\n"))
    assert [(example.source, example.line) for example in lesson.examples()] == [("1\n", 11)]


def test_promises_may_stand_below_and_on_assignments(write):
    body = "```python\nx = 3  # => 3\nx + 1\n# => 4\n# => _ > x\n```\n"
    examples = list(read(write("01.md", body)).examples())
    assert [(example.target, [made.text for made in example.promises]) for example in examples] == [
        ("x", ["3"]),
        ("", ["4", "_ > x"]),
    ]


FENCE = "```python\n1\n```\n"

# body → line (the head has 7 lines), what it says, what to write
MALFORMED = {
    "unknown option": ("```python {norum}\n1\n```\n", 8, "unknown option `norum`", "did you mean `norun`?"),
    "option without braces": ("```python norun\n1\n```\n", 8, "`norun` after ```python", "write {norun}"),
    "option twice": ("```python {rtol=1 rtol=2}\n1\n```\n", 8, "`rtol` is given twice", "write it once"),
    "option that needs a value": ("```python {group}\n1\n```\n", 8, "`group` needs a value", "write {group=NAME}"),
    "flag with a value": ("```python {norun=1}\n1\n```\n", 8, "`norun` takes no value", "write {norun}"),
    "number that is none": ("```python {rtol=abc}\n1\n```\n", 8, "rtol=abc is not a positive", "write rtol=1e-3"),
    "negative timeout": ("```python {timeout=-1}\n1\n```\n", 8, "timeout=-1 is not a positive", "write timeout=20"),
    "open quote": ('```python {group="a}\n1\n```\n', 8, "cannot read", 'write values as name="some words"'),
    "figure without matplotlib": ("```python {figure=a.png}\n1\n```\n", 8, "`figure` without", "requires=matplotlib"),
    "raises in pycon": ("```pycon {raises=ValueError}\n>>> 1\n1\n```\n", 8, "`raises` has no meaning", "```python"),
    "unclosed fence": ("text\n\n```python\n1\n", 10, "a fence is never closed", "write ``` on a line of its own"),
    "unclosed empty fence": ("```python", 8, "a fence is never closed", "write ```"),
    "fence closed too short": ("````python\n1\n```\n", 8, "a fence is never closed", "write ````"),
    "another name of python": ("```py\n1\n```\n", 8, "a fence marked `py` is not run", "write ```python"),
    "capital python": ("```Python\n1\n```\n", 8, "a fence marked `Python` is not run", "write ```python"),
    "doctest fence": ("```doctest\n>>> 1\n1\n```\n", 8, "a fence marked `doctest`", "write ```pycon"),
    "prompts without language": ("```\n>>> 1\n1\n```\n", 8, "prompts in a fence without", "write ```pycon"),
    "no prompt": ("```pycon\n1 + 1\n```\n", 9, "`1 + 1` would not be checked", "begin code with `>>> `"),
    "empty pycon": ("```pycon\n\n```\n", 9, "a pycon block without a prompt", "write `>>> `"),
    "prompt without space": ("```pycon\n>>>1\n```\n", 9, "a prompt is not laid out right", "write `>>> code`"),
    "continuation indented otherwise": (
        "```pycon\n>>> 1\n1\n>>> if 1:\n ...     1\n```\n", 12, "a prompt is not laid out right", "`... more of it`"),
    "output after an empty line": (
        "```pycon\n>>> print('a')\na\n\nb\n\n```\n", 12, "`b` would not be checked", "write <BLANKLINE>"),
    "syntax error in pycon": ("```pycon\n>>> 1\n1\n>>> f(\n\n```\n", 11, "not Python: `f(`", "mark code"),
    "syntax error in python": ("```python\nx = 1\ny = = 2\n```\n", 10, "not Python: `y = = 2`", "{norun}"),
    "syntax error in norun": ("```python {norun}\ny = = 2\n```\n", 9, "not Python: `y = = 2`", "correct it"),
    "empty python": ("```python\n# nothing\n```\n", 9, "a python block without code", "write a statement"),
    "skip directive": ("```pycon\n>>> 1  # doctest: +SKIP\n1\n```\n", 9, "`doctest: +SKIP` hides", "{norun}"),
    "empty promise": ("```python\n1  # =>\n```\n", 9, "cannot judge", "a promise without words"),
    "shape that is none": ("```python\nx  # => array shape 2, 5\n```\n", 9, "cannot judge", "`array shape (2, 5)`"),
    "about without slack": ("```python\n1  # => ~0.5\n```\n", 9, "cannot judge", "`~0.5 ± 0.1`"),
    "slack that is none": ("```python\n1  # => ~0.5 ± few\n```\n", 9, "cannot judge", "write `~0.5 ± 0.05`"),
    "expression that is none": ("```python\n1  # => _ <\n```\n", 9, "cannot judge", "not an expression about `_`"),
    "promise inside a loop": (
        "```python\nfor i in range(3):\n    i  # => 3\nx = 1\n```\n", 10, "where there is no value", "not indented"),
    "promise on what is hidden": (
        "```python\n1; 2; 'é';  # => 'é'\n```\n", 9, "of a value that is not shown", "drop the `;`"),
    "promise on an import": ("```python\nimport os  # => 1\n```\n", 9, "where there is no value", "behind such"),
    "promise before code": ("```python\n# => 1\nx\n```\n", 9, "a promise before any code", "move it"),
    "comment without kind": ("<!-- fluxrepl setup -->\n", 8, "without a kind", "fluxrepl:setup"),
    "unknown comment": ("<!-- fluxrepl:chek a\n1\n-->\n", 8, "unknown comment `fluxrepl:chek`", "`check`?"),
    "unclosed comment": ("<!-- fluxrepl:setup\nx = 1\n", 8, "a hidden comment is never closed", "write -->"),
    "comment in a paragraph": ("Text <!-- fluxrepl:setup -->\n", 8, "in the middle of a line", "begin a line"),
    "comment below html": (
        EXERCISE.replace("</details>\n\n<!-- fluxrepl:check", "</details>\n<!-- fluxrepl:check"),
        39, "right below HTML", "put an empty line before it"),
    "empty setup": ("<!-- fluxrepl:setup -->\n", 8, "`fluxrepl:setup` without code", "lines below"),
    "bad setup": ("<!-- fluxrepl:setup\nx = (\n-->\n", 9, "not Python: `x = (`", "correct it"),
    "check without name": ("<!-- fluxrepl:check\nassert 1\n-->\n", 8, "needs a name", "fluxrepl:check NAME"),
    "odd word in a comment": ("<!-- fluxrepl:setup now\nx = 1\n-->\n", 8, "`now` is not understood", "fluxrepl:setup"),
    "check of nothing": ("<!-- fluxrepl:check ab\nassert 1\n-->\n", 8, "`ab` is no exercise", "{starter=ab}"),
    "solution of nothing": ("```python {solution=ab}\nx = 1\n```\n", 9, "`ab` is no exercise", "{starter=ab}"),
    "misspelt check": (
        EXERCISE.replace(":check double", ":check duoble"), 40, "`duoble` is no exercise", "did you mean `double`?"),
    "no check": (EXERCISE.replace("check double", "wrong double says=x"), 12, "`double` has no check", ":check double"),
    "no solution": (EXERCISE.replace("{solution=double}", ""), 12, "`double` has no solution", "{solution=double}"),
    "hint and nothing else": (
        "<details><summary>Hint</summary>\n\nx\n\n</details>\n", 8, "a hint without an exercise", "{starter=NAME}"),
    "wrong without says": (
        EXERCISE.replace(' says="double(3) is 6, not 9"', ""), 45, "`fluxrepl:wrong` without `says=`", "write says="),
    "wrong that is no Python": (
        EXERCISE.replace("return x * x", "return x *"), 47, "not Python: `return x *`", "correct it"),
    "starter that is no Python": (EXERCISE.replace("___", "= 1"), 14, "not Python: `return = 1`", "correct it"),
    "two starters": (
        EXERCISE + "\n```python {starter=double}\n1\n```\n", 50, "a second starter `double`", "name it otherwise"),
    "two solutions": (
        EXERCISE + "\n```python {solution=double}\n1\n```\n", 50, "a second solution `double`", "keep one"),
    "unclosed details": ("<details><summary>Hint</summary>\n\nx\n", 8, "<details> is never closed", "write </details>"),
    "details inside details": (
        "<details>\n\n<details>\n\nx\n\n</details>\n", 10, "details inside details", "close the first one"),
    "details that were not opened": ("x\n\n</details>\n", 10, "</details> without <details>", "write <details>"),
    "answer that is no choice": (
        QUIZ.replace("answer=b", "answer=c"), 21, "the answer `c` is not among the choices", "write one of a, b"),
    "quiz without choices": (
        QUIZ.replace("- [ ] a. one\n- [ ] b. two\n", ""), 19, "a quiz without choices", "`- [ ] b. some text`"),
    "one choice": (QUIZ.replace("- [ ] a. one\n", ""), 12, "a quiz with one choice", "`- [ ] b. some text`"),
    "two choices of one letter": (
        QUIZ.replace("- [ ] b.", "- [ ] a. none\n- [ ] b."), 13, "a second choice `a`", "its own letter"),
    "a wrong choice that is ticked": (
        QUIZ.replace("- [ ] a.", "- [x] a."), 12, "choice `a` is ticked", "write `- [ ] a. …`, or correct `answer=`"),
    "an answer box of another choice": (
        QUIZ.replace("**b.**", "**a.**"), 15, "the Answer box explains `a`", "begin it with **b.**, or correct"),
    "an answer box of another choice, below": (
        QUIZ.split("<details>")[0] + "<!-- fluxrepl:quiz larger answer=b -->\n\n"
        "<details><summary>Answer</summary>\n\n**a** is.\n\n</details>\n", 17, "explains `a`", "**b.**"),
    "quiz without answer": (QUIZ.replace(" answer=b", ""), 21, "`fluxrepl:quiz` without `answer=`", "write answer=b"),
    "two quizzes of one name": (QUIZ + "\n" + QUIZ, 36, "a second quiz `larger`", "name it otherwise"),
    "quiz named as an exercise": (
        EXERCISE + "\n" + QUIZ.replace("larger", "double"), 12, "`double` is an exercise and a quiz", "rename one"),
    "requires a package's name": (
        "```python {requires=scikit-learn}\n1\n```\n", 8, "names nothing to import", "behind `import`"),
    "requires with spaces": (
        "```python {requires=numpy , sklearn}\n1\n```\n", 8, "`requires=numpy , sklearn` has spaces",
        "write {requires=numpy,sklearn}"),
    "figure outside of the folder": (
        "```python {requires=matplotlib figure=../../esc.png}\n1\n```\n", 8,
        "figure=../../esc.png leads out of the lesson's folder", "write {figure=figures/esc.png}"),
    "figure at an absolute path": (
        "```python {requires=matplotlib figure=/esc.png}\n1\n```\n", 8, "leads out of", "figures/esc.png"),
    "figure of an unknown kind": (
        "```python {requires=matplotlib figure=01.md}\n1\n```\n", 8, "figure=01.md is no picture", "figures/01.png"),
    "figure that requires something else": (
        "```python {requires=sklearn figure=a.png}\n1\n```\n", 8, "`figure` without", "{requires=sklearn,matplotlib"),
    "a starter and a solution": ("```python {starter=a solution=a}\n1\n```\n", 8, "cannot be `starter` and", "keep"),
    "a starter that is not run": ("```python {starter=a norun}\n1\n```\n", 8, "`norun` has no meaning", "drop `norun`"),
    "an error that is not run": ("```python {raises=A norun}\n1\n```\n", 8, "`raises` has no meaning", "keep one"),
    "code that nothing asks about": (
        "```python {quiz=ab}\n1\n```\n", 8, "nothing asks about `ab`", "<!-- fluxrepl:quiz ab answer="),
    "code under another name": (
        ASKED.replace("{quiz=sizes}", "{quiz=size}"), 10, "nothing asks about `size`", "did you mean `sizes`?"),
    "code of a quiz twice": (
        "```python {quiz=sizes}\n1\n```\n\n" + ASKED, 14, "a second block {quiz=sizes}", "join them"),
    "code of a quiz that is no Python": (ASKED.replace("len(x)", "len(x"), 13, "not Python: `len(x`", "correct it"),
    "text below a choice": (
        QUIZ.replace("answer=b -->", "answer=b\nx\n-->"), 21, "`fluxrepl:quiz` with text below", "first line"),
    "tolerance that is none": (
        '<!-- fluxrepl:quiz a answer="1 ± few" -->\n', 8, "`few` says not how near", 'answer="1 ± 0.1"'),
    "statements below a number": (
        '<!-- fluxrepl:quiz a answer=1\nx = 1\n-->\n', 9, "more below than an expression", "write one expression"),
    "text behind a comment": (
        "<!-- fluxrepl:setup\nx = 1\n--> lost words\n", 10, "`lost words` stands right behind", "begin a new line"),
}  # fmt: skip


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_lesson_says_where_what_and_what_to_write(write, name):
    body, line, what, todo = MALFORMED[name]
    path = write("01.md", body)
    with pytest.raises(LessonError) as raised:
        read(path)
    said = [problem for problem in raised.value.problems if problem.line == line and what in problem.what]
    assert said, str(raised.value)
    assert todo in said[0].words
    assert str(said[0]).startswith(f"{path}:{line}: ")


REMARKS = {
    "no hint": (EXERCISE.replace("<summary>Hint", "<summary>Why"), 12, "`double` has no hint", "<summary>Hint"),
    "empty hint": (EXERCISE.replace("Twice as much.", ""), 17, "an empty hint", "write a nudge"),
    "hint for nothing": (
        "x\n\n<details><summary>Hint</summary>\n\nx\n\n</details>\n", 10, "a hint without an exercise", "{starter="),
}  # fmt: skip


@pytest.mark.parametrize("name", REMARKS)
def test_what_keeps_nothing_from_running_is_told_beside_what_ran(write, name):
    body, line, what, todo = REMARKS[name]
    path = write("01.md", "```pycon\n>>> 1\n2\n\n```\n\n" + body)
    said = [problem for problem in read(path).remarks if problem.line == line + 6 and what in problem.what]
    assert said, read(path).remarks
    assert todo in said[0].words
    report = check([path])
    assert [(finding.line, finding.kind) for finding in report.findings if finding.line == 9] == [(9, "output")]
    assert said[0].words in [finding.what for finding in report.findings]
    assert report.lessons[0].examples == 1


@pytest.mark.parametrize("name", REMARKS)
def test_what_keeps_nothing_from_running_is_told_again_by_the_next_check(write, name, tmp_path, monkeypatch):
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))
    path = write("01.md", REMARKS[name][0])
    first, second = (check([path], cache=True) for _ in range(2))
    assert first.findings == second.findings != []


def test_what_keeps_nothing_from_running_is_told_with_what_does(write):
    path = write("01.md", REMARKS["no hint"][0] + "\n```python {norum}\n1\n```\n")
    with pytest.raises(LessonError) as raised:
        read(path)
    assert len(raised.value.problems) == 2


LINES = [*"".join([EXERCISE, QUIZ, ASKED]).split("\n"), *"".join(row[0] for row in MALFORMED.values()).split("\n")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*LINES, "", "", "-->", "```", "~~~"]), max_size=40))
def test_whatever_lines_a_lesson_has_it_is_read_or_told_what_to_write(write, lines):
    path = write("01.md", "\n".join(lines))
    length = path.read_text().count("\n") + 1
    found: tuple[Problem, ...] = ()
    try:
        steps = read(path).steps
    except LessonError as error:
        found, steps = error.problems, ()
    assert bool(found) != bool(steps)
    assert [problem for problem in found if not 0 <= problem.line <= length] == []
    assert [problem for problem in found if not problem.what or not (problem.why or problem.write)] == []


HEADS = {
    "no front matter": ("# A lesson\n", 1, "no front matter", "start the file with ---"),
    "front matter that is not closed": ("---\ntitle: x\nid: x\n\n# A lesson\n", 1, "no front matter", "closing ---"),
    "no id": ("---\ntitle: x\n---\ntext\n", 1, "the front matter has no id", "write `id: simple-models`"),
    "no title": ("---\nid: x\n---\ntext\n", 1, "the front matter has no title", "a learner chooses by it"),
    "empty id": ("---\ntitle: x\nid:\n---\ntext\n", 3, "the front matter has no id", "write `id:"),
    "open bracket": ("---\ntitle: [x\nid: x\n---\ntext\n", 2, "the front matter is not YAML", "`key: value`"),
    "open bracket at the end": ("---\nid: x\ntitle: [\n---\n", 3, "the front matter is not YAML", "`key: value`"),
    "open quote": ("---\ntitle: 'x\nid: x\n---\ntext\n", 2, "the front matter is not YAML", "`key: value`"),
    "bad YAML": ("---\ntitle: x\n- y\n---\ntext\n", 3, "the front matter is not YAML", "`key: value`"),
    "bytes that are no YAML": ("---\ntitle: \x07\n---\ntext\n", 2, "the front matter is not YAML", "`key: value`"),
    "a list": ("---\n- x\n---\ntext\n", 2, "the front matter has no keys", "a title and an id"),
    "nothing between": ("---\n---\ntext\n", 2, "the front matter has no keys", "a title and an id"),
    "unknown key": ("---\ntitle: x\nid: x\nrequire: [a]\n---\ntext\n", 4, "unknown key `require`", "`requires`?"),
    "id with a space": ("---\ntitle: x\nid: a b\n---\ntext\n", 3, "id 'a b' is not a plain name", "small letters"),
    "id that is a number": ("---\ntitle: x\nid: 7\n---\ntext\n", 3, "id is not text: 7", "write `id:"),
    "requires a word": ("---\ntitle: x\nid: x\nrequires: a\n---\ntext\n", 4, "requires is not a list", "[taking-"),
    "minutes in words": (
        "---\ntitle: x\nid: x\nminutes: ten\n---\ntext\n",
        4,
        "minutes is not a positive",
        "`minutes:",
    ),
    "requires no id": (
        "---\ntitle: x\nid: x\nrequires: [A b]\n---\ntext\n",
        4,
        "requires names 'A b', which is no id",
        "[taking-",
    ),
    "requires one twice": (
        "---\ntitle: x\nid: x\nrequires: [a, a]\n---\ntext\n",
        4,
        "requires names 'a' twice",
        "`requires: ",
    ),
    "requires nothing in words": (
        "---\ntitle: x\nid: x\nrequires: ''\n---\ntext\n",
        4,
        "requires is not a list",
        "[taking-",
    ),
    "an empty objective": (
        "---\ntitle: x\nid: x\nobjectives: [a, '']\n---\ntext\n",
        4,
        "objectives is not a list",
        "`objectives: ",
    ),
    "minutes below zero": ("---\ntitle: x\nid: x\nminutes: -1\n---\ntext\n", 4, "minutes is not a positive", "15"),
    "nothing but a head": ("---\ntitle: x\nid: x\n---\n", 1, "a lesson with nothing in it", "write some text"),
}


@pytest.mark.parametrize("name", HEADS)
def test_a_malformed_head_says_where_what_and_what_to_write(write, name):
    text, line, what, todo = HEADS[name]
    path = write("01.md", text, head="")
    with pytest.raises(LessonError) as raised:
        read(path)
    assert raised.value.line == line
    assert what in raised.value.what
    assert todo in raised.value.problems[0].words


@pytest.mark.parametrize("options", ["requires=a, b", "rtol=1 requires=a,b ,c timeout=2"])
def test_spaces_in_what_a_block_requires_are_told_once(write, options):
    with pytest.raises(LessonError) as raised:
        read(write("01.md", f"```python {{{options}}}\n1\n```\n"))
    assert len(raised.value.problems) == 1


def test_a_lesson_of_only_a_box_is_not_told_that_there_is_none(write):
    with pytest.raises(LessonError) as raised:
        read(write("01.md", MALFORMED["hint and nothing else"][0], head=HEADS["nothing but a head"][0]))
    assert [problem.why for problem in raised.value.problems] == ["hints and answers are not shown by themselves", ""]


def test_a_key_that_stands_twice_is_told_with_both_lines(write):
    path = write("01.md", "---\ntitle: T\nid: x\n'title': Z\n---\ntext\n", head="")
    with pytest.raises(LessonError) as raised:
        read(path)
    (problem,) = raised.value.problems
    words = "a second `title` in the front matter; the first is at line 2; keep one"
    assert (problem.line, problem.words) == (4, words)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "01.md:1: the file is empty"),
        (b"\n  \n", "01.md:1: the file is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "01.md:3: not a text file"),
        ("---\ntitle: café\n".encode("latin-1"), "01.md:2: the file is not UTF-8; byte 0xe9"),
    ],
)
def test_a_file_that_is_no_text_is_refused(tmp_path, data, said):
    path = tmp_path / "01.md"
    path.write_bytes(data)
    with pytest.raises(LessonError) as raised:
        read(path)
    assert said in str(raised.value)


def test_a_folder_and_a_missing_file_are_refused(tmp_path):
    with pytest.raises(LessonError, match="a folder, not a lesson"):
        read(tmp_path)
    with pytest.raises(LessonError, match="no such file"):
        read(tmp_path / "none.md")


def test_all_problems_are_told_at_once_in_the_order_of_the_file(write):
    with pytest.raises(LessonError) as raised:
        read(write("01.md", "```py\n1\n```\n\n```python {norum}\n1\n```\n\n<!-- fluxrepl:chek -->\n"))
    assert [problem.line for problem in raised.value.problems] == [8, 12, 16]
    assert raised.value.line == 8

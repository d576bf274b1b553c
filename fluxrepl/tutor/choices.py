"""What can be wrong with the choices of a quiz: each is told at its own line, beside the answer."""

import re
from collections.abc import Sequence

from .markdown import Choice
from .problem import Problems

BEGINS = re.compile(r"\*\*(?P<letter>\w+)[.)]?\*\*")  # how an Answer box names the choice it explains


def check_choices(choices: Sequence[Choice], answer: str, problems: Problems) -> None:
    """Choices must be two or more, each with its own letter, and none ticked but the answer."""
    letters = [choice.letter for choice in choices]
    if len(choices) == 1:
        why = "there is nothing to choose"
        problems.add(choices[0].line, "a quiz with one choice", why, "write another below it: `- [ ] b. some text`")
    for number, choice in enumerate(choices):
        if choice.letter in letters[:number]:
            why = f"the first is at line {choices[letters.index(choice.letter)].line}"
            problems.add(choice.line, f"a second choice `{choice.letter}`", why, "give each choice its own letter")
        elif choice.ticked and choice.letter != answer:
            why = f"the answer is `{answer}`"
            write = f"write `- [ ] {choice.letter}. …`, or correct `answer=`"
            problems.add(choice.line, f"choice `{choice.letter}` is ticked", why, write)


def check_explanation(text: str, line: int, answer: str, letters: Sequence[str], problems: Problems) -> None:
    """An Answer box at `line` that begins with a letter in bold begins with that of the answer."""
    named = BEGINS.match(text.strip())
    if named and named["letter"] in letters and named["letter"] != answer:
        what = f"the Answer box explains `{named['letter']}`"
        problems.add(line, what, f"the answer is `{answer}`", f"begin it with **{answer}.**, or correct `answer=`")

"""What of a lesson becomes an item, and how it is called: `53[loss(W, b)]`, so that `lesson.md::53` selects it.

pytest takes what stands in brackets for a variant of the test before them: the line alone is name enough.
"""

from dataclasses import dataclass

from fluxrepl.tutor.lesson import Exercise, Lesson
from fluxrepl.tutor.names import in_a_line
from fluxrepl.tutor.plan import Unit, units
from fluxrepl.tutor.wording import shortened

LONGEST = 50  # characters of code in a name


@dataclass(frozen=True)
class Piece:
    """What passes or fails on its own. `lines` are those at which the checker reports about it alone.

    `units` are the numbers of what is run for it, and `unit_lines` their lines; the answers to an exercise share them.
    """

    name: str
    line: int
    units: range
    lines: frozenset[int]
    unit_lines: frozenset[int]


def pieces(lesson: Lesson) -> list[Piece]:
    """Everything in a lesson that passes or fails on its own, in order of the lines."""
    found: list[Piece] = []
    number = 0
    made = units(lesson)
    for block in lesson.blocks:
        numbers = range(number, number + (1 if block.kind == "exercise" else len(block.examples)))
        if block.kind == "exercise":
            assert block.exercise
            found += _answers(block.exercise, numbers)
        elif block.kind == "setup":
            lines = [_lines(made[at]) for at in numbers]
            starts = frozenset(made[at].line for at in numbers)
            found.append(Piece(f"{block.line}[setup]", block.line, numbers, frozenset().union(*lines), starts))
        else:
            found += [_example(made[at], at) for at in numbers]
        number = numbers.stop
    return sorted(found, key=lambda piece: piece.line)


def _example(unit: Unit, number: int) -> Piece:
    assert unit.example
    name = _name(unit.line, in_a_line(unit.example.source, last=bool(unit.example.promises)))
    return Piece(name, unit.line, range(number, number + 1), _lines(unit), frozenset([unit.line]))


def _lines(unit: Unit) -> frozenset[int]:
    promises = unit.example.promises if unit.example else ()
    return frozenset([unit.line, *(made.line for made in promises)])


def _answers(exercise: Exercise, numbers: range) -> list[Piece]:
    named = [("starter", exercise.line), ("solution", exercise.solution_line)]
    named += [(f"wrong: {wrong.says}", wrong.line) for wrong in exercise.wrongs]
    shared = frozenset([exercise.line])
    return [
        Piece(_name(line, f"{exercise.name} {what}"), line, numbers, frozenset([line]), shared) for what, line in named
    ]


def _name(line: int, words: str) -> str:
    """A name in one line, in which pytest finds none of its own signs."""
    printed = "".join(sign if sign.isprintable() else " " for sign in words).replace("::", ": :")
    return f"{line}[{shortened(printed, LONGEST)}]"

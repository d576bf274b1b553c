"""Names that groups take from each other: the checker keeps the groups of a lesson apart, a player cannot.

In the player and in a notebook there is one namespace. So a lesson with groups may pass its check and fail its
learners: where a block uses a name that another group was the last to give a value. Those are found here, by reading.
"""

import ast
import symtable
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from .lesson import Block
from .names import bound


class Clash(NamedTuple):
    """At this line a name is used of which another group (`""`: the lesson's own names) had the last word."""

    line: int
    name: str
    group: str

    @property
    def words(self) -> tuple[str, str, str]:
        """What, why, and what to write."""
        other = f"group `{self.group}`" if self.group else "a block without a group"
        why = f"groups share one namespace there, and {other} gave it a value last"
        return f"`{self.name}` is another in the player and in notebooks", why, "give one of the two another name"


class Meaning(NamedTuple):
    """What gave a name its value: the group, the statement, and the names that it used."""

    group: str
    statement: str
    uses: frozenset[str]

    @property
    def is_definition(self) -> bool:
        """Whether it is a function or a class, which uses its names only when it is called."""
        return self.statement.startswith(("def ", "async def ", "class ", "@"))

    def is_like(self, other: "Meaning") -> bool:
        """Whether both came of the same import, definition or plain value."""
        return self.statement == other.statement and (self.is_definition or not self.uses)


def clashes(blocks: Iterable[Block]) -> Iterator[Clash]:
    """The first use of each name that means another thing to a learner than to the checker.

    A name that only the other group has is no clash: the checker finds it missing.
    """
    blocks = list(blocks)
    if len({block.options.group for block in blocks}) < 2:
        return
    shared: dict[str, Meaning] = {}  # as a learner has them
    apart: dict[str, dict[str, Meaning]] = {}  # as the checker has them, by group
    told: set[str] = set()
    for block in blocks:
        group = block.options.group
        own = apart.setdefault(group, {})
        for line, statement in _statements(block):
            source = ast.unparse(statement)
            uses, gives = _uses(source), bound(source)
            first = uses if isinstance(statement, ast.Assign | ast.AugAssign) else uses - gives
            for name in sorted(_all_uses(first, own) - told):
                last = shared.get(name)
                if name in own and last and last.group != group and not last.is_like(own[name]):
                    told.add(name)
                    yield Clash(line, name, last.group)
            own |= dict.fromkeys(gives, Meaning(group, source, uses))
            shared |= dict.fromkeys(gives, Meaning(group, source, uses))


def _statements(block: Block) -> Iterator[tuple[int, ast.stmt]]:
    """What a block runs, each with the line of its example; of an exercise, its solution."""
    sources = [(example.line, example.source) for example in block.examples]
    if block.exercise:
        sources = [(block.exercise.line, block.exercise.solution)]
    for line, source in sources:
        try:
            yield from ((line, statement) for statement in ast.parse(source).body)
        except (SyntaxError, ValueError, MemoryError, RecursionError):
            continue  # magics; what is malformed is told elsewhere


def _uses(source: str) -> frozenset[str]:
    """The names that a statement takes from around it, in its functions too."""
    try:
        tables = [symtable.symtable(source, "", "exec")]
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return frozenset()
    top, found = tables[0], set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        symbols = [each for each in table.get_symbols() if each.is_referenced() and (table is top or each.is_global())]
        found |= {each.get_name() for each in symbols}
    return frozenset(found)


def _all_uses(names: Iterable[str], own: dict[str, Meaning]) -> set[str]:
    """These names, and those that the functions and classes among them use when they are called."""
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            meaning = own.get(name)
            left += meaning.uses if meaning and meaning.is_definition else ()
    return found

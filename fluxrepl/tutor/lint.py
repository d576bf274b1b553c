"""What can be wrong between lessons: two with one id, a needed lesson that does not exist, a circle, a dead link.

It needs no more of a lesson than a `Card` says; so lessons that did not change are linted without being read again.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from .lesson import Lesson
from .problem import Problem, Problems, nearest


@dataclass(frozen=True)
class Card:
    """What other lessons, and files, have to do with a lesson. Links are `(target, line)`."""

    path: Path
    id: str
    id_line: int = 1
    requires: tuple[str, ...] = ()
    requires_line: int = 1
    links: tuple[tuple[str, int], ...] = ()


def card(lesson: Lesson) -> Card:
    """The card of a lesson."""
    links = tuple(_links_in(lesson)) if "](" in lesson.text else ()
    return replace(_head_card(lesson.path, lesson.text), links=links)


def lint(cards: Sequence[Card], neighbours: Callable[[], Sequence[Card]]) -> list[Problem]:
    """What is wrong between lessons. `neighbours` gives those that are there, but not checked; it may be slow."""
    known = {card.id for card in cards}
    needed = {name for card in cards for name in card.requires}
    others = [] if needed <= known else list(neighbours())
    return [*_duplicates(cards), *_requires(cards, others), *_circles(cards, others)]


def dead_links(cards: Sequence[Card]) -> list[Problem]:
    """The links to files that do not exist."""
    return [problem for card in cards for problem in _dead_links(card)]


def identity(path: Path) -> str:
    """The id of a lesson, from its front matter alone; nothing where it cannot be read."""
    return _head_of_file(path).id


def identities(paths: list[Path]) -> dict[str, Path]:
    """The ids of lessons, from their front matter alone."""
    return {name: path for path in paths if (name := identity(path))}


def head_cards(paths: list[Path]) -> list[Card]:
    """The cards of lessons as far as their front matter tells: no links."""
    return [made for path in paths if (made := _head_of_file(path)).id]


def _head_of_file(path: Path) -> Card:
    try:
        return _head_card(path, path.read_text("utf-8-sig") if path.is_file() else "")
    except (OSError, UnicodeDecodeError):
        return Card(path, "")


def _head_card(path: Path, text: str) -> Card:
    from .frontmatter import head_of, parse_front_matter

    front = parse_front_matter(head_of(text)[0], Problems(path))
    return Card(path, front.id, front.lines.get("id", 1), front.requires, front.lines.get("requires", 1))


def _duplicates(cards: Sequence[Card]) -> Iterator[Problem]:
    first: dict[str, Card] = {}
    for card in cards:
        other = first.setdefault(card.id, card)
        if other is not card:
            what = f"id `{card.id}` is taken"
            yield Problem(card.path, card.id_line, what, f"{other.path} has it", "choose another id")


def _requires(cards: Sequence[Card], others: Sequence[Card]) -> Iterator[Problem]:
    known = sorted({card.id for card in [*cards, *others]})
    for card in cards:
        for needed in card.requires:
            if needed not in known:
                what = f"it requires `{needed}`, which is no lesson here"
                yield Problem(card.path, card.requires_line, what, "", nearest(needed, known))


def _circles(cards: Sequence[Card], others: Sequence[Card]) -> Iterator[Problem]:
    requires = {card.id: card.requires for card in [*others, *cards]}
    for card in cards:
        seen: list[str] = []
        waiting = list(card.requires)
        while waiting:
            needed = waiting.pop()
            if needed == card.id:
                what = f"`{card.id}` requires itself" + (f" by way of `{seen[-1]}`" if seen else "")
                yield Problem(card.path, card.requires_line, what, "nobody could begin", "drop one of them")
                break
            if needed not in seen:
                seen.append(needed)
                waiting += requires.get(needed, ())


def _dead_links(card: Card) -> Iterator[Problem]:
    from urllib.parse import unquote

    for link, line in card.links:
        if "://" in link or link.startswith(("#", "mailto:")):
            continue
        if not (card.path.parent / unquote(link.partition("#")[0])).exists():
            what = f"the link `{link}` leads nowhere"
            yield Problem(card.path, line, what, "there is no such file", "correct or remove it")


def _links_in(lesson: Lesson) -> Iterator[tuple[str, int]]:
    from .markdown import LinkPart, parse, walk

    for part in walk(parse(lesson.text, Problems(lesson.path))):
        if isinstance(part, LinkPart):
            yield part.target, part.start + 1

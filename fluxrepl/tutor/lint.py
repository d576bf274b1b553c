"""What can be wrong between lessons: two with one id, a needed lesson that does not exist, a circle, a dead link."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from .frontmatter import parse_front_matter
from .lesson import Lesson
from .markdown import DetailsPart, LinkPart, Part, parse
from .problem import Problem, Problems, nearest


def lint(lessons: list[Lesson], neighbours: dict[str, Path]) -> list[Problem]:
    """What is wrong with lessons that can each be read. `neighbours` are ids of lessons beside them, not checked."""
    return [*_duplicates(lessons), *_requires(lessons, neighbours), *_circles(lessons), *_links(lessons)]


def identities(paths: list[Path]) -> dict[str, Path]:
    """The ids of lessons, from their front matter alone."""
    found = {}
    for path in paths:
        try:
            text = path.read_text("utf-8-sig")
        except (OSError, UnicodeDecodeError):
            continue
        head = text.split("---\n")[1] if text.startswith("---\n") and text.count("---\n") > 1 else ""
        if identity := parse_front_matter(head, Problems(path)).id:
            found[identity] = path
    return found


def _duplicates(lessons: list[Lesson]) -> Iterator[Problem]:
    first: dict[str, Lesson] = {}
    for lesson in lessons:
        other = first.setdefault(lesson.id, lesson)
        if other is not lesson:
            what = f"id `{lesson.id}` is taken"
            yield Problem(lesson.path, line_of(lesson, "id"), what, f"{other.path} has it", "choose another id")


def _requires(lessons: list[Lesson], neighbours: dict[str, Path]) -> Iterator[Problem]:
    known = sorted({lesson.id for lesson in lessons} | set(neighbours))
    for lesson in lessons:
        for needed in lesson.requires:
            if needed not in known:
                what = f"it requires `{needed}`, which is no lesson here"
                yield Problem(lesson.path, line_of(lesson, "requires"), what, "", nearest(needed, known))


def _circles(lessons: list[Lesson]) -> Iterator[Problem]:
    requires = {lesson.id: lesson.requires for lesson in lessons}
    for lesson in lessons:
        seen: list[str] = []
        waiting = list(lesson.requires)
        while waiting:
            needed = waiting.pop()
            if needed == lesson.id:
                what = f"`{lesson.id}` requires itself" + (f" by way of `{seen[-1]}`" if seen else "")
                yield Problem(lesson.path, line_of(lesson, "requires"), what, "nobody could begin", "drop one of them")
                break
            if needed not in seen:
                seen.append(needed)
                waiting += requires.get(needed, ())


def _links(lessons: list[Lesson]) -> Iterator[Problem]:
    for lesson in lessons:
        if "](" not in lesson.text:
            continue
        for link in _all_links(parse(lesson.text, Problems(lesson.path))):
            if "://" in link.target or link.target.startswith(("#", "mailto:")):
                continue
            target = unquote(link.target.partition("#")[0])
            if not (lesson.path.parent / target).exists():
                what = f"the link `{link.target}` leads nowhere"
                yield Problem(lesson.path, link.start + 1, what, "there is no such file", "correct or remove it")


def _all_links(parts: list[Part]) -> Iterator[LinkPart]:
    for part in parts:
        if isinstance(part, LinkPart):
            yield part
        elif isinstance(part, DetailsPart):
            yield from _all_links(part.parts)


def line_of(lesson: Lesson, key: str) -> int:
    """The line of a key in the front matter."""
    for number, line in enumerate(lesson.text.split("\n"), 1):
        if line.startswith(f"{key}:"):
            return number
    return 1

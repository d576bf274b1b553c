"""The course: is it there, can it be read?"""

from collections.abc import Iterator

from .finding import Finding


def examine() -> Iterator[Finding]:
    from fluxrepl.tutor.course import find_course, lessons

    folder = find_course()
    entries = lessons() if folder.is_dir() else []
    if not entries:
        advice = "Install fluxrepl again: the lessons come with it."
        yield Finding("Lessons", "course", f"no lessons in {folder}", "bad", advice)
        return
    broken = [entry for entry in entries if entry.lesson is None]
    for entry in broken:
        yield Finding(
            "Lessons", entry.path.name, f"cannot be read: {entry.error}", "bad", f"fluxrepl check {entry.path}"
        )
    yield Finding("Lessons", "course", f"{len(entries) - len(broken)} lessons in {folder}")

"""The course as a list, with what the learner has done."""

from typing import Any


def list_of_lessons(progress: Any, word: str) -> str:
    """The course, a line a lesson, with a tick for each one finished; with a word, only those that have it."""
    from fluxrepl.tutor import course

    progress.refresh()
    entries = course.lessons()
    width = max((len(entry.lesson.title) for entry in entries if entry.lesson), default=0)
    lines = []
    for entry in entries:
        if entry.lesson is None:
            line = f"  {entry.number:>2}  {entry.path.name} cannot be read: {entry.error}"
        else:
            done, total = progress.count(entry.lesson), len(entry.lesson.steps)
            begun = f"{done:>3} of {total} steps" if done else ""
            tick = "✓" if done == total else " "
            line = f"{tick} {entry.number:>2}  {entry.lesson.title:<{width}}  {begun}".rstrip()
        if word.lower() in line.lower():
            lines.append(line)
    if not lines:
        return f"No lesson has {word!r} in its title." if word else f"No lessons in {course.find_course()}."
    return "\n".join([*lines, "", "`:learn 01` opens one."])

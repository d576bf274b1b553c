"""All examinations, in order. What takes time or may crash (NumPy, CuPy) runs in processes of its own meanwhile."""

from collections.abc import Callable, Iterator

from .finding import Finding

Examination = Callable[[], Iterator[Finding]]


def examine() -> list[Finding]:
    """Every finding, in the order of the parts. Never raises."""
    from . import folders, jupyter, lessons, packages, processor, python, terminal

    probes = processor.start()
    parts: list[tuple[str, Examination]] = [
        ("Python", python.examine),
        ("Packages", packages.examine),
        ("NumPy", lambda: processor.numpy(probes)),
        ("GPU", lambda: processor.gpu(probes)),
        ("Jupyter", jupyter.examine),
        ("Folders", folders.examine),
        ("Lessons", lessons.examine),
        ("Terminal", terminal.examine),
    ]
    return [finding for part, examination in parts for finding in _guarded(part, examination)]


def _guarded(part: str, examination: Examination) -> Iterator[Finding]:
    try:
        yield from examination()
    except Exception as error:  # the environment is broken in a way that nobody has met yet
        what = f"{type(error).__name__}: {error}"
        yield Finding(part, "examination", f"failed: {what}", "bad", "What is said there is what to look at first.")

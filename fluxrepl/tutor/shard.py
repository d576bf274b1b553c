"""A part of a check, done on another machine: lessons come as text on stdin, what they reported goes out as text.

`python -m fluxrepl.tutor.shard` is a fresh process, from which the lessons are run as everywhere, each in a process of
its own. It says nothing about right and wrong: what is promised is compared where the check was started.
"""

import json
import os
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from . import fork
from .lesson import Lesson, read
from .settings import Settings
from .task import Run, Task

BESIDE = 16 << 20  # bytes of files that travel with a lesson


def pack(tasks: list[Task], settings: Settings) -> str:
    """Tasks as text, with the files that their lessons name."""
    packed = [{"name": t.lesson.path.name, "text": t.lesson.text, "seed": t.seed, "round": t.round,
               "beside": _beside(t.lesson)} for t in tasks]  # fmt: skip
    there = {"dask": "", "jobs": 1, "cache": False}  # what a lesson read there tells nothing about this machine
    return json.dumps({"settings": asdict(settings) | there, "tasks": packed})


def _beside(lesson: Lesson) -> dict[str, str]:
    """The files that a lesson links to or draws, by their path from it; none from outside its folder."""
    home = lesson.path.parent.resolve()
    found: dict[str, str] = {}
    for name in _named(lesson):
        path = (home / name).resolve()
        if path.is_relative_to(home) and path.is_file() and path.stat().st_size < BESIDE:
            found[name] = path.read_bytes().hex()
    return found


def _named(lesson: Lesson) -> set[str]:
    import re
    from urllib.parse import unquote

    links = {unquote(target.partition("#")[0]) for target in re.findall(r"\]\(<?([^)\s>]+)", lesson.text)}
    figures = {block.options.figure for block in lesson.blocks}
    return {name for name in links | figures if name and "://" not in name and not name.startswith(("/", "#"))}


def unpack(text: str, runs: list[Task]) -> list[Run]:
    """What a shard sent back, as runs of the tasks that it was given."""
    made = []
    for task, told in zip(runs, json.loads(text)["runs"], strict=True):
        run = Run(task.lesson, told["reports"], str(told["ended"]), float(told["seconds"]), task.seed, task.round)
        made.append(run)
    return made


def do(asked: dict[str, Any]) -> dict[str, Any]:
    """Run the tasks of a shard, or judge its submissions."""
    from .untrusted import Refused

    settings = _settings(asked["settings"])
    try:
        if "submissions" in asked:
            from .untrusted.parts import judge_part

            return judge_part(asked, settings)
        return _run(asked, settings)
    except Refused as error:
        return {"refused": str(error)}


def _run(asked: dict[str, Any], settings: Settings) -> dict[str, Any]:
    from .isolate import run_apart

    with TemporaryDirectory(prefix="fluxrepl-shard-") as folder:
        tasks = [_task(told, Path(folder) / str(number)) for number, told in enumerate(asked["tasks"])]
        numbers = {f"{task.lesson.path.parent.name}/{task.round}": at for at, task in enumerate(tasks)}
        told: list[Any] = [None] * len(tasks)
        for run in run_apart(tasks, settings):
            at = numbers[f"{run.lesson.path.parent.name}/{run.round}"]
            told[at] = {"reports": run.reports, "ended": run.ended, "seconds": run.seconds}
    return {"runs": told}


def _settings(data: dict[str, Any]) -> Settings:
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in data.items()}
    return Settings(**values)


def _task(told: dict[str, Any], folder: Path) -> Task:
    folder.mkdir()
    for name, data in told["beside"].items():
        path = (folder / name).resolve()
        if path.is_relative_to(folder.resolve()):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes.fromhex(data))
    path = folder / Path(told["name"]).name
    path.write_text(told["text"], encoding="utf-8")
    return Task(read(path), told["seed"], told["round"])


def main() -> int:
    """Read a shard, do it, write what came; it ends with whoever started it."""
    if sys.platform == "linux":
        fork.die_with_parent()
    results = os.dup(1)
    os.dup2(2, 1)  # whatever is printed by mistake is no result
    told = do(json.load(sys.stdin))
    with os.fdopen(results, "w") as out:
        json.dump(told, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())

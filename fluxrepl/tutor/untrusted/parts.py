"""Submissions on a cluster: parts of them travel as text to sandboxes on other machines, verdicts come back as text."""

import json
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ..cluster import Work, connect
from ..lesson import Lesson, read
from ..settings import Settings
from .handed_in import Submission
from .sandbox import Sandbox
from .submissions import UNJUDGED, Judged, Verdict, calibrate, judge_all


def judge_on_cluster(lesson: Lesson, submissions: list[Submission], settings: Settings) -> list[Judged]:
    """As `judge_all`, on the cluster at `settings.dask`."""
    wanted = [Judged(submission) for submission in submissions]
    common: dict[str, Any] = {"settings": {**asdict(settings), "dask": ""}, "lesson": lesson.text}

    def pack(part: list[Judged]) -> str:
        handed_in = [{"learner": str(n), "answers": one.submission.answers, "lacks": one.submission.lacks,
                      "problem": one.submission.problem} for n, one in enumerate(part)]  # fmt: skip
        return json.dumps({**common, "submissions": handed_in})

    def unpack(text: str, part: list[Judged]) -> list[Judged]:
        for judged, told in zip(part, json.loads(text)["judged"], strict=True):
            judged.verdicts = {name: Verdict(**verdict) for name, verdict in told["verdicts"].items()}
            judged.seconds = told["seconds"]
        return part

    def lost(judged: Judged, why: str) -> Judged:
        words = f"could not be judged on the cluster ({why})"
        judged.verdicts = {made.name: Verdict(UNJUDGED, words) for made in lesson.exercises}
        return judged

    client = connect(settings.dask)
    try:
        first = Work(client, lambda part: json.dumps({**common, "submissions": []}), _guarded, lambda _, why: [])
        common["guarded"] = next(first.run([None]))
        list(Work(client, pack, unpack, lost).run(wanted))
    finally:
        client.close(timeout=2)
    return wanted


def _guarded(text: str, part: list[None]) -> list[list[str]]:
    return [json.loads(text)["guarded"]]


def judge_part(asked: dict[str, Any], settings: Settings) -> dict[str, Any]:
    """On a worker: judge a part; without `guarded`, find out which exercises can be judged from another process."""
    with TemporaryDirectory(prefix="fluxrepl-shard-") as folder:
        path = Path(folder) / "lesson.md"
        path.write_text(asked["lesson"], encoding="utf-8")
        lesson = read(path)
    if "guarded" not in asked:
        with Sandbox() as sandbox:
            return {"guarded": sorted(calibrate(lesson, settings, sandbox))}
    handed_in = [Submission(Path(told["learner"]), **told) for told in asked["submissions"]]
    judged = judge_all(lesson, handed_in, settings, frozenset(asked["guarded"]))
    return {
        "judged": [
            {"verdicts": {name: asdict(verdict) for name, verdict in one.verdicts.items()}, "seconds": one.seconds}
            for one in judged
        ]
    }

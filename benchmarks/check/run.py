"""Time the checker beside its peers on generated lessons, in one run.

    python -m benchmarks.check.run                    100 lessons, every tool that is installed
    python -m benchmarks.check.run --lessons 1000
    python -m benchmarks.check.run --json results.json --gate

A tool is timed only if it has passed the clean lessons and failed the same lessons with one wrong digit. Rounds are
interleaved: every tool once, then again. CPU is that of all its processes, user and system. The table shows medians,
and each CPU time over that of stdlib doctest in the same round. `--gate` fails where fluxrepl is above its "must" ratio
by more than a quarter: what CI can hold on a noisy machine.
"""

import argparse
import json
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from .lessons import plant_error, write_lessons
from .peers import MUST, PEERS, Peer

SLACK = 1.25


def main(argv: list[str] | None = None) -> int:
    """Run it all; the exit status."""
    asked = _parser().parse_args(argv)
    with tempfile.TemporaryDirectory() as place:
        clean, planted = Path(place) / "clean", Path(place) / "planted"
        write_lessons(clean, asked.lessons)
        shutil.copytree(clean, planted)
        plant_error(planted)
        peers = [peer for peer in PEERS if _takes_part(peer, clean, planted, asked)]
        rounds = [{peer.name: _time(peer, clean) for peer in peers} for _ in range(asked.rounds)]
    results = {
        peer.name: _summary([one[peer.name] for one in rounds], [one[PEERS[0].name] for one in rounds])
        for peer in peers
    }
    print(_table(results, asked.lessons))
    if asked.json:
        about = {"python": platform.python_version(), "machine": platform.processor(), "lessons": asked.lessons}
        Path(asked.json).write_text(json.dumps({**about, "rounds": rounds, "results": results}, indent=1), "utf-8")
    held = MUST if asked.lessons == 100 else {}  # what is wanted of 100 lessons; with more, starting up counts less
    late = [name for name, most in held.items() if name in results and results[name]["ratio"] > most * SLACK]
    for name in late:
        print(f"{name}: {results[name]['ratio']:.2f} times stdlib doctest, and {MUST[name]} is wanted", file=sys.stderr)
    return 1 if asked.gate and late else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.check.run", description=__doc__.split("\n")[0])
    parser.add_argument("--lessons", type=int, default=100, metavar="N", help="how many lessons (default 100)")
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is timed (default 5)")
    parser.add_argument("--only", metavar="TEXT", help="stdlib doctest, and tools with TEXT in their name")
    parser.add_argument("--json", metavar="FILE", help="write all figures there")
    parser.add_argument("--gate", action="store_true", help="fail where fluxrepl is too slow")
    return parser


def _takes_part(peer: Peer, clean: Path, planted: Path, asked: argparse.Namespace) -> bool:
    """Whether a tool is asked for, is installed, and can tell good lessons from bad ones."""
    if asked.only and asked.only not in peer.name and peer is not PEERS[0]:
        return False
    if missing := peer.missing():
        return _left_out(peer, f"{' and '.join(missing)} not installed")
    if peer.most and asked.lessons > peer.most:
        return _left_out(peer, f"only timed with up to {peer.most} lessons")
    if status := _run(peer, clean)[0]:
        return _left_out(peer, f"it fails clean lessons (exit status {status})")
    if _run(peer, planted)[0] == 0:
        return _left_out(peer, "it passes a wrong digit")
    return True


def _left_out(peer: Peer, why: str) -> bool:
    print(f"{peer.name} is left out: {why}", file=sys.stderr)
    return False


def _time(peer: Peer, folder: Path) -> tuple[float, float]:
    """Wall and CPU seconds of one run. A tool with a cache has filled it when it passed the clean lessons."""
    _, wall, cpu = _run(peer, folder)
    return wall, cpu


def _run(peer: Peer, folder: Path) -> tuple[int, float, float]:
    """Exit status, wall and CPU seconds, its children's included."""
    import resource

    command, environment = peer.command_for(folder), peer.environment_for(folder)
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    status = subprocess.run(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False
    ).returncode
    wall, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return status, wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def _summary(times: list[tuple[float, float]], stock: list[tuple[float, float]]) -> dict[str, float]:
    return {
        "wall": statistics.median(wall for wall, _ in times),
        "cpu": statistics.median(cpu for _, cpu in times),
        "ratio": statistics.median(cpu / base for (_, cpu), (_, base) in zip(times, stock, strict=True)),
    }


def _table(results: dict[str, dict[str, float]], lessons: int) -> str:
    lines = [
        f"| {lessons} lessons × 20 prompts | wall s | CPU s | CPU ÷ stdlib doctest | must |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, figures in results.items():
        must = f"≤ {MUST[name]}" if name in MUST else ""
        lines.append(f"| {name} | {figures['wall']:.2f} | {figures['cpu']:.2f} | {figures['ratio']:.2f} | {must} |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())

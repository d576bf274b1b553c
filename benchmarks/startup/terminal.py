"""Start-up at a terminal: how soon the prompt is there, and how soon a first gradient, beside other shells.

    python -m benchmarks.startup.terminal                 every shell that is installed, rounds interleaved
    python -m benchmarks.startup.terminal --rounds 15 --json startup.json
    python -m benchmarks.startup.terminal --gate          fails above what has to be reached

Each shell runs in a pty of its own. `prompt` is the time from its start to its prompt on the screen; `result`, from its
start to the first result of code that is typed the moment the prompt is there. Shells take turns, so that what slows
the machine slows all; a ratio is the median over the rounds of the ratio within a round. `--gate` takes the best of
the rounds, which is what a busy machine cannot spoil.
"""

import argparse
import importlib.util
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

import pexpect

CODES = re.compile(r"\x1b(\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(\x07|\x1b\\)|[=>])")
WHERE = "\x1b[6n"  # a shell asks for the cursor; a terminal answers
SLOPE = "14.0"  # of 3x²+2x+1 at 2: what each shell has to show
PATIENCE = 60.0

IPYTHON = ["-m", "IPython", "--no-banner", "--no-confirm-exit", "-i"]

# name → (arguments of python, what its prompt looks like, code whose result is SLOPE, modules it needs)
SHELLS = {
    "python": (["-q"], ">>> ", "3*2*2.0 + 2", []),
    "ipython + numpy": ([*IPYTHON, "-c", "import numpy as np"], "In [1]:", "float(np.dot([6.0, 2.0], [2.0, 1.0]))",
                        ["IPython", "numpy"]),
    "ptpython": (["-m", "ptpython"], ">>>", "3*2*2.0 + 2", ["ptpython"]),
    "ipython + jax": ([*IPYTHON, "-c", "import jax"], "In [1]:", "float(jax.grad(lambda x: 3*x**2 + 2*x + 1)(2.0))",
                      ["IPython", "jax"]),
    "ipython + torch": ([*IPYTHON, "-c", "import torch"], "In [1]:",
                        "x = torch.tensor(2.0, requires_grad=True); (3*x**2 + 2*x + 1).backward(); x.grad.item()",
                        ["IPython", "torch"]),
    "fluxrepl": (["-m", "fluxrepl"], "flux> ", "gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)", ["fluxrepl"]),
}  # fmt: skip

# What has to be reached: (figure, of whom, at most so many times theirs).
MUST = [
    ("prompt", "ipython + numpy", 0.55),
    ("result", "ipython + numpy", 1.2),
    ("result", "ipython + jax", 0.5),
]
IMPORT_MUST = 5.0  # ms that `import fluxrepl` may take over a bare Python

Round = dict[str, dict[str, float]]


def measure(name: str, home: str) -> dict[str, float]:
    """Milliseconds to the prompt and to the first result of one start."""
    arguments, prompt, code, _ = SHELLS[name]
    env = {**os.environ, "HOME": home, "FLUXREPL_HOME": f"{home}/flux", "IPYTHONDIR": f"{home}/ipython"}
    env |= {"TERM": "xterm-256color", "JAX_PLATFORMS": "cpu"}
    began = time.perf_counter()
    child = pexpect.spawn(
        sys.executable, arguments, env=env, encoding="utf-8", codec_errors="replace", dimensions=(40, 100)
    )
    child.delaybeforesend = None
    try:
        _wait(child, prompt)
        at_prompt = time.perf_counter()
        child.send(code + "\r")
        _wait(child, SLOPE)
        return {"prompt": 1e3 * (at_prompt - began), "result": 1e3 * (time.perf_counter() - began)}
    finally:
        child.close(force=True)


def _wait(child: pexpect.spawn, text: str) -> None:
    """Read until the text has been written, and answer as a terminal does."""
    seen = ""
    deadline = time.perf_counter() + PATIENCE
    while text not in CODES.sub("", seen):
        if time.perf_counter() > deadline:
            raise TimeoutError(f"{text!r} never came; this did: {seen[-400:]!r}")
        try:
            new = child.read_nonblocking(65536, timeout=1)
        except pexpect.TIMEOUT:
            continue
        seen += new
        for _ in range(new.count(WHERE)):
            child.send("\x1b[4;1R")


def importing(rounds: int) -> tuple[float, float]:
    """Milliseconds of a bare Python, and of one that imports fluxrepl: medians, taken in turns."""
    times: dict[str, list[float]] = {"pass": [], "import fluxrepl": []}
    for _ in range(3 * rounds):
        for code, taken in times.items():
            began = time.perf_counter()
            subprocess.run([sys.executable, "-c", code], check=True)
            taken.append(1e3 * (time.perf_counter() - began))
    bare, ours = (statistics.median(taken) for taken in times.values())
    return bare, ours


def run(names: list[str], rounds: int) -> list[Round]:
    """Rounds in which every shell starts once, after one that warms up the disk."""
    with tempfile.TemporaryDirectory() as home:
        for name in names:
            measure(name, home)
        return [{name: measure(name, home) for name in names} for _ in range(rounds)]


def ratio(done: list[Round], figure: str, other: str, pick=statistics.median) -> float:
    """How many times the other's: fluxrepl's figure, within each round."""
    return pick(each["fluxrepl"][figure] / each[other][figure] for each in done)


def table(done: list[Round]) -> str:
    lines = [
        "| shell | prompt, ms | first result, ms | fluxrepl's prompt ÷ | fluxrepl's result ÷ |",
        "|---|---|---|---|---|",
    ]
    for name in done[0]:
        prompt, result = (statistics.median(each[name][figure] for each in done) for figure in ("prompt", "result"))
        ratios = " | ".join("" if name == "fluxrepl" else f"{ratio(done, f, name):.2f}" for f in ("prompt", "result"))
        lines.append(f"| {name} | {prompt:.0f} | {result:.0f} | {ratios} |")
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--only", default=",".join(SHELLS), help="names, with commas between")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--gate", action="store_true")
    asked = parser.parse_args()
    names = [name for name in asked.only.split(",") if all(map(importlib.util.find_spec, SHELLS[name][3]))]
    for name in SHELLS.keys() - set(names):
        print(f"{name} is left out: not asked for, or not installed", file=sys.stderr)
    done = run(names, asked.rounds)
    bare, ours = importing(asked.rounds)
    print(f"Python {platform.python_version()}, {os.cpu_count()} cores, {asked.rounds} rounds\n\n{table(done)}\n")
    print(f"import fluxrepl: {ours - bare:.1f} ms over {bare:.1f} ms of a bare Python (must: {IMPORT_MUST:g})")
    missed = _missed(done)
    if ours - bare > IMPORT_MUST:
        missed.append("import fluxrepl")
    if asked.json:
        with open(asked.json, "w", encoding="utf-8") as file:
            json.dump({"rounds": done, "import": {"bare": bare, "fluxrepl": ours}}, file, indent=1)
    return int(asked.gate and bool(missed))


def _missed(done: list[Round]) -> list[str]:
    """Print what has to be reached and what was; return what was missed even in the best round."""
    missed = []
    for figure, other, most in MUST:
        if other in done[0]:
            median, best = ratio(done, figure, other), ratio(done, figure, other, min)
            print(f"{figure} ≤ {most:g} × {other}: {median:.2f} (best round {best:.2f})")
            missed += [f"{figure} of {other}"] if best > most else []
    return missed


if __name__ == "__main__":
    sys.exit(main())

"""NumPy and its BLAS, the processors it may use, and the GPU."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .finding import Finding

SECONDS = 30.0  # for a probe: CuPy compiles something at its first use
CGROUPS = Path("/sys/fs/cgroup")
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")

Probes = dict[str, "subprocess.Popen[str] | OSError"]


def start() -> Probes:
    """Start the probes of NumPy and of the GPU side by side."""
    return {what: _probe(what) for what in ("numpy", "gpu")}


def _probe(what: str) -> "subprocess.Popen[str] | OSError":
    command = [sys.executable, "-m", f"{__package__}.probe", what]
    root = str(Path(__file__).parents[3])  # where fluxrepl is, for those who run it from its sources
    path = os.pathsep.join(part for part in (os.environ.get("PYTHONPATH"), root) if part)
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
    except OSError as error:
        return error


def _answer(probes: Probes, what: str) -> tuple[dict[str, Any] | None, str]:
    """What a probe says, or None and why it says nothing."""
    probe = probes[what]
    if isinstance(probe, OSError):
        return None, str(probe)
    try:
        out, err = probe.communicate(timeout=SECONDS)
    except subprocess.TimeoutExpired:
        probe.kill()
        probe.communicate()
        return None, f"no answer within {SECONDS:.0f} seconds"
    try:
        return json.loads(out.strip().rpartition("\n")[2]), ""
    except ValueError:
        return None, _why(probe.returncode, err)


def _why(status: int, err: str) -> str:
    last = next((line for line in reversed(err.split("\n")) if line.strip() and not line.startswith(" ")), "")
    if status < 0:
        return f"it crashed (signal {-status}) {last}".rstrip()
    return last or f"it ended with status {status}"


def numpy(probes: Probes) -> Iterator[Finding]:
    """NumPy, its BLAS and threads, and the processors of this machine."""
    says, why = _answer(probes, "numpy")
    processors = available()
    if says is None:
        advice = "python -m pip install --force-reinstall numpy; a numpy.py of your own in the way must be renamed."
        yield Finding("NumPy", "import", f"does not work: {why}", "bad", advice)
        yield _processors(processors)
        return
    yield Finding("NumPy", "version", f"{says['version']}, in {Path(says['file']).parent}")
    yield _blas(says)
    yield from _threads(says, processors)
    yield _processors(processors)
    yield from _memory()
    if says["gradient"] != 14.0:
        advice = "Please report this with the output of `fluxrepl doctor --json`."
        yield Finding("NumPy", "gradient", f"of 3x²+2x+1 at 2: {says['gradient']}, not 14.0", "bad", advice)
    else:
        yield Finding("NumPy", "gradient", "of 3x²+2x+1 at 2: 14.0")


def _blas(says: dict[str, Any]) -> Finding:
    blas = says["blas"]
    name = " ".join(part for part in (blas.get("name", ""), blas.get("version", "")) if part) or "unknown"
    value = f"{name}, {says['speed']:.0f} billion operations a second"
    if blas.get("name") in (None, "", "none") or says["speed"] < 1:
        advice = "This NumPy is slow at matrices; the one of `python -m pip install --force-reinstall numpy` is quick."
        return Finding("NumPy", "BLAS", value, "note", advice)
    return Finding("NumPy", "BLAS", value)


def _threads(says: dict[str, Any], processors: float) -> Iterator[Finding]:
    chosen = {name: os.environ[name] for name in THREADS if os.environ.get(name)}
    pools = [pool for pool in says["pools"] or [] if pool.get("user_api") == "blas"]
    if not pools:
        value = ", ".join(f"{name}={value}" for name, value in chosen.items()) or "as many as its BLAS finds"
        yield Finding("NumPy", "threads", value)
        return
    for pool in pools:
        count = pool.get("num_threads") or 0
        value = f"{count} of {pool.get('internal_api')} {pool.get('version')}"
        if count > max(processors, 1):
            fit = max(int(processors), 1)
            advice = f"More threads than processors slow each other down: export OMP_NUM_THREADS={fit}"
            yield Finding("NumPy", "threads", value, "note", advice)
        else:
            yield Finding("NumPy", "threads", value)


def _processors(processors: float) -> Finding:
    return Finding("NumPy", "processors", f"{processors:g} of {os.cpu_count() or 1} may be used")


def available() -> float:
    """How many processors this process may use: by affinity, and by the quota of a container."""
    try:
        count = float(len(os.sched_getaffinity(0)))
    except (AttributeError, OSError):
        count = float(os.cpu_count() or 1)
    quota = _limit("cpu.max").split()
    if len(quota) == 2 and quota[0].isdigit() and int(quota[1]):
        count = min(count, int(quota[0]) / int(quota[1]))
    return count


def _memory() -> Iterator[Finding]:
    limit = _limit("memory.max")
    if limit.isdigit():
        value = f"{_size(int(limit))} at most, in this container"
        few = int(limit) < 512 * 2**20
        advice = "Training may be killed without a word: ask for 1 GB or more." if few else ""
        yield Finding("NumPy", "memory", value, "note" if few else "ok", advice)


def _limit(name: str) -> str:
    """A limit of the control group of this process, "" where there is none."""
    try:
        own = Path("/proc/self/cgroup").read_text().strip().rpartition("::")[2].strip("/")
        for folder in (CGROUPS / own, CGROUPS):
            if (folder / name).is_file():
                return (folder / name).read_text().strip()
    except OSError:
        pass
    return ""


def gpu(probes: Probes) -> Iterator[Finding]:
    """The GPU and CuPy: no GPU is no fault."""
    says, why = _answer(probes, "gpu")
    driver = shutil.which("nvidia-smi")
    if says is not None and "why_not" not in says:
        cuda = f"CUDA {says['cuda'] // 1000}.{says['cuda'] % 1000 // 10}"
        value = f"{says['count']} × {says['name']}, {_size(says['free'])} of {_size(says['total'])} free, {cuda}"
        yield Finding("GPU", "CuPy", f"{says['version']}: {value}")
        return
    reason = why if says is None else says["why_not"]
    if driver is None:
        yield Finding("GPU", "CuPy", f"{reason}; no NVIDIA driver is here either: all runs on the CPU")
        return
    advice = "`nvidia-smi` shows the CUDA version: python -m pip install 'fluxrepl[cuda12]', or cuda13."
    yield Finding("GPU", "CuPy", f"{reason}, but there is a driver ({driver})", "note", advice)


def _size(count: float) -> str:
    for unit in ("B", "kB", "MB"):
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.1f} GB"

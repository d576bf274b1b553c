"""`fluxrepl doctor`, in environments that are whole, and in such as are broken in one way each."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from fluxrepl.cli.doctor import jupyter, packages, processor, terminal
from fluxrepl.cli.doctor.finding import PARTS
from fluxrepl.kernel.specs import Spec, read

ROOT = Path(__file__).parents[2]


@pytest.fixture
def doctor(tmp_path):
    """Run it with an empty home; a variable that is None is taken away."""

    def run(*arguments: str, **changed: str | None) -> subprocess.CompletedProcess[str]:
        own = {
            "HOME": str(tmp_path),
            "FLUXREPL_HOME": str(tmp_path / "flux"),
            "JUPYTER_DATA_DIR": str(tmp_path / "jupyter"),
        }
        wanted = {**os.environ, **own, "JUPYTER_RUNTIME_DIR": str(tmp_path / "run"), **changed}
        environment = {name: value for name, value in wanted.items() if value is not None}
        return subprocess.run(
            [sys.executable, "-m", "fluxrepl", "doctor", *arguments],
            capture_output=True, text=True, encoding="utf-8", env=environment, cwd=ROOT, timeout=120, check=False,
        )  # fmt: skip

    return run


@pytest.fixture
def findings(doctor):
    """The findings that are not well, as {"part name": finding}, and the status."""

    def find(**changed: str | None) -> tuple[dict[str, dict[str, str]], int]:
        done = doctor("--json", **changed)
        assert done.stderr == ""
        data = json.loads(done.stdout)
        assert data["works"] is (done.returncode == 0)
        return {f"{f['part']} {f['name']}": f for f in data["findings"] if f["status"] != "ok"}, done.returncode

    return find


def test_a_whole_environment_is_well(doctor):
    done = doctor()
    assert (done.returncode, done.stderr) == (0, "")
    assert all(f"\n{part}\n" in f"\n{done.stdout}" for part in PARTS)
    assert "✓ gradient         of 3x²+2x+1 at 2: 14.0" in done.stdout
    assert done.stdout.split("\n")[-2].startswith(("All that is needed works", "All is well"))


def test_it_changes_nothing(doctor, tmp_path):
    (tmp_path / "flux").mkdir()
    (tmp_path / "flux" / "config.toml").write_text("no toml")
    (tmp_path / "flux" / "history").write_bytes(b"\x00 no history")
    doctor()
    there = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert there == {"flux", "flux/config.toml", "flux/history"}


@pytest.mark.parametrize(
    ("runtime", "place"), [(None, '"$(mktemp -d)"'), ("in the way", '"$(mktemp -d)"'), ("run", "")]
)
def test_a_runtime_folder_that_cannot_be_written_is_replaced_by_one_that_can(findings, tmp_path, runtime, place):
    (tmp_path / "in the way").write_text("")
    (tmp_path / "run").mkdir()
    own = str(tmp_path / runtime) if runtime else None
    found, status = findings(JUPYTER_RUNTIME_DIR=str(tmp_path / "in the way" / "here"), XDG_RUNTIME_DIR=own)
    advice = found["Jupyter runtime folder"]["advice"]
    assert status == 1
    assert advice.startswith("JupyterLab can start no kernel: make it writable, or export")
    assert advice.endswith(f"JUPYTER_RUNTIME_DIR={place or tmp_path / 'run' / 'jupyter'}")


def test_it_is_quick(doctor):
    doctor()
    began = time.monotonic()
    doctor()
    assert time.monotonic() - began < 8  # 0.9 s on an idle machine


def test_each_finding_that_is_not_well_says_what_to_do(findings):
    wrong, _ = findings(TERM="dumb", EDITOR="no-such-editor", PYTHONPATH="/nowhere/at/all", VISUAL=None)
    assert {"Terminal TERM", "Terminal editor", "Python PYTHONPATH"} <= set(wrong)
    assert all(finding["advice"] for finding in wrong.values())


@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("raise ImportError('libopenblas.so: cannot open')", "ImportError: libopenblas.so: cannot open"),
        ("import os; os.abort()", "it crashed (signal 6)"),
        ("import sys; sys.exit(3)", "it ended with status 3"),
    ],
)
def test_a_broken_numpy_is_a_finding(findings, tmp_path, code, why):
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "numpy.py").write_text(code)
    wrong, status = findings(PYTHONPATH=str(tmp_path / "broken"))
    assert status == 1
    assert wrong["NumPy import"]["value"] == f"does not work: {why}"
    assert "force-reinstall numpy" in wrong["NumPy import"]["advice"]


def test_no_home_and_folders_that_cannot_be_written(findings):
    wrong, status = findings(HOME="/proc/nowhere", FLUXREPL_HOME=None, XDG_STATE_HOME=None, XDG_CONFIG_HOME=None)
    assert status == 1
    assert wrong["Folders home"]["value"] == "/proc/nowhere is no folder"
    assert "cannot be written" in wrong["Folders state"]["value"]
    assert "export FLUXREPL_HOME" in wrong["Folders configuration"]["advice"]


def test_no_home_variable_at_all_is_survived(doctor):
    assert doctor(HOME=None, FLUXREPL_HOME=None).stderr == ""


def test_a_flux_home_below_a_file_cannot_be_written(findings, tmp_path):
    (tmp_path / "file").touch()
    wrong, status = findings(FLUXREPL_HOME=str(tmp_path / "file" / "below"))
    assert status == 1
    assert "cannot be written" in wrong["Folders FLUXREPL_HOME"]["value"]


def test_damaged_files_are_told(findings, tmp_path):
    (tmp_path / "flux").mkdir()
    (tmp_path / "flux" / "config.toml").write_text("theme = 'pink'\n")
    (tmp_path / "flux" / "progress.json").write_text("{no json")
    (tmp_path / "flux" / "history").write_bytes(b"\n+1 + 1\n\xff\xfe\n")
    wrong, status = findings()
    assert status == 0
    assert "config.toml, line 1: theme: 'pink' is none of its words" in wrong["Folders settings"]["value"]
    assert "cannot be read" in wrong["Folders progress"]["value"]
    assert "1 cells, and damaged parts" in wrong["Folders history"]["value"]


def test_a_screen_without_letters_for_the_signs_gets_others(doctor):
    done = doctor(PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, "")
    assert "  + version" in done.stdout
    assert "export LC_ALL=C.UTF-8" in done.stdout


# -- kernels


def spec(folder: Path, *argv: str, name: str = "fluxrepl") -> Path:
    place = folder / "kernels" / name
    place.mkdir(parents=True)
    (place / "kernel.json").write_text(json.dumps({"argv": argv, "display_name": "Flux"}))
    return place


def test_a_kernel_whose_python_is_gone(findings, tmp_path):
    place = spec(tmp_path / "jupyter", "/gone/python", "-m", "fluxrepl.kernel")
    wrong, status = findings(JUPYTER_PREFER_ENV_PATH="0")  # the user's kernels come before those of the environment
    assert status == 1
    kernels = [finding for name, finding in wrong.items() if name == "Jupyter kernel fluxrepl"]
    assert any(finding["status"] == "bad" for finding in kernels) or "is hidden by" in kernels[0]["value"]
    gone = jupyter._kernel(Spec("fluxrepl", place, ("/gone/python", "-m", "fluxrepl.kernel")))
    assert (gone.status, gone.value) == ("bad", f"{place} starts /gone/python, which is gone")
    assert gone.advice == "fluxrepl kernel install --user"


def test_a_kernel_that_is_hidden_by_another(tmp_path):
    mine, theirs = (Spec("fluxrepl", tmp_path / at, (sys.executable, "-m", "fluxrepl.kernel")) for at in ("a", "b"))
    first, second = jupyter._kernels([mine, theirs])
    assert (first.status, first.value) == ("ok", f"{tmp_path}/a, starts {sys.executable}")
    assert (second.status, second.value) == ("note", f"{tmp_path}/b is hidden by {tmp_path}/a")


def test_no_kernel_a_foreign_one_and_one_of_a_python_without_fluxrepl(tmp_path):
    (nothing,) = jupyter._kernels([])
    assert (nothing.status, nothing.advice) == ("bad", "fluxrepl kernel install --user")
    foreign = jupyter._kernel(Spec("fluxrepl", tmp_path, ("python", "-m", "ipykernel")))
    assert "is not ours" in foreign.value
    other = tmp_path / "python"
    other.write_text("#!/bin/sh\nexit 1\n")
    other.chmod(0o755)
    without = jupyter._kernel(Spec("fluxrepl", tmp_path, (str(other), "-m", "fluxrepl.kernel")))
    assert without.value.endswith("which has no fluxrepl")


def test_a_spec_that_is_no_json_is_not_ours(tmp_path):
    (tmp_path / "kernel.json").write_text("{")
    assert not read(tmp_path).ours


# -- packages, processors, terminal


def test_a_package_that_is_missing_or_too_old(monkeypatch):
    monkeypatch.setattr(packages, "requires", lambda name: ["no-such-package>=1.0", "pytest>=999", "rich>=13.7"])
    (needed, *_) = packages.examine()
    assert needed.status == "bad"
    assert needed.value.startswith("no-such-package is missing; pytest is ")
    assert needed.value.endswith("and must be 999 or newer")
    assert needed.advice == "python -m pip install 'no-such-package>=1.0' 'pytest>=999'"


@pytest.mark.parametrize(
    ("line", "wrong"), [("numpy>=2.0", False), ("numpy>=99", True), ("PyYAML>=6.0", False), ("numpy", False)]
)
def test_versions_are_compared_as_numbers(line, wrong):
    assert bool(packages._what_is_wrong(line)) is wrong


def test_more_threads_than_processors_is_a_note():
    says = {"pools": [{"user_api": "blas", "internal_api": "openblas", "version": "0.3", "num_threads": 64}]}
    (finding,) = processor._threads(says, 2.5)
    assert (finding.status, finding.value) == ("note", "64 of openblas 0.3")
    assert finding.advice.endswith("export OMP_NUM_THREADS=2")


def test_the_quota_of_a_container_counts(monkeypatch, tmp_path):
    monkeypatch.setattr(processor, "CGROUPS", tmp_path)
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    assert processor.available() == 0.5
    (tmp_path / "cpu.max").write_text("max 100000\n")
    assert processor.available() >= 1
    (tmp_path / "memory.max").write_text(str(256 * 2**20))
    (memory,) = processor._memory()
    assert (memory.status, memory.value) == ("note", "256 MB at most, in this container")


def test_a_probe_that_hangs_is_stopped(monkeypatch):
    monkeypatch.setattr(processor, "SECONDS", 0.2)
    hung = subprocess.Popen(
        [sys.executable, "-c", "import time; time.sleep(60)"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert processor._answer({"numpy": hung}, "numpy") == (None, "no answer within 0 seconds")
    assert hung.poll() is not None


def test_a_driver_without_cupy_is_a_note(monkeypatch):
    monkeypatch.setattr(processor, "_answer", lambda probes, what: ({"why_not": "CuPy is not installed"}, ""))
    monkeypatch.setattr(processor.shutil, "which", lambda name: "/usr/bin/nvidia-smi")
    (finding,) = processor.gpu({})
    assert (finding.status, finding.value) == (
        "note",
        "CuPy is not installed, but there is a driver (/usr/bin/nvidia-smi)",
    )
    monkeypatch.setattr(processor.shutil, "which", lambda name: None)
    assert next(processor.gpu({})).status == "ok"


def test_a_gpu_is_named(monkeypatch):
    says = {"version": "13.6", "name": "H100", "count": 1, "free": 2**30, "total": 2**31, "cuda": 12080}
    monkeypatch.setattr(processor, "_answer", lambda probes, what: (says, ""))
    assert next(processor.gpu({})).value == "13.6: 1 × H100, 1.0 GB of 2.0 GB free, CUDA 12.8"


def test_an_examination_that_fails_is_a_finding(monkeypatch):
    from fluxrepl.cli.doctor import examine

    def fail():
        raise RuntimeError("odd")
        yield

    monkeypatch.setattr(terminal, "examine", fail)
    (finding,) = [f for f in examine.examine() if f.part == "Terminal"]
    assert (finding.status, finding.value) == ("bad", "failed: RuntimeError: odd")

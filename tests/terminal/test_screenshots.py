"""The pictures of the documentation can be made again, from the real program."""

import re
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def test_a_picture_is_made_from_the_real_program(tmp_path):
    command = [sys.executable, str(DOCS / "screenshots.py"), "--to", str(tmp_path), "solution"]
    subprocess.run(command, check=True, timeout=120)
    svg = (tmp_path / "solution.svg").read_text(encoding="utf-8")
    shown = "".join(re.sub(r"<[^>]*>", "", svg).replace("&#160;", " ").split())
    assert "Itisofferedtoyou" in shown
    assert ":hint3left" in shown


def test_every_picture_has_a_scene_and_every_scene_its_picture():
    script = (DOCS / "screenshots.py").read_text(encoding="utf-8")
    saved = set(re.findall(r'\.save\("(\w+)"', script))
    assert saved == {path.stem for path in (DOCS / "images").glob("*.svg")}

"""Make the pictures in docs/images/ from the real program, in a real pseudo-terminal.

    python docs/screenshots.py            all of them
    python docs/screenshots.py repl       one
    python docs/screenshots.py --to /elsewhere list

Each scene types keys, waits until the screen shows what they lead to, and keeps the screen as an SVG. It wants the
`test` extra (pexpect drives the terminal, pyte is its screen) and rich, which draws the picture.
"""

import os
import re
import sys
import tempfile
from itertools import groupby
from pathlib import Path

import pexpect
import pyte
from rich.console import Console
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from fluxrepl.tutor.course import find_lesson
from fluxrepl.tutor.lesson import read
from fluxrepl.tutor.progress import Progress

IMAGES = Path(__file__).parent / "images"

THEME = TerminalTheme(
    (27, 29, 38),
    (214, 218, 230),
    [
        (58, 62, 77), (240, 113, 120), (149, 204, 136), (232, 190, 106),
        (122, 162, 247), (199, 146, 234), (96, 200, 205), (200, 205, 220),
    ],
    [
        (110, 116, 136), (255, 139, 146), (176, 224, 160), (250, 213, 137),
        (158, 189, 255), (216, 175, 245), (137, 221, 225), (236, 239, 247),
    ],
)  # fmt: skip


class Scene:
    """A terminal with a program in it."""

    def __init__(self, command: str, columns: int = 92, rows: int = 34, home: str = ""):
        self.columns = columns
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.Stream(self.screen)
        home = home or tempfile.mkdtemp()
        env = {
            **os.environ, "HOME": home, "FLUXREPL_HOME": home, "IPYTHONDIR": home, "TERM": "xterm-256color",
            "COLORTERM": "truecolor", "PROMPT_TOOLKIT_COLOR_DEPTH": "DEPTH_24_BIT", "FLUXREPL_THEME": "dark",
        }  # fmt: skip
        env.pop("NO_COLOR", None)
        self.child = pexpect.spawn(command, dimensions=(rows, columns), env=env, encoding="utf-8", timeout=60)

    def text(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def wait(self, pattern: str, quiet: float = 0.6) -> None:
        """Read until the screen shows this, and then until nothing more comes."""
        while not re.search(pattern, self.text()):
            try:
                self._read(20)
            except pexpect.TIMEOUT:
                raise SystemExit(f"waited in vain for {pattern!r}; the screen:\n{self.text()}") from None
        try:
            while True:
                self._read(quiet)
        except pexpect.TIMEOUT:
            pass

    def _read(self, timeout: float) -> None:
        data = self.child.read_nonblocking(65536, timeout)
        self.stream.feed(data)
        if "\x1b[6n" in data:  # the program asks where the cursor is
            self.child.send(f"\x1b[{self.screen.cursor.y + 1};{self.screen.cursor.x + 1}R")

    def type(self, keys: str, then: str) -> None:
        self.child.send(keys)
        self.wait(then)

    def save(self, name: str, title: str) -> None:
        lines = [self._line(y) for y in range(self.screen.lines)]
        while lines and not lines[-1].plain.strip():
            lines.pop()
        console = Console(record=True, width=self.columns, file=open(os.devnull, "w"), force_terminal=True)  # noqa: SIM115
        for line in lines:
            console.print(line, no_wrap=True, overflow="ignore", crop=False)
        IMAGES.mkdir(exist_ok=True)
        svg = console.export_svg(title=title, theme=THEME, unique_id=name)
        (IMAGES / f"{name}.svg").write_text(svg, encoding="utf-8")
        print(IMAGES / f"{name}.svg")

    def _line(self, y: int) -> Text:
        """A row of the screen, its runs of one style in one piece."""
        cells = [self.screen.buffer[y][x] for x in range(self.columns)]
        shown = [(char.data, style_of(char)) for char in cells if char.data]  # the second half of a wide one has none
        text = Text()
        for style, run in groupby(shown, key=lambda each: each[1]):
            for piece in re.split(r"(^ +| +$)", "".join(data for data, _ in run)):  # some viewers drop spaces at ends
                text.append(piece, style)
        text.rstrip()
        return text

    def close(self) -> None:
        self.child.close(force=True)


NAMES = {"brown": "yellow", "brightbrown": "bright_yellow"}


def colour(name: str) -> str | None:
    if name == "default":
        return None
    if re.fullmatch("[0-9a-f]{6}", name):
        return f"#{name}"
    name = NAMES.get(name, name)
    return re.sub("^bright(?=[a-z])", "bright_", name)


def style_of(char) -> Style:
    return Style(
        color=colour(char.fg), bgcolor=colour(char.bg), bold=char.bold, italic=char.italics,
        underline=char.underscore, reverse=char.reverse,
    )  # fmt: skip


def repl() -> None:
    scene = Scene(f"{sys.executable} -m fluxrepl", rows=32)
    scene.wait("flux>")
    scene.type("gradient(lambda x: 3*x**2 + 2*x + 1, 2.0)\r", r"\(14\.0,\)")
    scene.type("nt = record(a=np.array([2, 1]), b=np.array([2, 0]), c=np.tanh)\r", r"tanh\)\s+flux>")
    scene.type("gradient(lambda x: np.sum((x.a - x.b)**2), nt)\r", "c=None")
    scene.type("m = Chain(Dense(10, 5, relu), Dense(5, 2), softmax)\r", r"softmax\)\s+flux>")
    scene.type("m\r", "Total")
    scene.type("gradient(lambda x: x * 2, np.ones(3))\r", "NotScalarError:[\\s\\S]*flux>")
    scene.save("repl", "fluxrepl")
    scene.close()


def at_lesson(number: str, step: int = 1, rows: int = 24) -> Scene:
    """A lesson at one of its steps, those before it done, in a window of the usual width."""
    home = tempfile.mkdtemp()
    lesson, progress = read(find_lesson(number)), Progress(Path(home) / "progress.json")
    for done in lesson.steps[: step - 1]:
        progress.mark(lesson, done, "passed", done.exercise.solution if done.exercise else done.source)
    progress.move(lesson, lesson.steps[step - 1])
    scene = Scene(f"{sys.executable} -m fluxrepl learn {number}", columns=80, rows=rows, home=home)
    scene.wait(r"flux>[\s\S]*(F1|Enter)")
    return scene


def cleared(scene: Scene) -> None:
    """Begin a new screen, so that the picture has only what matters."""
    scene.type("\x03", "flux>")
    scene.type("\x0c", "flux>")


def learn() -> None:
    scene = Scene(f"{sys.executable} -m fluxrepl learn 01", rows=38)
    scene.wait("flux>")
    for shown in ("def f", r"17\s[\s\S]*flux> gradient", r"\(14\.0,\)\s[\s\S]*flux> def df"):
        scene.type("\r", shown)
    scene.save("learn", "fluxrepl learn 01")
    scene.close()


def start() -> None:
    scene = at_lesson("00", rows=22)
    scene.type("\r", r"flux> 6 \* 7")
    scene.save("start", "fluxrepl learn 00")
    scene.close()


def miss() -> None:
    scene = at_lesson("01", 2, rows=20)
    scene.type("\x03", "flux>")
    scene.type("def f(x):\rreturn 3*x**2 + 2*x + 2\r\r", "flux>")
    scene.type("f(2)\r", "wanted")
    scene.save("miss", "fluxrepl learn 01")
    scene.close()


def exercise() -> None:
    scene = at_lesson("00", 12, rows=23)
    scene.type("\x03", "flux>")
    scene.type("def distance(x, y):\rreturn np.sum(abs(x - y))\r\r", "✗")
    scene.type(":hint\r", "1 of 3")
    scene.save("exercise", "fluxrepl learn 00")
    scene.close()


def solution() -> None:
    scene = at_lesson("00", 12, rows=13)
    cleared(scene)
    scene.type(":solution\r", r"offered[\s\S]*flux> def")
    scene.save("solution", "fluxrepl learn 00")
    scene.close()


def quiz() -> None:
    scene = at_lesson("00", 14, rows=33)
    scene.type("a\r", "✗")
    scene.type("b\r", "✓")
    scene.save("quiz", "fluxrepl learn 00")
    scene.close()


def steps() -> None:
    scene = at_lesson("01", 4, rows=45)
    scene.type("\x03", "flux>")
    scene.type(":skip\r", "flux> 2")
    cleared(scene)
    scene.type(":list\r", "» skipped")
    scene.save("list", "fluxrepl learn 01")
    scene.close()


def undo() -> None:
    scene = at_lesson("00", 4, rows=12)
    cleared(scene)
    scene.type("x[0] = 100; y = x\r", "flux>")
    scene.type("x\r", "100")
    scene.type(":undo\r", "Taken back")
    scene.type("x\r", "1., 2., 3.")
    scene.save("undo", "fluxrepl learn 00")
    scene.close()


def recap() -> None:
    scene = at_lesson("00", 2, rows=30)
    for _ in range(3):
        scene.type("\r", "flux>")
    scene.type("\x03", "flux>")
    scene.type(":goto double\r", "flux>")
    scene.type("\x03", "flux>")
    scene.type("def double(x):\rreturn x + x\r\r", "✓")
    cleared(scene)
    scene.type(":recap\r", "keeps it")
    scene.save("recap", "fluxrepl learn 00")
    scene.close()


SCENES = {
    "repl": repl, "learn": learn, "start": start, "miss": miss, "exercise": exercise, "solution": solution,
    "quiz": quiz, "list": steps, "undo": undo, "recap": recap,
}  # fmt: skip

if __name__ == "__main__":
    names = sys.argv[1:]
    if names[:1] == ["--to"]:
        IMAGES, names = Path(names[1]), names[2:]
    for name in names or SCENES:
        SCENES[name]()

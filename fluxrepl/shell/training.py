"""Trainings in a notebook: one display that is updated, and stays with the curve when the cell is done.

`train` asks `Board` to draw, at most a few times a second. Calls of `train` on the same state in one cell, as in a loop
over epochs, go on in the same display; its last drawing is made when the cell ends.
"""

import time
import weakref
from typing import Any
from uuid import uuid4

from fluxrepl.nn.progress import Progress, follow_with

PAUSE = 0.2  # seconds between two drawings


class Sheet:
    """The display of one training, over all calls of `train` in a cell."""

    def __init__(self, shell: Any, of: Any):
        self.shell = shell
        self.of = weakref.ref(of) if of is not None else lambda: None
        self.name = ""  # of the display, once it is there
        self.losses: list[float] = []  # of the calls that are over
        self.seconds = 0.0
        self.calls = 0
        self.total: int | None = None
        self.state = ""  # in which the last call ended
        self.drawn_at = 0.0

    def draw(self, progress: Progress | None = None) -> None:
        """Draw how far it is: with the call that runs, or as it ended."""
        from fluxrepl.show.training import RUNNING, Training

        if progress is None:
            training = Training(self.losses, self.total, self.seconds, self.state, self.calls)
        else:
            progress.losses.drawn = True  # so that they need no second curve
            losses = [*self.losses, *progress.losses] if self.losses else progress.losses
            total = progress.total + len(self.losses) if progress.total is not None else None
            training = Training(losses, total, self.seconds + progress.seconds, RUNNING)
        data = {"text/plain": training.words(), "text/html": training.html(exact=progress is None)}
        first, self.name = not self.name, self.name or uuid4().hex
        self.shell.display_pub.publish(data, transient={"display_id": self.name}, update=not first)
        self.drawn_at = time.monotonic()


class Board:
    """What `fluxrepl.nn.progress` draws on in a shell that can show HTML. One for each call of `train`."""

    def __init__(self, follower: "Follower"):
        self.follower = follower
        self.sheet: Sheet | None = None

    def can_show(self) -> bool:
        return True

    def waited(self, of: Any) -> float:
        """The seconds that earlier calls took; it also finds the sheet."""
        self.sheet = self.follower.sheet_for(of)
        return self.sheet.seconds

    def draw(self, progress: Progress, loss: float) -> None:
        sheet = self._sheet(progress)
        if time.monotonic() - sheet.drawn_at >= PAUSE:
            sheet.draw(progress)

    def close(self, progress: Progress, error: BaseException | None) -> None:
        """A call of `train` is over: keep what there is for the last drawing, or draw it if that came with an error."""
        sheet = self._sheet(progress)
        interrupted = isinstance(error, KeyboardInterrupt)
        sheet.state = "done" if error is None else "interrupted" if interrupted else "stopped"
        sheet.total = progress.total + len(sheet.losses) if progress.total is not None else None
        sheet.losses += progress.losses
        sheet.seconds += progress.seconds
        sheet.calls += 1
        if error is not None:
            self.follower.finish()

    def _sheet(self, progress: Progress) -> Sheet:
        if self.sheet is None:
            self.sheet = self.follower.sheet_for(progress.of)
        return self.sheet


class Follower:
    """Follows the trainings of a shell, from `start` to `stop`."""

    def __init__(self, shell: Any):
        self.shell = shell
        self.sheet: Sheet | None = None
        self.before: Any = None

    def start(self) -> None:
        self.before = follow_with(lambda: Board(self))
        self.shell.events.register("post_run_cell", self.finish)

    def stop(self) -> None:
        follow_with(self.before)
        self.shell.events.unregister("post_run_cell", self.finish)

    def sheet_for(self, of: Any) -> Sheet:
        """The sheet of the training that goes on in this cell, or a new one."""
        if self.sheet is None or of is None or self.sheet.of() is not of:
            self.finish()
            self.sheet = Sheet(self.shell, of)
        return self.sheet

    def finish(self, result: Any = None) -> None:
        """The cell is over, or another training begins: what was shown gets its last drawing."""
        sheet, self.sheet = self.sheet, None
        if sheet is not None and sheet.name and sheet.calls:
            sheet.draw()

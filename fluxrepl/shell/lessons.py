"""The lesson that is played in a shell: its commands, and what happens after each cell.

The walk itself is `tutor.play.Play`, which has no screen. Here its messages are obeyed ("setup", "run", "quit") or
handed to the front. Whatever fails in a lesson becomes a message: a failing player must never break the shell.
"""

import difflib
from collections import deque
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any

from fluxrepl.tutor.problem import LessonError

from .commands import commands_now, split_command
from .config_command import config
from .course_list import list_of_lessons

if TYPE_CHECKING:
    from .cells import Outcome
    from .mixin import FluxMixin
    from .undo import Undo

MOST_RUNS = 50  # runs one message may lead to: a lesson that asks for ever is stopped


class Lessons:
    """The part of a shell that knows of lessons."""

    def __init__(self, shell: "FluxMixin") -> None:
        self.shell = shell
        self.play: Any = None
        self.progress: Any = None  # loaded with the first lesson
        self.commanded = False  # the running cell holds a command: it is no attempt at the step
        self._offered: Any = None
        self.deaf = False  # the lesson itself runs something: it is told directly

    @cached_property
    def undo(self) -> "Undo":
        """The last moments of a lesson; with the first one, for it takes a tenth of the time that a shell loads."""
        from .undo import Undo

        return Undo()

    # -- from the front

    def as_command(self, source: str) -> tuple[str, str] | None:
        """Return the command that a whole cell is, or None: `:next`, and `b` where a quiz is open."""
        if self._is_answer(source):
            return "answer", source.strip()
        return split_command(source) if "\n" not in source.strip() else None

    def magic(self, line: str) -> None:
        """The `%lesson` magic: `%lesson next` is `:next`. Without a name it lists the commands."""
        self.commanded = True
        self.obey(*(split_command(":" + line) or ("help", "")))

    def obey(self, name: str, argument: str) -> None:
        """Do what a command asks."""
        self._safely(lambda: self._obey(name, argument))

    def start(self, name: str | None) -> bool:
        """Open a lesson; say why if that fails."""
        return self._safely(lambda: self._start(name))

    def before_cell(self, source: str) -> None:
        """Keep what the names mean, so that the cell can be taken back; a command is no such cell."""
        if self.play is not None and not (self.as_command(source) or source.lstrip().startswith("%lesson")):
            self._safely(lambda: self.undo.keep(source, self.play.index, self.shell.user_ns))

    def after_cell(self, outcome: "Outcome") -> None:
        """Tell the lesson what a cell did, unless the cell was itself a command."""
        if self.play is not None and not self.commanded and not self.deaf:
            self._safely(lambda: self._after_cell(outcome))

    def known(self) -> dict[str, str]:
        """All commands that there are in this front, and what they do."""
        return commands_now(own=self.shell.own_commands)

    # -- how

    def _after_cell(self, outcome: "Outcome") -> None:
        free = self.play.free(outcome.source)
        messages = list(self.play.ran(outcome, self.undo.drawn()))
        if any(message.kind == "miss" for message in messages):
            messages += self._notes(self.undo.after_miss(self.shell.user_ns, free))
        self.deliver(messages or self._notes(self._without_colon(outcome.source.strip())))

    def _without_colon(self, word: str) -> str:
        """What to tell who types `hint` for `:hint`."""
        is_command = word in self.known() and word not in self.shell.user_ns
        return f"The command is `:{word}`, with a colon: {self.known()[word]}." if is_command else ""

    def deliver(self, messages: Iterable[Any]) -> None:
        """Do what messages ask for, and show the others, in their order."""
        waiting = deque(messages)
        shown: list[Any] = []
        runs = 0
        while waiting:
            message = waiting.popleft()
            if message.kind not in ("setup", "run", "quit"):
                shown.append(message)
                continue
            self._show(shown)
            shown = []
            if message.kind == "setup":
                self.shell.run_quietly(message.source)
            elif message.kind == "quit":
                self.play = None
                self.undo.clear()
            elif self.play is not None and (runs := runs + 1) <= MOST_RUNS:
                if self.shell.running:  # within a cell of a notebook: it will not be told of as a cell
                    self.before_cell(message.source)
                outcome = self.shell.run_for_lesson(message.source)
                waiting.extendleft(reversed(list(self.play.ran(outcome, self.undo.drawn()))))
        self._show(shown)
        self._offer()

    def _show(self, messages: list[Any]) -> None:
        if messages:
            self.shell.show_messages(messages)

    def _offer(self) -> None:
        """Put before the learner what the step begins with, once when it is reached."""
        place = (self.play, self.play.index, self.play.prefill) if self.play and not self.play.finished else None
        if place is not None and place != self._offered:
            if self._offered is None or place[:2] != self._offered[:2]:
                self.shell.arrived(self.play)
            self.shell.offer(place[2])
        self._offered = place

    def _is_answer(self, source: str) -> bool:
        try:
            return self.play is not None and bool(self.play.is_answer(source))
        except Exception:
            return False

    def _safely(self, act: Callable[[], Any]) -> bool:
        """Act; turn a failure into a message. True if all went well."""
        try:
            act()
        except LessonError as error:
            self._say("error", "\n".join([str(error), *getattr(error, "__notes__", ())]))
        except KeyboardInterrupt:
            self._say("note", "Interrupted. The lesson goes on from here.")
        except Exception as error:
            self._say("error", _apology(error))
        else:
            return True
        return False

    def _say(self, kind: Any, text: str) -> None:
        from fluxrepl.tutor.play import Message

        self.shell.show_messages([Message(kind, text)])

    def _obey(self, name: str, argument: str) -> None:
        if name == "learn":
            self._start(argument or None)
        elif name not in self.known():
            self._say("error", _unknown(name, list(self.known())))
        elif name == "why":
            self._say("note", self._why(argument))
        elif name == "lessons":
            self._say("list", list_of_lessons(self._progress(), argument))
        elif name == "edit":
            self.shell.offer(self._to_edit())
        elif name == "undo" and self.play is not None:
            self.deliver(self._undone())
        elif name == "config":
            self._say("note", config(argument, self.shell.prompted))
        elif name == "help":
            known = commands_now(self.play is not None, self.shell.own_commands)
            self._say("list", "\n".join(f":{each:<9} {does}" for each, does in known.items()))
        elif self.play is not None:
            self.deliver(self.play.command(name, argument))
        elif name == "list":
            self._say("list", list_of_lessons(self._progress(), argument))
        elif name == "quit":
            self.shell.leave()
        else:
            self._say("note", f"`:{name}` belongs to a lesson, and none is open. `:learn 01` opens the first.")

    def _why(self, argument: str) -> str:
        from .why import Ran, why

        last = self.shell.last_cell
        ran = Ran(self.shell.transform_cell(last[0]), last[1]) if last else None
        earlier = map(self.shell.transform_cell, self.shell.earlier_cells)
        return why(ran, self.shell.user_ns, argument, earlier)

    def _start(self, name: str | None) -> None:
        from fluxrepl.tutor import course, lesson, play

        from .resume import resume

        behind = self.play.lesson.path if self.play and self.play.finished else None
        path = course.find_lesson(name) if name else course.next_unfinished(self._progress(), after=behind)
        opened = play.Play(lesson.read(path), self._progress(), lambda: self.shell.user_ns)
        self.undo.clear()
        words = resume(self.shell, opened.replay())
        self.play = opened
        self.deliver([*self._notes(words), *opened.open()])

    def _undone(self) -> list[Any]:
        """Take the last cell back, and go back to the step where it ran."""
        from .undo import told

        found = self.undo.take_back(self.shell.user_ns, self.play.index)
        if found is None:
            return self._notes("There is nothing to take back: no cell of this lesson has changed anything.")
        moment, done = found
        return [*self._notes(told(moment, done)), *self.play.undone(moment.index, moment.source)]

    def _to_edit(self) -> str:
        """What was tried last at this step, or what it begins with; without a lesson, the last cell."""
        tried = [moment.source for moment in self.undo.moments if self.play and moment.index == self.play.index]
        begins = self.play.prefill if self.play else ""
        return tried[-1] if tried else begins or (self.shell.last_cell or ("", None))[0]

    def _notes(self, words: str) -> list[Any]:
        from fluxrepl.tutor.play import Message

        return [Message("note", words)] if words else []

    def _progress(self) -> Any:
        """The learner's progress, loaded once; what is wrong with its file is said once."""
        from fluxrepl.tutor.progress import Progress

        if self.progress is None:
            self.progress = Progress.load()
            for warning in self.progress.warnings:
                self._say("note", warning)
        return self.progress


def _apology(error: Exception) -> str:
    return (
        f"The lesson player failed: {type(error).__name__}: {error}\n"
        "Your session is untouched. `:show` shows the step again, `:quit` leaves the lesson."
    )


def _unknown(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    hint = f" Did you mean `:{near[0]}`?" if near else ""
    return f"There is no command `:{name}`.{hint} `:help` lists them."

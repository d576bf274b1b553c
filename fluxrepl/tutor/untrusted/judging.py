"""The two processes in which an answer is judged: the answer's, which holds no secret, and the judge's with the check.

Each first runs what the lesson shows before an exercise, for itself. Then the judge runs the check, and what it calls
of the answer is computed in the other process (`far.py`). Only the judge's process tells a verdict; the answer's
knows neither what is asked next nor what is expected, and has no way to say "passed".
"""

import json
import os
import socket
import types
from collections.abc import Callable
from typing import Any

from .. import judge, names
from ..fork import Send
from ..lesson import Example
from ..run import run
from .far import Gone, Message, Peer, Remote

Item = dict[str, Any]


class Lines:
    """JSON lines over a socket, one message each way at a time."""

    def __init__(self, private: int):
        self.sock = socket.socket(fileno=os.dup(private))
        self.reader = self.sock.makefile("rb")

    def send(self, message: Message) -> None:
        """One message."""
        self.sock.sendall(json.dumps(message).encode() + b"\n")

    def receive(self) -> Message | None:
        """The next message; None when there will be none."""
        line = self.reader.readline()
        return json.loads(line) if line else None


class Context:
    """What a lesson has run so far, group by group."""

    def __init__(self, items: list[Item], seed: int):
        _begin(seed)
        self.items, self.at = items, 0
        self.groups: dict[str, types.ModuleType] = {}

    def namespace(self, group: str) -> dict[str, Any]:
        """The names of a group; its module is `__main__` from now on."""
        import sys

        module = self.groups.setdefault(group, types.ModuleType("__main__"))
        sys.modules["__main__"] = module
        return module.__dict__

    def go_to(self, number: int) -> Item:
        """Run what stands before exercise `number`."""
        while self.items[self.at].get("exercise") != number:
            item = self.items[self.at]
            if "source" in item:
                run(item["source"], self.namespace(item["group"]), "<lesson>", item["line"])
            self.at += 1
        self.at += 1
        return self.items[self.at - 1]


def _begin(seed: int) -> None:
    """As every lesson begins."""
    import random

    import numpy as np

    import fluxrepl

    np.set_printoptions(legacy="1.25")
    for sow in (np.random.seed, random.seed, fluxrepl.seed):
        sow(seed)


class Answers(Peer):
    """The answer's side: runs the lesson and the answers, gives their names out, does as it is asked."""

    def __init__(self, lines: Lines, context: Context):
        def exchange(message: Message) -> Message | None:
            lines.send(message)
            return lines.receive()

        super().__init__(exchange, guarded=False)
        self.lines, self.context = lines, context
        self.current: dict[str, Any] = {}

    def serve(self) -> None:
        """Until nobody asks any more."""
        while (asked := self.lines.receive()) is not None:
            self.lines.send(self.answer(asked))

    def do(self, what: str, parts: list[Any], named: dict[str, Any]) -> Any:
        """What only the judge asks; else as any peer."""
        if what == "answer":
            item = self.context.go_to(parts[0])
            self.current = self.context.namespace(item["group"])
            for source, needed in item["answer"]:
                ran = run(source, self.current, "<answer>")
                if ran.error is not None and needed:
                    return judge.words_of(ran, "<answer>", source)
            return None
        if what == "name":
            if parts[0] not in self.current:
                raise NameError(f"`{parts[0]}` is not defined")
            return self.current[parts[0]]
        if what == "judge yourself":
            checks = [Example(source, 1) for source in parts]
            verdict = judge.run_checks(checks, dict(self.current))
            return [verdict.passed, verdict.words]
        return super().do(what, parts, named)


def answer(private: int, items: list[Item], seed: int) -> None:
    """Be the process of an answer."""
    Answers(Lines(private), Context(items, seed)).serve()


def decide(private: int, items: list[Item], seed: int) -> None:
    """Be the judge: a verdict for each exercise that has an answer, in order."""
    lines = Lines(private)

    def exchange(message: Message) -> Message | None:
        lines.send({"far": message})
        heard = lines.receive()
        return heard.get("far") if heard else None

    context, peer = Context(items, seed), Peer(exchange, guarded=True)
    for number in [item["exercise"] for item in items if item.get("judged")]:
        item = context.go_to(number)
        space = context.namespace(item["group"])
        try:
            passed, words = _decide(item, dict(space), peer, lines.send)
        except Gone:
            lines.send({"exercise": number, "passed": False, "words": judge.GONE})
            return
        lines.send({"exercise": number, "passed": passed, "words": words})
        run(item["solution"], space, "<solution>")
    lines.send({"end": True})


def _decide(item: Item, space: dict[str, Any], peer: Peer, tell: Send) -> tuple[bool, str]:
    if wrong := peer.ask("answer", item["exercise"]):
        return False, str(wrong)
    tell({"judging": item["exercise"]})
    if not item["apart"]:
        passed, words = peer.ask("judge yourself", *item["checks"])
        return passed is True, str(words)
    for name in sorted(item["names"]):
        try:
            space[name] = peer.ask("name", name)
        except NameError as error:
            return False, str(error)
    space.update({name: _wherever(space[name], name, peer) for name in DERIVE if name in space})
    for source in item["checks"]:
        ran = run(source, space, "<check>")
        if isinstance(ran.error, Gone):
            raise ran.error
        if ran.error is not None:
            return False, judge.words_of(ran, "<check>", source)
    return True, ""


DERIVE = ("gradient", "withgradient", "jacobian", "hessian", "pullback")


def _wherever(derive: Callable[..., Any], name: str, peer: Peer) -> Callable[..., Any]:
    """A derivative is taken where the thing is with respect to which it is taken."""

    def derived(function: Any, *parts: Any, **named: Any) -> Any:
        if any(isinstance(part, Remote) for part in parts):
            return peer.ask("name", name)(function, *parts, **named)
        return derive(function, *parts, **named)

    return derived


def names_of(starter: str, solution: str) -> set[str]:
    """What an answer defines."""
    return (names.bound(starter) | names.bound(solution)) - {names.EVERYTHING}

"""Code with an `await` outside functions, as at the prompt: a lesson has one event loop, from its first `await` on.

asyncio is loaded by the first such code, so that other lessons do not pay for it.
"""

import contextlib
import os
from types import CodeType
from typing import Any

PATIENCE = 0.1  # seconds in which tasks that are left may end

_eval = eval  # bound now: a lesson may patch it
_loops: dict[int, Any] = {}  # by process: answers to exercises are judged in copies of the lesson's, without its files


def value_of(code: CodeType, namespace: dict[str, Any]) -> Any:
    """Run code that waits, or may begin what later code waits for; its value."""
    import asyncio

    process = os.getpid()
    if process not in _loops:
        _loops[process] = asyncio.new_event_loop()
    return _loops[process].run_until_complete(_run(code, namespace))


async def _run(code: CodeType, namespace: dict[str, Any]) -> Any:
    value = _eval(code, namespace)
    return await value if waits(code) else value


def waits(code: CodeType) -> bool:
    """Whether running this code gives something to wait for."""
    return bool(code.co_flags & 0x80)  # inspect.CO_COROUTINE; loading inspect takes 5 ms


def close() -> None:
    """The lesson is over: what it has left waiting ends, unseen, and the next one has a loop of its own."""
    loop = _loops.pop(os.getpid(), None)
    if loop is None:
        return
    import asyncio

    with contextlib.redirect_stdout(None), contextlib.closing(loop):
        if left := asyncio.all_tasks(loop):
            for task in left:
                task.cancel()
            loop.run_until_complete(asyncio.wait(left, timeout=PATIENCE))

import io
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fluxrepl.shell.capture import Capture


def test_what_is_printed_is_recorded_and_shown(capsys) -> None:
    capture = Capture()
    capture.start()
    print("seen")
    assert capture.stop() == "seen\n"
    print("not recorded")
    assert capture.text == "seen\n"
    assert capsys.readouterr().out == "seen\nnot recorded\n"


def test_while_paused_it_is_only_shown(capsys) -> None:
    capture = Capture()
    capture.start()
    with capture.paused():
        print("drawn")
    capture.displayed("2")
    capture.stop()
    assert capture.text == "2\n"
    assert capsys.readouterr().out == "drawn\n"


def test_captures_nest(capsys) -> None:
    outer, inner = Capture(), Capture()
    outer.start()
    print(1)
    inner.start()
    print(2)
    assert inner.stop() == "2\n"
    print(3)
    assert outer.stop() == "1\n2\n3\n"


def test_a_thread_that_prints_is_recorded(capsys) -> None:
    capture = Capture()
    capture.start()
    thread = threading.Thread(target=print, args=("from a thread",))
    thread.start()
    thread.join()
    assert capture.stop() == "from a thread\n"


def test_a_thread_that_was_there_before_is_shown_and_not_recorded(capsys) -> None:
    go, ready = threading.Event(), threading.Event()
    thread = threading.Thread(target=lambda: (go.wait(10), print("foreign"), ready.set()))
    thread.start()
    capture = Capture()
    capture.start()
    go.set()
    ready.wait(10)
    print("mine")
    assert capture.stop() == "mine\n"
    thread.join()
    assert capsys.readouterr().out == "foreign\nmine\n"


def test_a_pool_made_in_one_cell_is_recorded_in_the_next() -> None:
    first, second = Capture(), Capture()
    first.start()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(print, "one").result()
        assert first.stop() == "one\n"
        second.start()
        pool.submit(print, "two").result()
        assert second.stop() == "two\n"


def test_a_redirection_of_the_learners_is_theirs(capsys, shell) -> None:
    shell.run("from contextlib import redirect_stdout\nfrom io import StringIO")
    cell = "with redirect_stdout(StringIO()) as text:\n    print('hidden')\ntext.getvalue()"
    assert shell.run(cell).output == "'hidden\\n'\n"


def test_a_stream_that_refuses_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    class Fixed(io.StringIO):
        __slots__ = ()

        def __setattr__(self, name: str, value: object) -> None:
            raise AttributeError(name)

    stream = Fixed()
    monkeypatch.setattr(sys, "stdout", stream)
    capture = Capture()
    capture.start()
    print("shown")
    assert capture.stop() == ""
    assert stream.getvalue() == "shown\n"

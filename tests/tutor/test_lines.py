"""Lines are whole, whatever pieces they come in; who never stops sending is heard a little at a time."""

import pytest

from fluxrepl.tutor import fork
from fluxrepl.tutor import lines as lines_module
from fluxrepl.tutor.lines import READS, Lines


def listening(*pieces):
    """Lines that come in these pieces; None is a moment without any."""
    coming = iter(pieces)

    def read():
        piece = next(coming)
        if piece is None:
            raise BlockingIOError
        return piece

    return Lines(read)


def test_lines_are_put_together_from_pieces():
    lines = listening(b"on", b"e\ntwo\n\nthr", None, b"ee\nfo", b"")
    assert (lines.take(), lines.drained, lines.ended) == ([b"one", b"two", b""], True, False)
    assert (lines.take(), lines.drained, lines.ended) == ([b"three"], True, True)
    assert lines.heard == len(b"one\ntwo\n\nthree\nfo")


def test_who_never_stops_sending_is_heard_a_little_at_a_time():
    lines = Lines(lambda: b"x")
    assert (lines.take(), lines.drained, lines.heard) == ([], False, READS)
    assert Lines(lambda: b"x\n").take() == [b"x"] * READS


def test_a_line_without_end_is_cut(monkeypatch):
    monkeypatch.setattr(lines_module, "LONGEST", 100)
    lines = Lines(lambda: b"x" * 60)
    assert {len(line) for line in lines.take()} == {120}
    assert lines.length < 120


@pytest.mark.skipif(not fork.available, reason="it is a fork")
def test_a_copy_that_has_ended_is_heard_to_its_end_though_it_sent_much():
    def work(send):
        for number in range(400):
            send({"number": number, "text": "x" * 20_000})

    copy = fork.Fork(work, 20)
    found = []
    while copy.open:
        found += copy.reports()
    assert copy.end() == 0
    assert [report["number"] for report in found] == list(range(400))

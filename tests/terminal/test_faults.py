"""What can go wrong around the REPL, and must cost comfort at most: files, disks, other people's code."""

import subprocess
import sys
import time

from .driver import FLUXREPL, learner


def test_a_home_that_cannot_be_written_gives_one_warning_and_a_working_repl(repl, tmp_path):
    (tmp_path / "file").write_text("not a folder")
    screen = repl(FLUXREPL_HOME=str(tmp_path / "file" / "below"))
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")
    screen.ready()
    screen.press("up")
    screen.until(lambda: "flux> 1 + 1" in screen.line_at_cursor())
    screen.press("ctrl-c")
    screen.enter("exit")
    assert screen.ends() == 0
    assert screen.raw.count("cannot write") == 1
    assert "Set FLUXREPL_HOME" in screen.screen


def test_no_home_at_all_gives_a_working_repl(repl):
    screen = repl(HOME="", FLUXREPL_HOME="/dev/null/nowhere", IPYTHONDIR="")
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")


def test_a_history_that_is_a_folder_is_said_once(repl, home):
    (home / "fluxrepl" / "history").mkdir(parents=True)
    screen = repl()
    screen.enter("'works'")
    screen.until("\n'works'\nflux>")
    screen.enter("'still'")
    screen.until("\n'still'\nflux>")
    assert screen.screen.count("history is kept in memory only") == 1


def test_a_full_disk_is_said_once(repl, home):
    (home / "fluxrepl").mkdir()
    (home / "fluxrepl" / "history").symlink_to("/dev/full")
    screen = repl()
    screen.enter("'one'")
    screen.until("\n'one'\nflux>")
    screen.enter("'two'")
    screen.until("\n'two'\nflux>")
    assert screen.screen.count("No space left on device") == 1


def test_a_corrupt_history_is_set_aside_said_once_and_read_as_far_as_it_goes(repl, home):
    (home / "fluxrepl").mkdir()
    path = home / "fluxrepl" / "history"
    damaged = b"\x00\xff\xfe rubbish\n+'good'\n\n+bad \x00 one\n\x80\n"
    path.write_bytes(damaged)
    screen = repl(columns=200)
    screen.ready()
    screen.until(lambda: screen.press("up") or "'good'" in screen.line_at_cursor())
    screen.press("enter")
    screen.until("\n'good'\nflux>")
    assert screen.raw.count("parts of the history were damaged") == 1
    assert (home / "fluxrepl" / "history.bak").read_bytes() == damaged
    screen.enter("exit")
    screen.ends()
    again = repl()
    again.enter("'fine'")
    again.until("\n'fine'\nflux>")
    assert "damaged" not in again.raw


def test_a_corrupt_history_of_ipython_is_said_and_costs_nothing_else(repl, home):
    (home / "fluxrepl" / "ipython" / "profile_default").mkdir(parents=True)
    (home / "fluxrepl" / "ipython" / "profile_default" / "history.sqlite").write_bytes(b"no database" * 1000)
    screen = repl()
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")
    screen.enter("%history")
    screen.until("1 + 1\n%history")
    screen.enter("exit")
    assert screen.ends() == 0
    assert "Traceback" not in screen.raw


def test_a_home_on_a_disk_that_is_mounted_read_only_gives_one_warning(repl):
    screen = repl(HOME="/proc", FLUXREPL_HOME="/proc/fluxrepl")
    screen.enter("1 + 1")
    screen.until("\n2\nflux>")
    screen.enter(":config theme dark")
    screen.until("for this session: ~/fluxrepl/config.toml was not written")
    screen.enter("exit")
    assert screen.ends() == 0
    assert screen.raw.count("cannot write") == 1


def test_corrupt_progress_is_set_aside_and_said(repl, home):
    (home / "fluxrepl").mkdir()
    (home / "fluxrepl" / "progress.json").write_text("{not json")
    screen = repl("learn", "01")
    screen.until("progress.json.bak")
    screen.ready()
    assert (home / "fluxrepl" / "progress.json.bak").read_text() == "{not json"


def test_a_value_whose_repr_fails_is_an_error_and_no_end(repl):
    screen = repl()
    screen.ready()
    screen.paste("class Bad:\n    def __repr__(self): raise RuntimeError('no picture of me')\n\nBad()")
    screen.until("Bad()")
    screen.press("enter")
    screen.until("RuntimeError: no picture of me")
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


def test_completion_survives_objects_that_fail(repl):
    screen = repl()
    screen.ready()
    screen.paste("class Bad:\n    def __dir__(self): raise RuntimeError('no')\n\nbad = Bad()")
    screen.until("bad = Bad()")
    screen.press("enter")
    screen.ready()
    screen.send("bad.x")
    screen.press("tab")
    screen.send("1")
    screen.until(lambda: "flux> bad.x1" in screen.line_at_cursor())
    screen.press("ctrl-c")
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


def test_output_of_twenty_thousand_lines_and_ten_megabytes_passes(repl):
    screen = repl()
    screen.enter("for i in range(20_000): print(i)")
    screen.until("\n19999\nflux>")
    screen.enter("print('x' * 10_000_000 + 'end')")
    screen.child.expect_exact("xend\r\n")  # past the screen: pyte would take minutes to draw it


def test_a_closed_terminal_ends_the_repl(repl):
    screen = repl()
    screen.ready()
    screen.child.ptyproc.fileobj.close()
    deadline = time.monotonic() + 20
    while screen.child.isalive():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_ctrl_c_while_a_child_runs_stops_only_the_child(repl):
    screen = repl()
    screen.enter("!echo be''gun; sleep 60")
    screen.until("\nbegun")
    screen.press("ctrl-c")
    screen.enter("'alive'")
    screen.until("\n'alive'\nflux>")


def test_a_reader_that_stops_reading_ends_a_pipe_without_a_word(home):
    command = [sys.executable, *FLUXREPL, "-c", "for i in range(100_000): print(i)"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=learner(home), text=True) as ran:
        assert ran.stdout.readline() == "0\n"
        ran.stdout.close()
        assert (ran.stderr.read(), ran.wait()) == ("", 141)


def test_closed_streams_are_no_fault(home):
    command = f"{sys.executable} {' '.join(FLUXREPL)} <&-"
    ran = subprocess.run(["sh", "-c", command], env=learner(home), capture_output=True, text=True, check=False)
    assert (ran.stdout, ran.stderr, ran.returncode) == ("", "", 0)


def test_files_named_like_modules_do_no_harm(pipe, tmp_path):
    for name in ("numpy", "random", "rich", "prompt_toolkit", "IPython"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('the wrong file')")
    script = "import sys; sys.path.pop(0); sys.argv = ['fluxrepl']; from fluxrepl.cli import main; sys.exit(main())"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        input="gradient(lambda x: x**2, 3.0)\n",
        cwd=tmp_path,
        env=learner(tmp_path / "home"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stdout == "(6.0,)\n"

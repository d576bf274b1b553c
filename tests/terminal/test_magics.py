"""Magics that IPython has at its own terminal only."""


def test_cpaste_runs_what_is_pasted_until_its_end(repl):
    screen = repl()
    screen.enter("%cpaste")
    screen.until("Pasting code; enter '--' alone")
    screen.send(">>> pasted = 6\n... \n>>> pasted * 7\n--\n")
    screen.until("42\nflux>")


def test_a_stored_value_comes_back_in_another_session(repl):
    screen = repl()
    screen.enter("kept = [1, 2]")
    screen.enter("%store kept")
    screen.until("Stored 'kept' (list)")
    screen.enter("exit")
    screen.ends()
    later = repl()
    later.enter("%store -r kept")
    later.enter("kept")
    later.until("\n[1, 2]\nflux>")


def test_clear_clears_and_less_shows_a_file(repl, tmp_path):
    (tmp_path / "notes.txt").write_text("a note\n")
    screen = repl(LESS="-FX")
    screen.enter("%less notes.txt")
    screen.until("\na note\nflux>")
    screen.enter("%clear")
    screen.until(lambda: screen.screen.strip() == "flux>")


def test_paste_is_there_where_autoindent_would_do_nothing(pipe):
    ran = pipe("%lsmagic\n").stdout
    assert {"%paste", "%cpaste", "%man"} <= set(ran.split())
    assert "%autoindent" not in ran


def test_who_lists_the_learners_names_only(pipe):
    assert pipe("mine = 1\n%who\n").stdout.split() == ["mine"]

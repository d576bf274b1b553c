"""An error that ends a thread."""


def told(shell, capsys, code):
    shell.run("import sys, threading, time")
    shell.run(f"thread = threading.Thread(target=lambda: {code}, name='worker'); thread.start(); thread.join()")
    return capsys.readouterr().err


def test_it_is_drawn_from_the_learners_line_on(shell, capsys):
    lines = told(shell, capsys, "1/0").splitlines()
    assert lines[0] == "Exception in thread worker:"
    assert lines[2].startswith("ZeroDivisionError ")
    assert lines[3].startswith("Cell In[")
    assert lines[-1] == "ZeroDivisionError: division by zero"


def test_where_no_line_is_the_learners_it_is_told_all_the_same(shell, capsys):
    shell.run("import threading, time")
    shell.run("thread = threading.Thread(target=time.sleep, args=['x']); thread.start(); thread.join()")
    said = capsys.readouterr().err
    assert "… 1 frame inside threading" in said
    assert "TypeError: 'str' object cannot be interpreted as an integer" in said


def test_sys_exit_ends_a_thread_in_silence(shell, capsys):
    assert told(shell, capsys, "sys.exit(3)") == ""

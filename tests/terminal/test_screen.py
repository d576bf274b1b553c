"""Errors and warnings on a narrow screen, and where there is none."""

CELL = "raise ValueError('the rows of W and the entries of x must agree in number, /a/path/which/is/whole')"


def test_an_error_is_broken_between_words(repl):
    screen = repl(columns=60)
    screen.enter("W = 1")
    screen.enter("gradient(lambda x: x, np.ones(2))")
    screen.until("\nflux>")
    screen.until(
        "NotScalarError: a gradient needs one real number, and the\n"
        "  function returned an array of shape (2,)\n"
        "A gradient says how one number changes with each argument;\n"
        "  it is not defined for anything else.\n"
        "Make one number of it: np.sum(y), np.mean(y). For the\n"
        "  derivative of every element, jacobian(f, x).\n"
    )
    assert "------------------------------------------------------------\n" in screen.screen


def test_an_error_follows_the_width_of_the_screen(repl):
    screen = repl(columns=100)
    screen.ready()
    screen.resize(40, 50)
    screen.enter("raise ValueError('word ' * 20)")
    screen.until("ValueError: word word word word word word word\n  word word")


def test_a_warning_is_words_and_a_place(repl):
    screen = repl(columns=60)
    screen.enter("Dense(2, 1)(np.ones(2));")
    screen.until(
        "Note: Dense(2, 1) has float32 weights, and got float64\n"
        "  numbers: they are converted\n"
        "NumPy makes float64 by default; float32 takes less memory\n"
        "  and time, and is as good here.\n"
        "To convert once, not at every call, write x =\n"
        "  x.astype(np.float32).\n"
        "  Cell In[1], line 1\n"
    )


def test_in_a_pipe_lines_stay_whole_and_uncoloured(pipe):
    done = pipe(f"np.log(0.0)\n{CELL}\n", COLUMNS="30")
    assert "RuntimeWarning: divide by zero encountered in log\n  Cell In[1], line 1\n" in done.stderr
    assert (
        "\nValueError: the rows of W and the entries of x must agree in number, /a/path/which/is/whole\n" in done.stderr
    )
    assert "\x1b" not in done.stderr

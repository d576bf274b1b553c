"""Settings: the file, the environment, what is wrong with them, and `:config`."""

import os
from pathlib import Path

import pytest

from fluxrepl.shell import config
from fluxrepl.shell.config import SETTINGS, load
from fluxrepl.shell.config_command import config as command

DOCS = Path(__file__).parents[2] / "docs" / "terminal.md"


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    """The file of settings of a learner who has none yet."""
    monkeypatch.setenv("FLUXREPL_HOME", str(tmp_path / "home"))
    for setting in SETTINGS.values():
        monkeypatch.delenv(setting.variable, raising=False)
    monkeypatch.setattr(config, "_LOADED", [])
    (tmp_path / "home").mkdir()
    return tmp_path / "home" / "config.toml"


def test_without_a_file_everything_has_its_default():
    settings = load()
    assert {name: settings[name] for name in SETTINGS} == {name: s.default for name, s in SETTINGS.items()}
    assert settings.warnings == []


def test_the_file_sets_and_sections_are_dots(file):
    file.write_text('theme = "dark"\nstartup = ["import math", "e = math.e"]\n[print]\nprecision = 3\n')
    settings = load()
    assert (settings["theme"], settings["print.precision"]) == ("dark", 3)
    assert settings["startup"] == ("import math", "e = math.e")
    assert settings.print_options() == {"precision": 3}
    assert settings.source("theme") == "file"


def test_the_environment_overrides_the_file(file):
    file.write_text('theme = "dark"\n')
    settings = load({"FLUXREPL_THEME": "light", "FLUXREPL_PRINT_PRECISION": "4", "FLUXREPL_STARTUP": "a = 1; b = 2"})
    assert (settings["theme"], settings["print.precision"], settings["startup"]) == ("light", 4, ("a = 1", "b = 2"))
    assert settings.source("theme") == "FLUXREPL_THEME"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("\nthem = 'dark'", "line 3: there is no setting them; did you mean theme?"),
        ("precision = 3", "line 2: there is no setting precision; did you mean print.precision?"),
        ("zzzzzz = 3", "line 2: there is no setting zzzzzz; `:config` lists them."),
        (
            "theme = 'pink'",
            "theme: 'pink' is none of its words; write auto, light, dark or terminal. It is \"auto\" now.",
        ),
        ("suggestions = 'no'", "suggestions: 'no' is neither on nor off; write true or false. It is true now."),
        (
            "[print]\n# few\nprecision = -1",
            "line 4: print.precision: -1 does not fit; write a whole number from 0 to 50.",
        ),
        ("history_size = true", "history_size: True does not fit; write a whole number from 0 to 10000000."),
        ("editor = 7", "editor: 7 is no text; write a command, such as nano, in quotes."),
        ("startup = 'x'", 'startup: \'x\' is no list of texts; write ["one", "two"].'),
        ("theme = {a = 1}", "there is no setting theme.a; did you mean theme?"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_line_and_has_its_default(file, text, said):
    file.write_text("editing = 'vi'\n" + text)
    settings = load()
    (warning,) = settings.warnings
    assert said in warning
    assert settings["editing"] == "vi"


def test_a_variable_that_cannot_be_used_is_told():
    assert load({"FLUXREPL_PRINT_PRECISION": "many"}).warnings == [
        "FLUXREPL_PRINT_PRECISION: 'many' is no number; write a whole number from 0 to 50."
    ]


@pytest.mark.parametrize("raw", [b"theme = \n", b"theme = 'dark", b"\xff\xfe\x00", b"a\0b"])
def test_what_is_no_toml_is_set_aside_and_said_once(file, raw):
    file.write_bytes(raw)
    settings = load()
    (warning,) = settings.take_warnings()
    assert "is no TOML" in warning
    assert "kept as config.toml.bak" in warning
    assert file.with_name("config.toml.bak").read_bytes() == raw
    assert not file.exists()
    assert settings.take_warnings() == load().warnings == []


def test_each_file_that_is_set_aside_is_kept(file):
    for text in ("one", "two"):
        file.write_text(text)
        load()
    assert file.with_name("config.toml.bak").read_text() == "one"
    assert file.with_name("config.toml.bak2").read_text() == "two"


def test_a_mistake_in_toml_is_told_with_its_line(file):
    file.write_text("theme = 'dark'\nediting 'vi'\n")
    assert "at line 2, column 9" in load().warnings[0]


def test_a_file_that_is_a_folder_is_passed_over(file):
    file.mkdir()
    assert "cannot be read" in load().warnings[0]


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(file):
    file.write_bytes(b"\xef\xbb\xbftheme = 'dark'\r\n[print]\r\nprecision = 2\r\n")
    settings = load()
    assert (settings["theme"], settings["print.precision"], settings.warnings) == ("dark", 2, [])


def test_without_flux_home_the_file_is_in_the_users_folder_of_settings(monkeypatch, tmp_path):
    from fluxrepl.shell.config_file import config_path, shown_path

    monkeypatch.delenv("FLUXREPL_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / ".config"))
    assert config_path().name == "config.toml"
    assert config_path().parent.name == "fluxrepl"
    assert not shown_path().startswith(str(tmp_path)) or os.name == "nt"


# -- `:config`


def test_config_lists_every_setting_and_the_file():
    text = command("")
    assert all(f"\n{name} " in f"\n{text}" for name in SETTINGS)
    assert "config.toml (not there yet)" in text


def test_config_of_a_name_tells_what_it_takes():
    assert command("theme") == (
        'theme = "auto"\n'
        "Colours; auto fits them to the background.\n"
        'It takes auto, light, dark or terminal; default "auto"; the variable FLUXREPL_THEME overrides.'
    )


def test_config_of_a_section_lists_it():
    assert [line.split()[0] for line in command("print").split("\n")] == [n for n in SETTINGS if n.startswith("print.")]


def test_config_sets_now_and_in_the_file_and_keeps_comments(file):
    file.write_text("# mine\ntheme = 'light'  # for the beamer\n\n[print]\nprecision = 3\n")
    told = []
    config.settings().watchers.append(told.append)
    assert command("theme dark") == 'theme = "dark"'
    assert command("print.precision = 5") == "print.precision = 5"
    assert command("confirm-exit yes") == "confirm_exit = true"
    assert file.read_text() == (
        '# mine\ntheme = "dark"  # for the beamer\nconfirm_exit = true\n\n[print]\nprecision = 5\n'
    )
    assert told == ["theme", "print.precision", "confirm_exit"]
    assert load()["confirm_exit"] is True


def test_config_makes_the_file_where_there_is_none(file):
    file.parent.rmdir()
    assert command("print.precision 4") == "print.precision = 4"
    assert load()["print.precision"] == 4
    assert file.read_text().startswith("# Settings of fluxrepl.")


def test_config_default_takes_a_setting_out_of_the_file(file):
    command("theme dark")
    assert command("theme default") == 'theme = "auto"'
    assert "theme" not in file.read_text()
    assert config.settings().source("theme") == "default"


def test_config_says_what_takes_effect_later():
    assert command("history_size 50") == "history_size = 50; it takes effect when fluxrepl starts again"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("them dark", "There is no setting them; did you mean theme?"),
        ("Theme dark", "There is no setting Theme; did you mean theme?"),
        ("theme pink", "theme stays \"auto\": 'pink' is none of its words; write auto, light, dark or terminal."),
        ("print.precision x", "print.precision stays 8: 'x' is no number; write a whole number from 0 to 50."),
        ("startup [1]", 'startup stays []: [1] is no list of texts; write ["one", "two"].'),
        ("suggestions perhaps", "suggestions stays true: 'perhaps' is neither on nor off; write true or false."),
    ],
)
def test_config_refuses_what_cannot_be_and_says_what_can(file, typed, said):
    assert command(typed) == said
    assert not file.exists()


def test_config_says_where_a_setting_of_the_prompt_does_nothing(file):
    said = command("print.precision 3", prompted=False)
    assert said == (
        "print.precision = 3 at the prompt in a terminal; in this session, write `np.set_printoptions(precision=3)`"
    )
    assert "precision = 3" in file.read_text()
    assert command("theme dark", prompted=False) == 'theme = "dark" at the prompt in a terminal'
    assert "starts again" in command("allocator system", prompted=False)


def test_config_says_when_a_variable_stands_above_it(monkeypatch, file):
    monkeypatch.setenv("FLUXREPL_THEME", "light")
    assert command("theme dark") == 'theme = "dark"; FLUXREPL_THEME overrides it, as long as that is set'
    assert config.settings()["theme"] == "light"


def test_config_that_cannot_be_written_holds_for_the_session(file):
    file.parent.rmdir()
    file.parent.write_text("no folder")
    assert command("theme dark").startswith('theme = "dark", for this session: ')
    assert config.settings()["theme"] == "dark"


def test_a_link_to_a_file_elsewhere_stays_a_link(file, tmp_path):
    (tmp_path / "dotfiles").mkdir()
    file.symlink_to(tmp_path / "dotfiles" / "flux.toml")
    command("theme dark")
    assert file.is_symlink()
    assert 'theme = "dark"' in (tmp_path / "dotfiles" / "flux.toml").read_text()


def test_the_shell_obeys_the_command_in_notebooks_too(shell):
    shell.run("%lesson config theme")
    assert 'theme = "auto"' in shell.words


# -- the documentation


def test_the_table_of_settings_in_the_docs_is_that_of_the_code():
    rows = [line for line in DOCS.read_text(encoding="utf-8").split("\n") if line.startswith("| `")]
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in rows]
    documented = {row[0].strip("`"): row[1:] for row in rows if row[0].strip("`") in SETTINGS}
    assert documented == {name: [f"`{config.as_text(s.default)}`", s.kind.says, s.says] for name, s in SETTINGS.items()}


def test_each_setting_fits_a_line_of_80_columns():
    assert [line for line in command("").split("\n") if len(line) > 80 and "config.toml" not in line] == []

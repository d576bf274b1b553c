"""What keys do at the prompt beyond prompt_toolkit's own bindings.

Enter runs a finished cell and opens a new, indented line in an unfinished one. `has_focus(DEFAULT_BUFFER)`
stands in every binding: without it, Enter would not end a Ctrl-R search.
"""

import re
from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app, run_in_terminal
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.completion import CompleteEvent, get_common_complete_suffix
from prompt_toolkit.document import Document
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import (
    Condition,
    completion_is_selected,
    emacs_insert_mode,
    has_completions,
    has_focus,
    has_selection,
    vi_insert_mode,
)
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

from .unfinished import ends_blank

if TYPE_CHECKING:
    from .prompt import Prompt
    from .screen import ScreenShell

INDENT = 4
ENDS_BLOCK = re.compile(r"\s*(return|raise|pass|break|continue)\b(?!.*[\[({,\\]\s*$)")

# (keys, what they do): shown by F1 and `:help`.
KEYS = [
    ("Enter", "run the cell; in an unfinished one open a line, where two empty lines run it"),
    ("Alt-Enter", "open a line, whatever stands there"),
    ("Tab", "complete; indent at the start of a line; \\sigma Tab gives σ"),
    ("Up, Down", "earlier and later cells, whole; after some typing, those that begin with it"),
    ("Ctrl-R", "search in earlier cells"),
    ("Right, Ctrl-E", "take the grey suggestion"),
    ("Ctrl-C", "clear the line; interrupt what runs"),
    ("Ctrl-D", "leave (on an empty line)"),
    ("F1", "this help"),
    ("F2", "open the cell in your editor ($VISUAL); what you save runs"),
    ("F4", "keys of Emacs or of vi"),
]

at_prompt = has_focus(DEFAULT_BUFFER)
inserting = emacs_insert_mode | vi_insert_mode


@Condition
def in_leading_space() -> bool:
    """True if only white space stands left of the cursor on its line."""
    return not get_app().current_buffer.document.current_line_before_cursor.strip()


@Condition
def is_empty() -> bool:
    return not get_app().current_buffer.text


@Condition
def enter_follows() -> bool:
    """True if Enter was pressed so soon after this key that both came in one piece."""
    waiting = get_app().key_processor.input_queue
    return bool(waiting) and waiting[0].key in (Keys.ControlM, Keys.ControlJ)


def bindings(prompt: "Prompt") -> KeyBindings:
    """All bindings of the prompt."""
    keys = KeyBindings()
    _bind_enter(keys, prompt)
    _bind_indent(keys, prompt)
    _bind_paste(keys, prompt)
    _bind_control(keys, prompt)
    _bind_function_keys(keys, prompt)
    return keys


def _bind_enter(keys: KeyBindings, prompt: "Prompt") -> None:
    @keys.add("enter", filter=at_prompt & completion_is_selected)
    def take_completion(event: KeyPressEvent) -> None:
        event.current_buffer.complete_state = None

    @keys.add("enter", filter=at_prompt & ~completion_is_selected)
    def run_or_continue(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state:
            _complete_now(prompt, buffer)  # what Tab has asked for may still be on its way
        whole = prompt.came_whole(buffer.text)
        if not whole and not _at_end(buffer.document):
            _new_line(event, "" if _more_is_pasted(event) else _indent_of(buffer.document.current_line_before_cursor))
            return
        status, indent = _status(prompt, buffer.text, whole)
        if status == "incomplete" and not ends_blank(buffer.text):
            line = buffer.document.current_line_before_cursor
            indent = _indent_of(line) if ENDS_BLOCK.match(line) else indent
            _new_line(event, "" if _more_is_pasted(event) else indent)
        else:
            _accept(buffer)

    @keys.add("escape", "enter", filter=at_prompt)
    def open_line(event: KeyPressEvent) -> None:
        _new_line(event, _indent_of(event.current_buffer.document.current_line_before_cursor))


def _status(prompt: "Prompt", text: str, whole: bool) -> tuple[str, str]:
    """("complete" | "incomplete" | "invalid", indent of the next line), as the shell sees it."""
    if not text.strip() or text.lstrip().startswith(":"):
        return "complete", ""
    shell = _shell(prompt)
    if shell is None:
        return "complete", ""  # the loop asks for the shell again, and tells what is wrong
    status, indent = shell.check_complete(text)
    if whole and status == "incomplete":
        status, _ = shell.check_complete(text + "\n\n")
    return status, indent


def _shell(prompt: "Prompt") -> "ScreenShell | None":
    try:
        return prompt.late.get()
    except BaseException:
        return None


def _complete_now(prompt: "Prompt", buffer: Buffer) -> None:
    """Complete as Tab does, but before the next key: what Enter runs must be what stands on the screen."""
    document, buffer.complete_state = buffer.document, None  # so an answer that comes later changes nothing any more
    if _shell(prompt) is None:
        return
    found = list(buffer.completer.get_completions(document, CompleteEvent(completion_requested=True)))
    if len(found) == 1:
        buffer.apply_completion(found[0])
    else:
        buffer.insert_text(get_common_complete_suffix(document, found))


def _accept(buffer: Buffer) -> None:
    buffer.document = Document(buffer.text.rstrip())  # blank lines at the end have done their work
    buffer.validate_and_handle()


def _at_end(document: Document) -> bool:
    return document.on_last_line or not document.text_after_cursor.strip()


def _new_line(event: KeyPressEvent, indent: str) -> None:
    event.current_buffer.insert_text("\n" + indent)


def _indent_of(line: str) -> str:
    """The white space that begins a line; one step more after a colon, one less after what ends a block."""
    space = line[: len(line) - len(line.lstrip())]
    if line.rstrip().endswith(":"):
        return space + " " * INDENT
    return space[:-INDENT] if ENDS_BLOCK.match(line) else space


def _more_is_pasted(event: KeyPressEvent) -> bool:
    """True if white space is already waiting behind this Enter: a paste that brings its own indentation."""
    waiting = event.app.key_processor.input_queue
    return bool(waiting) and waiting[0].key in (" ", Keys.ControlI)


def _bind_indent(keys: KeyBindings, prompt: "Prompt") -> None:
    @keys.add("tab", filter=at_prompt & inserting & is_empty & Condition(lambda: bool(prompt.offer)))
    def bring_back(event: KeyPressEvent) -> None:
        prompt.whole = prompt.offer
        event.current_buffer.insert_text(prompt.offer)

    @keys.add(":", filter=at_prompt & inserting & Condition(lambda: _is_untouched(prompt)))
    def command_instead(event: KeyPressEvent) -> None:
        event.current_buffer.reset()
        event.current_buffer.insert_text(":")

    @keys.add("tab", filter=at_prompt & inserting & ~in_leading_space & ~has_completions & enter_follows)
    def complete(event: KeyPressEvent) -> None:
        _complete_now(prompt, event.current_buffer)

    @keys.add("tab", filter=at_prompt & inserting & ~is_empty & in_leading_space & ~has_completions & ~has_selection)
    def indent(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        buffer.insert_text(" " * (INDENT - len(buffer.document.current_line_before_cursor) % INDENT))

    @keys.add("backspace", filter=at_prompt & inserting & in_leading_space & ~has_selection)
    def back_one_step(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        space = buffer.document.current_line_before_cursor
        step = (len(space) - 1) % INDENT + 1 if space and not space.strip(" ") else 1
        buffer.delete_before_cursor(step)

    @keys.add("s-tab", filter=at_prompt & inserting & in_leading_space & ~has_completions)
    def dedent(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        buffer.delete_before_cursor(min(INDENT, len(buffer.document.current_line_before_cursor)))


def _is_untouched(prompt: "Prompt") -> bool:
    """True if a lesson's offer stands at the prompt as it came: a colon then begins a command in its place."""
    buffer = prompt.session.default_buffer
    return bool(prompt.offer) and buffer.text == prompt.offer and buffer.document.is_cursor_at_the_end


def _bind_paste(keys: KeyBindings, prompt: "Prompt") -> None:
    @keys.add(Keys.BracketedPaste, filter=at_prompt)
    def paste(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        text = event.data.replace("\r\n", "\n").replace("\r", "\n")
        alone = not buffer.text.strip()
        buffer.insert_text(text.rstrip("\n") if alone else text)
        if alone:
            prompt.whole = buffer.text


def _bind_control(keys: KeyBindings, prompt: "Prompt") -> None:
    @keys.add("c-c", filter=at_prompt & ~is_empty)
    @keys.add("<sigint>", filter=at_prompt & ~is_empty)
    def clear(event: KeyPressEvent) -> None:
        event.current_buffer.reset()
        event.app.vi_state.reset()  # a new line begins with typing

    @keys.add("f4", filter=at_prompt)
    def switch_editing(event: KeyPressEvent) -> None:
        prompt.toggle_vi()


def _bind_function_keys(keys: KeyBindings, prompt: "Prompt") -> None:
    @keys.add("f1")
    def tell(event: KeyPressEvent) -> None:
        run_in_terminal(prompt.show_help)

    @keys.add("f2", filter=at_prompt)
    @keys.add("c-x", "c-e", filter=at_prompt)
    def open_editor(event: KeyPressEvent) -> None:
        prompt.open_editor()

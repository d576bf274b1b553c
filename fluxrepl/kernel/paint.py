"""How errors and warnings are drawn in a notebook: by weight, not by colour, in lines that are broken between words.

A notebook makes HTML of the text of an error, on paper that is pale red in a light theme and dark red in a dark one.
None of the sixteen colours that a text can ask for can be read on both, and lines that are too long are broken
anywhere, in the middle of a word. Bold text and short lines are readable everywhere.
"""

from fluxrepl.shell.tracebacks import Paint

WIDTH = 84  # characters; what a notebook has room for on half a screen
BOLD, PLAIN = "\033[1m", "\033[0m"
STRONG = {"red", "bold red", "yellow", "green"}  # the name of an error or a warning, the line that failed, its mark


class NotebookPaint(Paint):
    """Bold or plain."""

    def __call__(self, style: str, text: str) -> str:
        strong = self.colours and style in STRONG and text.strip("-") != ""  # not the rule above
        return f"{BOLD}{text}{PLAIN}" if strong else text

    def code(self, text: str) -> str:
        return text

    def within(self, margin: str) -> "NotebookPaint":
        return NotebookPaint(self.colours, self.width and max(self.width - len(margin), len(margin)))

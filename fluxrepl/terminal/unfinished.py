"""A cell that is not finished: what is still open in it, and how its writer says that it is to run all the same.

Enter opens a line in an unfinished cell. One slip, such as `def f(:`, would so open lines for ever: therefore two empty
lines at the end hand the cell in as it is, and Python says what is wrong with it.
"""

import io
import re
import tokenize
from functools import lru_cache

# A comment, or a string that ends; and how one begins.
WHOLE = re.compile(
    r"""#[^\n]*|('{3}|"{3})(?:\\.|[^\\])*?\1|'(?!'')(?:\\.|[^'\\\n])*'|"(?!"")(?:\\.|[^"\\\n])*\"""", re.DOTALL
)
QUOTE = re.compile(r"""([a-zA-Z]*)['"]""")

CLOSING = {")": "(", "]": "[", "}": "{"}


@lru_cache(maxsize=2)  # the bar asks at each key
def open_part(text: str) -> str:
    """The innermost bracket that is open at the end of `text`, or `\"\"\"` for an open string; "" if none is.

    Example:
        >>> open_part("def f("), open_part("sum([1, 2], "), open_part("f(1)")
        ('(', '(', '')

    """
    brackets: list[str] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.OP and token.string in ("(", "[", "{"):
                brackets.append(token.string)
            elif token.type == tokenize.OP and brackets and CLOSING.get(token.string) == brackets[-1]:
                brackets.pop()
    except tokenize.TokenError as error:
        if "string" in str(error):
            return '"""'
    except SyntaxError:
        return ""
    return brackets[-1] if brackets else ""


def in_string(text: str) -> bool:
    """True if `text` ends within a string; not in an f-string, which may hold code.

    Example:
        >>> in_string("d['"), in_string("d['a'].b"), in_string("f'{x."), in_string("x  # it's")
        (True, False, False, False)

    """
    opened = QUOTE.search(WHOLE.sub(" ", text))
    return opened is not None and "f" not in opened[1].lower()


def ends_blank(text: str) -> bool:
    """True if the last two lines are empty and hand the cell in. Within a string they are text, and do not.

    Example:
        >>> ends_blank("def f(:\\n\\n"), ends_blank("def f(:\\n"), ends_blank("text = '''\\n\\n")
        (True, False, False)

    """
    lines = text.split("\n")
    return len(lines) > 2 and not "".join(lines[-2:]).strip() and open_part(text) != '"""'

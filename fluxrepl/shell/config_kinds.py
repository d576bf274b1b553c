"""What a setting may hold: each kind checks what a file gives, and reads what was typed.

`check` takes a value of TOML, `read` a text from `:config` or from the environment; both return the value to use, or
raise a ValueError that says what may stand there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

YES, NO = ("true", "yes", "on", "1"), ("false", "no", "off", "0", "")


@dataclass(frozen=True)
class Choice:
    """One word of a few."""

    words: tuple[str, ...]

    @property
    def says(self) -> str:
        return ", ".join(self.words[:-1]) + " or " + self.words[-1]

    def check(self, value: Any) -> str:
        if not isinstance(value, str) or value.lower() not in self.words:
            raise ValueError(f"{value!r} is none of its words; write {self.says}")
        return value.lower()

    def read(self, text: str) -> str:
        return self.check(text.strip().strip("\"'"))


@dataclass(frozen=True)
class Switch:
    """On or off."""

    says: str = "true or false"

    def check(self, value: Any) -> bool:
        if not isinstance(value, bool):
            raise ValueError(f"{value!r} is neither on nor off; write {self.says}")
        return value

    def read(self, text: str) -> bool:
        word = text.strip().lower()
        if word not in YES + NO:
            raise ValueError(f"{text!r} is neither on nor off; write {self.says}")
        return word in YES


@dataclass(frozen=True)
class Count:
    """A whole number within bounds."""

    low: int
    high: int

    @property
    def says(self) -> str:
        return f"a whole number from {self.low} to {self.high}"

    def check(self, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.low <= value <= self.high:
            raise ValueError(f"{value!r} does not fit; write {self.says}")
        return value

    def read(self, text: str) -> int:
        try:
            number = int(text.strip().replace("_", ""))
        except ValueError:
            raise ValueError(f"{text!r} is no number; write {self.says}") from None
        return self.check(number)


@dataclass(frozen=True)
class Text:
    """Any text."""

    says: str = "a text"

    def check(self, value: Any) -> str:
        if not isinstance(value, str):
            raise ValueError(f"{value!r} is no text; write {self.says}, in quotes")
        return value

    def read(self, text: str) -> str:
        text = text.strip()
        quoted = len(text) > 1 and text[0] == text[-1] and text[0] in "\"'"
        return text[1:-1] if quoted else text


@dataclass(frozen=True)
class Texts:
    """Several texts; typed, they stand between semicolons."""

    says: str = "a list of texts"

    def check(self, value: Any) -> tuple[str, ...]:
        if not isinstance(value, Sequence) or isinstance(value, str) or any(not isinstance(v, str) for v in value):
            raise ValueError(f'{value!r} is no list of texts; write ["one", "two"]')
        return tuple(value)

    def read(self, text: str) -> tuple[str, ...]:
        if text.strip().startswith("["):
            import tomllib

            try:
                return self.check(tomllib.loads(f"texts = {text}")["texts"])
            except tomllib.TOMLDecodeError:
                raise ValueError(f'{text!r} is no list of texts; write ["one", "two"]') from None
        return tuple(part.strip() for part in text.split(";") if part.strip())


Kind = Choice | Switch | Count | Text | Texts

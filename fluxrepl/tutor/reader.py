"""From a Markdown file to a `Lesson`: the text, its parts, then blocks and steps in the order of the file."""

from dataclasses import replace
from pathlib import Path
from typing import Literal

from .examples import check_parses, pycon_examples, python_examples
from .exercise import Drafts
from .frontmatter import TEMPLATE, FrontMatter, parse_front_matter
from .groups import clashes
from .lesson import Block, Example, Exercise, Lesson, Options
from .markdown import (
    ChoicesPart,
    CommentPart,
    DetailsPart,
    FencePart,
    FrontMatterPart,
    HeadingPart,
    HiddenPart,
    Part,
    parse,
)
from .options import parse_head, parse_info
from .problem import Problems
from .questions import Questions
from .steps import TAGS, Steps


def read_lesson(path: Path) -> Lesson:
    """The lesson in the file `path`; a `LessonError` lists everything that is wrong, if it cannot run so."""
    problems = Problems(path)
    try:
        lesson = Reader(path, _text(path, problems), problems).lesson()
    except (MemoryError, RecursionError):
        raise problems.stop(0, "nested too deep to be read", "", "write it in smaller pieces") from None
    if problems.found:
        raise problems.error()
    return replace(lesson, remarks=tuple(problems.remarks)) if problems.remarks else lesson


def _text(path: Path, problems: Problems) -> str:
    """The file's text with `\\n` line ends."""
    if path.is_dir():
        raise problems.stop(0, "a folder, not a lesson", "a lesson is one Markdown file", "name a file in it")
    if path.exists() and not path.is_file():
        raise problems.stop(0, "a pipe, a socket or a device", "a lesson is a plain file", "")
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        if path.is_symlink():
            raise problems.stop(0, f"a link to {path.readlink()}, which is not there", "", "") from None
        raise problems.stop(0, "no such file", "", "see `fluxrepl lessons` for the course") from None
    except OSError as error:
        raise problems.stop(0, f"cannot be read: {error.strerror}", "", "check its permissions") from None
    if not data.strip():
        raise problems.stop(1, "the file is empty", "a lesson begins with its title and id", TEMPLATE)
    if b"\0" in data:
        line = data[: data.index(b"\0")].count(b"\n") + 1
        raise problems.stop(line, "not a text file", "it has NUL characters", "a lesson is Markdown in UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        why = f"byte {data[error.start]:#04x} has no meaning there"
        raise problems.stop(line, "the file is not UTF-8", why, "save it as UTF-8") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Reader:
    """Walks the parts of a lesson once and hands each to what it belongs to."""

    def __init__(self, path: Path, text: str, problems: Problems):
        self.path, self.text, self.problems = path, text, problems
        self.front = FrontMatter()
        self.blocks: list[Block] = []
        self.drafts = Drafts(problems)
        self.steps = Steps(text.split("\n"))
        self.questions = Questions(self.steps, self.drafts, problems)

    def lesson(self) -> Lesson:
        """The whole lesson; what is wrong goes to `problems`."""
        parts = parse(self.text, self.problems)
        if not parts or not isinstance(parts[0], FrontMatterPart):
            why = "its closing --- is missing" if self.text.startswith("---") else "a lesson needs a title and an id"
            raise self.problems.stop(1, "no front matter", why, TEMPLATE)
        for part in parts:
            self._take(part)
        self.questions.section_ends()
        self.steps.finish()
        exercises = self.drafts.finish()
        self.questions.finish()
        blocks = tuple(self._finished(block, exercises) for block in self.blocks)
        for clash in clashes(blocks):
            self.problems.remark(clash.line, *clash.words)
        front = self.front
        steps = self.steps.built(front.title, exercises)
        if not steps and not self.problems.found:
            boxes = any(isinstance(part, DetailsPart) for part in parts)
            why = "hints and answers are not shown by themselves" if boxes else "there is only a head"
            self.problems.add(1, "a lesson with nothing in it", why, "write some text and an example")
        return Lesson(
            front.id, front.title, self.path, front.requires, front.objectives, front.minutes, blocks, steps, self.text
        )

    def _finished(self, block: Block, exercises: dict[str, Exercise]) -> Block:
        """A block together with what stood elsewhere in the file: its exercise, or the answer to its question."""
        if block.kind == "exercise":
            return replace(block, exercise=exercises.get(block.options.starter))
        if block.options.quiz:
            want = self.questions.want(block.options.quiz)
            return replace(block, examples=tuple(replace(example, want=want) for example in block.examples))
        return block

    def _take(self, part: Part) -> None:
        match part:
            case FrontMatterPart():
                self.front = parse_front_matter(part.text, self.problems)
                self.steps.begin(part.end)
            case HeadingPart():
                self.questions.section_ends()
                self.drafts.current = None  # hints below belong to another section
                self.steps.heading(part.start, part.text)
            case FencePart():
                self._fence(part)
            case HiddenPart():
                self._hidden(part)
            case DetailsPart():
                self._details(part)
            case ChoicesPart():
                self.questions.offer(part.choices)
            case CommentPart():
                self.steps.hide(part.start, part.end)

    def _fence(self, part: FencePart) -> None:
        line = min(part.start + 2, len(self.steps.lines))  # an unclosed one may be the last line of the file
        language, options = parse_info(part.info, part.start + 1, self.problems)
        if language == "" and any(row.startswith(">>> ") for row in part.text.split("\n")):
            why = "a fence without a language is not run"
            self.problems.add(part.start + 1, "prompts in a fence without a language", why, "write ```pycon")
        if language not in ("pycon", "python"):
            return
        if options.solution:
            self.drafts.solution(options.solution, part.text, line)
            self.steps.hide(part.start, part.end)
        elif options.starter:
            self.drafts.starter(options.starter, part.text, part.start + 1)
            self.blocks.append(Block("exercise", part.start + 1, (), options))
            self.steps.exercise(options.starter, part.start, part.end, options)
        elif options.quiz:
            if check_parses(part.text, line, self.problems):
                self.questions.code(options.quiz, part.text, part.start + 1)
                self.blocks.append(Block("python", part.start + 1, (Example(part.text, line),), options))
        else:
            examples = self._examples(language, part.text, line, options)
            if not options.norun and examples:
                kind: Literal["pycon", "python"] = "pycon" if language == "pycon" else "python"
                self.blocks.append(Block(kind, part.start + 1, examples, options))
                self.steps.examples(kind, examples, options, part.start, part.end)

    def _examples(self, language: str, text: str, line: int, options: Options) -> tuple[Example, ...]:
        if language == "pycon":
            return pycon_examples(text, line, self.problems)
        return python_examples(text, line, options.raises, self.problems)

    def _hidden(self, part: HiddenPart) -> None:
        self.steps.hide(part.start, part.end)
        at, line = part.start + 1, part.start + 2
        head = parse_head(part.head, at, self.problems)
        if head is None:
            return
        if head.kind == "quiz":
            if checked := self.questions.ask(head, part):
                self.blocks.append(checked)
        elif not part.body.strip():
            self.problems.add(at, f"`fluxrepl:{head.kind}` without code", "", "write it on the lines below, before -->")
        elif head.kind == "check":
            self.drafts.check(head.name, part.body, line)
        elif head.kind == "wrong":
            self.drafts.wrong(head.name, head.says, part.body, line)
        else:
            language = "pycon" if part.body.lstrip().startswith(">>>") else "python"
            options = Options(group=head.group)
            examples = self._examples(language, part.body, line, options)
            self.blocks.append(Block("setup", at, examples, options))
            self.steps.setup("".join(example.source for example in examples))

    def _details(self, part: DetailsPart) -> None:
        words = part.summary.lower()
        at = part.start + 1
        if words.startswith("hint"):
            self.drafts.hint(part.inside, at)
        elif words.startswith("solution"):
            self.drafts.explanation(self._explanation(part))
            for inner in part.parts:
                if isinstance(inner, FencePart):
                    self._solution(inner)
        elif words.startswith("answer"):
            if not part.inside.strip():
                self.problems.remark(at, "an empty answer", "a learner opens it in vain", "write why it is right")
            self.questions.explain(part.inside, at)
        else:
            self.steps.open_details(part.start, part.end, part.summary)
            for inner in part.parts:
                self._take(inner)
            return
        for inner in part.parts:
            if isinstance(inner, HiddenPart):
                self._hidden(inner)
            elif isinstance(inner, FencePart) and not words.startswith("solution"):
                language, _ = parse_info(inner.info, inner.start + 1, self.problems)
                if language == "python":
                    check_parses(inner.text, inner.start + 2, self.problems)
        self.steps.hide(part.start, part.end)

    def _solution(self, part: FencePart) -> None:
        _, options = parse_info(part.info, part.start + 1, self.problems)
        if options.solution:
            self._fence(part)

    def _explanation(self, part: DetailsPart) -> str:
        """What a Solution box says around its code."""
        code = {row for inner in part.parts if isinstance(inner, FencePart) for row in range(inner.start, inner.end)}
        rows = [self.steps.lines[row] for row in range(part.start, part.end) if row not in code]
        return TAGS.sub("", "\n".join(rows)).strip()

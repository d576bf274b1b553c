"""Where `export` and `import` write: to a file that is not there yet, or to the screen."""

import sys
from pathlib import Path


def write_out(text: str, asked: str | None, default: Path, force: bool) -> str:
    """Write `text` to the file `asked` (`-`: print it; none: `default`); what is wrong with that, if it cannot be."""
    if asked == "-":
        sys.stdout.buffer.write(text.encode("utf-8"))
        return ""
    from fluxrepl.tutor.notebook.files import write

    path = Path(asked) if asked else default
    if asked == "" or path.is_dir():
        return f"{asked!r} names no file; write one behind -o"
    if path.exists() and not force:
        return f"{path} exists already; name another file with -o, or overwrite it with --force"
    try:
        write(text, path)
    except OSError as error:
        why = error.strerror or error
        return f"cannot write {path}: {why}; name a file in a folder that is there and can be written"
    print(f"{path} is written")
    return ""

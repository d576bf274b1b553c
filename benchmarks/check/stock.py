"""Stock doctest over a folder of Markdown files: in this process, or (`--apart`) in a process for each file."""

import doctest
import subprocess
import sys
from pathlib import Path


def main(argv: list[str]) -> int:
    """Check every file; 1 if anything failed."""
    files = sorted(Path(argv[-1]).glob("*.md"))
    if argv[0] == "--apart":
        commands = ([sys.executable, "-m", "doctest", str(file)] for file in files)
        failed = sum(subprocess.run(c, stdout=subprocess.DEVNULL, check=False).returncode != 0 for c in commands)
    else:
        failed = sum(doctest.testfile(str(file), module_relative=False).failed for file in files)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

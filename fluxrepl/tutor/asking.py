"""Which questions code asks that no audit hook tells of: whether a file exists, how large it is, and so on."""

from collections.abc import Iterator
from types import CodeType

ABOUT_FILES = frozenset(
    "exists lexists is_file isfile is_dir isdir islink is_symlink is_mount ismount is_junction isjunction is_socket"  # noqa: SIM905
    " is_fifo is_block_device is_char_device getsize getmtime getctime getatime stat lstat fstat statvfs fstatvfs"
    " readlink realpath resolve samefile sameopenfile samestat access which glob iglob glob0 glob1 rglob disk_usage"
    " dir_fd src_dir_fd dst_dir_fd fwalk umask uname cpu_count process_cpu_count sched_getaffinity getrlimit"
    " getrusage getuid geteuid getgid getegid getgroups getlogin getpwuid getpwnam getgrgid argv orig_argv pathconf"
    " sysconf getloadavg gethostname _posixsubprocess fork_exec psutil".split()  # noqa: RUF100, SIM905
)
ABOUT_ENVIRONMENT = frozenset("environ environb getenv getenvb expandvars get_exec_path".split())  # noqa: SIM905


def asked(code: CodeType) -> tuple[str, bool]:
    """A name by which `code` may ask about files or the system ("" for none), and whether it looks at the environment.

    Example:
        >>> asked(compile("import os; os.path.exists('x')", "", "exec"))
        ('exists', False)
        >>> asked(compile("import os; os.environ.get('MODE')", "", "exec"))
        ('', True)

    """
    names = set(_names(code))
    return min(names & ABOUT_FILES, default=""), bool(names & ABOUT_ENVIRONMENT)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
        elif isinstance(constant, str):
            yield constant
        elif isinstance(constant, tuple):  # names of arguments, or `from` what is imported
            yield from (one for one in constant if isinstance(one, str))

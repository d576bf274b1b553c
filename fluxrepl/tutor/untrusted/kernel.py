"""What Python's standard library does not offer of Linux: namespaces, capabilities, prctl. Each call raises OSError."""

import ctypes
import functools
import os
from typing import Any

NEW_USER, NEW_PID, NEW_MOUNTS, NEW_IPC = 0x10000000, 0x20000000, 0x00020000, 0x08000000
NO_SETUID, NO_DEVICES = 2, 4  # flags of mount

_DIE_WITH_PARENT, _DUMPABLE, _DROP_BOUND, _NO_NEW_PRIVILEGES, _GET_SECCOMP, _GET_NO_NEW = 1, 4, 24, 38, 21, 39


@functools.cache
def libc() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def prctl(option: int, value: Any = 0, more: Any = 0) -> int:
    """Change or ask something about this process; unused arguments must be zero, as wide as a register."""
    wide = [ctypes.c_ulong(part) if isinstance(part, int) else part for part in (value, more, 0, 0)]
    return _checked(libc().prctl(option, *wide), f"prctl({option})")


def unshare(flags: int) -> None:
    """Move this process (and for process numbers, its children) to new namespaces."""
    _checked(libc().unshare(flags), "unshare")


def enter(namespace: int, kind: int) -> None:
    """Go to the namespace behind a descriptor."""
    _checked(libc().setns(namespace, kind), "setns")


def watch_process(pid: int) -> int:
    """A descriptor that is readable when a child has ended. (Not every build of Python has `os.pidfd_open`.)"""
    pidfd_open = 434  # on every processor
    return _checked(libc().syscall(pidfd_open, pid, 0), "pidfd_open")


def mount_memory(folder: str, options: str, flags: int = NO_SETUID | NO_DEVICES) -> None:
    """Put an empty file system in memory over `folder`."""
    _checked(libc().mount(b"tmpfs", folder.encode(), b"tmpfs", ctypes.c_ulong(flags), options.encode()), "mount")


def set_readable(yes: bool) -> None:
    """Whether other processes of the same user may look into this one."""
    prctl(_DUMPABLE, int(yes))


def die_with_parent() -> None:
    """Have the kernel kill this process when the one that made it ends."""
    import signal

    prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def give_up_privileges() -> None:
    """Drop every capability, and the means to get one back."""
    for capability in range(64):
        try:
            prctl(_DROP_BOUND, capability)
        except OSError:
            break  # the kernel knows no more of them
    version_3 = 0x20080522
    header = (ctypes.c_uint32 * 2)(version_3, 0)
    nothing = (ctypes.c_uint32 * 6)()
    _checked(libc().capset(header, nothing), "capset")
    prctl(_NO_NEW_PRIVILEGES, 1)


def state() -> dict[str, int]:
    """How this process is confined, by the kernel's own word: 2 and 1 are wanted."""
    return {"seccomp": prctl(_GET_SECCOMP), "no_new_privileges": prctl(_GET_NO_NEW)}


def capabilities() -> int:
    """How many capabilities this process has, or could take."""
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    data = (ctypes.c_uint32 * 6)()
    _checked(libc().capget(header, data), "capget")
    return sum(word.bit_count() for word in data)

"""What one submission may take, and how a process is confined to that.

A submission gets namespaces of its own: its processes see and signal only each other, its files lie in memory that
nobody else sees and that vanishes with it, and its processes are counted apart, so that the limit on them binds whoever
started the check, root too.
"""

import contextlib
import os
import resource
from dataclasses import asdict, dataclass

from . import filter as seccomp
from . import kernel

MEGABYTE = 1 << 20
NOBODY = 65534  # who it is
HELD = ("RssAnon", "RssShmem")  # kinds of memory, of /proc/*/status; the second counts for each that shares it


@dataclass(frozen=True)
class Limits:
    """What one submission may take."""

    seconds: float = 60.0  # of processor, for each process; the deadline of the whole is kept outside
    memory: int = 1024 * MEGABYTE  # addresses of one process, beyond what it begins with
    together: int = 1536 * MEGABYTE  # memory of all its processes
    files: int = 64 * MEGABYTE  # all its files together
    processes: int = 32  # and threads
    open_files: int = 128

    def as_data(self) -> dict[str, float]:
        """For the journey into the sandbox."""
        return asdict(self)


def own_users(*others: int) -> None:
    """A user namespace of one's own, and what else of namespaces is asked for; in it one may set others up."""
    user, group = os.getuid(), os.getgid()
    kernel.set_readable(True)  # else its own entry in /proc is closed to it
    kernel.unshare(sum(others, kernel.NEW_USER))
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{NOBODY} {user} 1"),
        ("gid_map", f"{NOBODY} {group} 1"),
    ):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(line)
    kernel.set_readable(False)


def confine(limits: Limits) -> None:
    """The first process of a submission: own files, own limits, no privileges, the filter; none can be undone."""
    kernel.die_with_parent()
    with contextlib.suppress(OSError), open("/proc/self/oom_score_adj", "w") as score:
        score.write("1000")  # where the machine runs short, this goes first
    with open("/proc/self/statm") as statm:
        taken = int(statm.read().split()[0]) * resource.getpagesize()
    own_users(kernel.NEW_MOUNTS, kernel.NEW_IPC)
    scratch = os.environ["TMPDIR"]
    kernel.mount_memory(scratch, f"size={limits.files},nr_inodes=4096,mode=700")
    kernel.mount_memory("/dev/shm", f"size={limits.files // 4},nr_inodes=256,mode=700")
    kernel.mount_memory("/proc", "size=4096,nr_inodes=2,mode=500", kernel.NO_SETUID | kernel.NO_DEVICES | 1)
    os.mkdir(f"{scratch}/work")
    os.chdir(f"{scratch}/work")
    os.umask(0o077)
    seconds = int(limits.seconds) + 2
    for what, most in (
        (resource.RLIMIT_AS, taken + limits.memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_NPROC, limits.processes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_FSIZE, limits.files),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
        (resource.RLIMIT_MSGQUEUE, 0),
    ):
        _, allowed = resource.getrlimit(what)
        most = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(what, (most, most))
    kernel.give_up_privileges()
    kernel.set_readable(False)
    kernel.die_with_parent()  # once more: the kernel forgets it when privileges change
    seccomp.install()


def held_together(children: set[int]) -> dict[int, int]:
    """Bytes of memory that each of these children of this process holds, with everything that comes from it."""
    parents: dict[int, int] = {}
    sizes: dict[int, int] = {}
    firsts: dict[int, int] = {}  # what /proc calls a child, which is not what this process calls it
    for name in os.listdir("/proc"):
        if name.isdigit():
            with contextlib.suppress(OSError, ValueError, IndexError):
                status = dict(line.split(":", 1) for line in _read(f"/proc/{name}/status").splitlines())
                parents[int(name)] = int(status["PPid"])
                sizes[int(name)] = sum(int(status.get(kind, "0 kB").split()[0]) << 10 for kind in HELD)
                numbers = status["NSpid"].split()  # in the sandbox's namespace, in this one's, in its own
                if len(numbers) == 3 and numbers[2] == "1":
                    firsts[int(name)] = int(numbers[1])
    held = dict.fromkeys(children, 0)
    for number, size in sizes.items():
        first = number
        while first not in firsts and first in parents:
            first = parents[first]
        if (child := firsts.get(first)) in held:
            held[child] += size
    return held


def _read(path: str) -> str:
    with open(path) as file:
        return file.read()

"""The system calls that untrusted code may not make: a seccomp filter, assembled by hand from one table.

It is by far not the only wall (namespaces, limits and an empty file system stand too); it takes away the parts of the
kernel in which holes are found most often, and every way to talk to anybody. A refused call fails with an error
number, so that Python raises an ordinary `PermissionError` at its line. Libraries that write such filters need a
compiler or libseccomp on the machine; forty lines need neither.
"""

import ctypes
import errno
import platform
import struct

# Name: (number on x86_64, number on aarch64, where it is None: there is no such call), from Linux's own tables.
REFUSED: dict[str, tuple[int | None, int | None]] = {
    # look into other processes, or be looked into
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "process_madvise": (440, 440), "pidfd_getfd": (438, 438), "perf_event_open": (298, 241),
    # other namespaces, other file systems
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "fanotify_init": (300, 262),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "swapon": (167, 224), "swapoff": (168, 225),
    # anybody to talk to: sockets (a pair of connected ones is allowed below), System V and POSIX queues and memory
    "socket": (41, 198), "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190),
    "semop": (65, 193), "semctl": (66, 191), "semtimedop": (220, 192), "msgget": (68, 186), "msgsnd": (69, 189),
    "msgrcv": (70, 188), "msgctl": (71, 187), "mq_open": (240, 180), "mq_unlink": (241, 181),
    # the kernel itself, and keys
    "bpf": (321, 280), "keyctl": (250, 219), "add_key": (248, 217), "request_key": (249, 218),
    "userfaultfd": (323, 282), "kexec_load": (246, 104), "kexec_file_load": (320, 294), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "reboot": (169, 142), "syslog": (103, 116),
    "acct": (163, 89), "seccomp": (317, 277), "personality": (135, 92), "modify_ldt": (154, None),
    "iopl": (172, None), "ioperm": (173, None), "uselib": (134, None), "lookup_dcookie": (212, 18),
    "nfsservctl": (180, 42), "vhangup": (153, 58), "vmsplice": (278, 75),
    "mbind": (237, 235), "set_mempolicy": (238, 237), "migrate_pages": (256, 238), "move_pages": (279, 239),
    # the clock and the name of the machine
    "settimeofday": (164, 170), "clock_settime": (227, 112), "clock_adjtime": (305, 266), "adjtimex": (159, 171),
    "sethostname": (170, 161), "setdomainname": (171, 162),
}  # fmt: skip

# These are said not to exist: who uses them then does without. Memory files would escape the limits on memory.
ABSENT: dict[str, tuple[int | None, int | None]] = {
    "clone3": (435, 435), "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "io_setup": (206, 0), "io_submit": (209, 2), "memfd_create": (319, 279), "memfd_secret": (447, 447),
}  # fmt: skip

# Architecture: (its column above, its audit number, numbers of clone, socketpair and ioctl)
ARCHITECTURES = {"x86_64": (0, 0xC000003E, 56, 53, 16), "aarch64": (1, 0xC00000B7, 220, 199, 29)}

NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW… flag of clone
UNIX = 1  # the only family of connected pairs
FAKE_INPUT = 0x5412  # TIOCSTI, types into a terminal

LOAD, EQUAL, ANY_BIT, AT_LEAST, RETURN = 0x20, 0x15, 0x45, 0x35, 0x06  # the five instructions that are used
NUMBER, ARCHITECTURE, FIRST, SECOND = 0, 4, 16, 24  # where a call's facts stand; of arguments the lower half
ALLOW, KILL, ERRNO = 0x7FFF0000, 0x80000000, 0x00050000


def supported() -> bool:
    """Whether there is a filter for this machine's processor."""
    return platform.machine() in ARCHITECTURES


def assemble(machine: str) -> bytes:
    """The filter as the kernel takes it: eight bytes an instruction."""
    column, audit, clone, socketpair, ioctl = ARCHITECTURES[machine]
    denied = [numbers[column] for numbers in REFUSED.values()]
    absent = [numbers[column] for numbers in ABSENT.values()]
    # Each line: instruction, operand, where to go if true, if false. A name is a label, "" the next line.
    lines: list[tuple[int, int, str, str]] = [
        (LOAD, ARCHITECTURE, "", ""),
        (EQUAL, audit, "", "kill"),  # calls in the manner of another processor have other numbers
        (LOAD, NUMBER, "", ""),
    ]
    if machine == "x86_64":
        lines.append((AT_LEAST, 0x40000000, "absent", ""))  # the x32 numbers of the same calls
    lines += [(EQUAL, number, "denied", "") for number in denied if number is not None]
    lines += [(EQUAL, number, "absent", "") for number in absent if number is not None]
    for number, argument, test, operand, true, false in (
        (clone, FIRST, ANY_BIT, NEW_NAMESPACES, "denied", "allow"),
        (socketpair, FIRST, EQUAL, UNIX, "allow", "denied"),
        (ioctl, SECOND, EQUAL, FAKE_INPUT, "denied", "allow"),
    ):
        lines += [(EQUAL, number, "", "+2"), (LOAD, argument, "", ""), (test, operand, true, false)]
    ends = {"allow": ALLOW, "denied": ERRNO | errno.EPERM, "absent": ERRNO | errno.ENOSYS, "kill": KILL}
    labels = {name: len(lines) + place for place, name in enumerate(ends)}

    def distance(target: str, here: int) -> int:
        return labels[target] - here - 1 if target in labels else int(target or 0)

    program = [(code, distance(true, at), distance(false, at), k) for at, (code, k, true, false) in enumerate(lines)]
    program += [(RETURN, 0, 0, value) for value in ends.values()]
    return b"".join(struct.pack("<HBBI", *instruction) for instruction in program)


def install() -> None:
    """Put this process, and all that it will start, behind the filter, for good."""
    from .kernel import prctl

    code = assemble(platform.machine())
    memory = ctypes.create_string_buffer(code, len(code))
    program = struct.pack("@HP", len(code) // 8, ctypes.addressof(memory))
    by_filter, set_seccomp = 2, 22
    prctl(set_seccomp, by_filter, ctypes.c_char_p(program))

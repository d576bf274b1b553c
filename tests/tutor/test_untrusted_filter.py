"""The system call filter, walked through by hand: what it lets pass, and what not."""

import errno
import re
import struct
from pathlib import Path

import pytest

from fluxrepl.tutor.untrusted.filter import ABSENT, ARCHITECTURES, REFUSED, assemble

ALLOWED, KILLED = "allowed", "killed"


def decide(machine, number, first=0, second=0, audit=None):
    """What the filter says of a call: an interpreter of the five instructions that it uses."""
    _, own, *_ = ARCHITECTURES[machine]
    facts = {0: number, 4: audit or own, 16: first, 24: second}
    program = [struct.unpack_from("<HBBI", assemble(machine), at) for at in range(0, len(assemble(machine)), 8)]
    accumulator, at = 0, 0
    while True:
        code, true, false, k = program[at]
        at += 1
        if code == 0x20:
            accumulator = facts[k]
        elif code == 0x06:
            return {0x7FFF0000: ALLOWED, 0x80000000: KILLED}.get(k) or errno.errorcode[k & 0xFFFF]
        else:
            holds = {0x15: accumulator == k, 0x45: bool(accumulator & k), 0x35: accumulator >= k}[code]
            at += true if holds else false


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_every_call_of_the_table_is_refused(machine):
    column = ARCHITECTURES[machine][0]
    for name, numbers in REFUSED.items():
        if numbers[column] is not None:
            assert decide(machine, numbers[column]) == "EPERM", name
    for name, numbers in ABSENT.items():
        assert decide(machine, numbers[column]) == "ENOSYS", name


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_a_fork_passes_and_a_new_namespace_does_not(machine):
    clone = ARCHITECTURES[machine][2]
    assert decide(machine, clone, first=17) == ALLOWED
    assert decide(machine, clone, first=0x3D0F00) == ALLOWED  # a thread
    for flag in (0x00020000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000):
        assert decide(machine, clone, first=17 | flag) == "EPERM"


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_pairs_of_local_sockets_pass_and_others_do_not(machine):
    pair = ARCHITECTURES[machine][3]
    assert decide(machine, pair, first=1) == ALLOWED
    assert decide(machine, pair, first=2) == "EPERM"


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_typing_into_a_terminal_is_refused(machine):
    ioctl = ARCHITECTURES[machine][4]
    assert decide(machine, ioctl, second=0x5412) == "EPERM"
    assert decide(machine, ioctl, second=0x5401) == ALLOWED


def test_calls_in_the_manner_of_another_processor_end_the_process():
    assert decide("x86_64", 1, audit=0x40000003) == KILLED  # 32 bit
    assert decide("aarch64", 1, audit=0x40000028) == KILLED
    assert decide("x86_64", 0x40000000 + 1) == "ENOSYS"  # x32


def test_what_python_needs_passes():
    for number in (0, 1, 3, 9, 12, 57, 59, 60, 61, 231, 257, 318):  # read, write, mmap, fork, execve, openat, getrandom
        assert decide("x86_64", number) == ALLOWED
    for number in (63, 64, 57, 222, 214, 221, 93, 260, 94, 56, 278):
        assert decide("aarch64", number) == ALLOWED


@pytest.mark.parametrize(
    ("machine", "header"),
    [
        ("x86_64", "/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
        ("aarch64", "/usr/include/asm-generic/unistd.h"),
    ],
)
def test_the_numbers_are_those_of_the_kernels_headers(machine, header):
    if not Path(header).exists():
        pytest.skip("the kernel's headers are not installed")
    told = dict(re.findall(r"#define (?:__NR|__NR3264)_?(\w+)\s+(\d+)", Path(header).read_text()))
    column, _, clone, pair, ioctl = ARCHITECTURES[machine]
    ours = {name: numbers[column] for name, numbers in {**REFUSED, **ABSENT}.items() if numbers[column] is not None}
    ours |= {"clone": clone, "socketpair": pair, "ioctl": ioctl}
    assert {name: int(told[name]) for name in ours if name in told} == {
        name: ours[name] for name in ours if name in told
    }
    assert len(set(ours) & set(told)) > 60

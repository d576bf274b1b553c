"""Why untrusted code is not run here, and what to do: `--untrusted` never falls back to less."""

import os
import platform
import re
import shutil
import sys

from . import Refused
from .filter import ARCHITECTURES, supported

OLDEST = (5, 14)  # the first Linux that counts processes per user namespace


def look_round() -> None:
    """Raise `Refused` where it is known without trying that there is no sandbox."""
    if sys.platform != "linux":
        raise refused("it needs Linux", "run it in a Linux virtual machine or container")
    if not supported():
        known = " and ".join(ARCHITECTURES)
        raise refused(f"there is no system call filter for {platform.machine()}", f"run it on {known}")
    release = tuple(int(number) for number in re.findall(r"\d+", platform.release())[:2])
    if release < OLDEST:
        why = f"Linux {platform.release()} does not count the processes of a submission apart"
        raise refused(why, "run it on Linux 5.14 or newer")
    if shutil.which("bwrap") is None:
        install = "apt install bubblewrap, dnf install bubblewrap, pacman -S bubblewrap"
        raise refused("bubblewrap (the program `bwrap`) is not installed", install)


def refused(why: str, write: str) -> Refused:
    """The error: what is missing and what to do."""
    return Refused(
        f"--untrusted: {why}. Nothing was run: untrusted code runs in a sandbox or not at all.\n  Try: {write}"
    )


def explain(words: str) -> Refused:
    """What bubblewrap, or Python in it, said when it did not come up."""
    said = " / ".join(line.strip() for line in words.strip().split("\n")[-3:] if line.strip()) or "nothing was said"
    why = f"the sandbox did not start ({said})"
    if _setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1" and os.geteuid() != 0:
        write = (
            "this system (Ubuntu 23.10 and newer) lets AppArmor refuse user namespaces; allow them for bubblewrap with "
            "a profile of its own (docs/security.md has it), or run the check in a virtual machine"
        )
    elif _setting("/proc/sys/kernel/unprivileged_userns_clone") == "0" and os.geteuid() != 0:
        write = "an administrator can switch user namespaces on: sysctl kernel.unprivileged_userns_clone=1"
    elif _setting("/proc/sys/user/max_user_namespaces") == "0":
        write = (
            "user namespaces are switched off; an administrator can allow them: sysctl user.max_user_namespaces=10000"
        )
    elif _in_container():
        write = (
            "this is a container, and it may not make another inside; run the check outside, in a virtual machine, or "
            "in a container that allows user namespaces (docs/security.md)"
        )
    elif "ermission" in words or "not permitted" in words:
        write = "the kernel refuses namespaces to this user; see docs/security.md for what they need"
    else:
        write = "see docs/security.md for what the sandbox needs"
    return refused(why, write)


def _setting(path: str) -> str:
    try:
        with open(path) as file:
            return file.read().strip()
    except OSError:
        return ""


def _in_container() -> bool:
    named = os.environ.get("container")  # noqa: SIM112  # as systemd and Podman write it
    return bool(named) or any(map(os.path.exists, ("/.dockerenv", "/run/.containerenv")))

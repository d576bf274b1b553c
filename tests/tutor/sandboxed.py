"""Whether there is a sandbox on this machine: what needs one is skipped with the reason, what refuses is tested."""

import functools

import pytest


@functools.cache
def reason() -> str:
    """Why there is none; nothing if there is one."""
    from fluxrepl.tutor.untrusted.refusal import Refused
    from fluxrepl.tutor.untrusted.sandbox import Sandbox

    try:
        with Sandbox():
            return ""
    except Refused as error:
        return str(error).split("\n")[0]


@pytest.fixture(scope="session", autouse=True)
def needs_sandbox():
    """For a file whose tests all need one."""
    if why := reason():
        pytest.skip(why)

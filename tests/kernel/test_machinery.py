"""What ipykernel brings must still work under our shell: comms, displays that change, subshells, the debugger."""

import time
from typing import Any

import pytest

from .conftest import Kernel

SECONDS = 30


def control(kernel: Kernel, kind: str, content: dict[str, Any]) -> dict[str, Any]:
    """Send a request on the control channel and return the content of its reply."""
    sent = kernel.client.session.msg(kind, content)
    kernel.client.control_channel.send(sent)
    while True:
        reply = kernel.client.get_control_msg(timeout=SECONDS)
        if reply["parent_header"].get("msg_id") == sent["header"]["msg_id"]:
            return reply["content"]


def test_a_display_can_be_updated(kernel: Kernel) -> None:
    ran = kernel.run("from IPython.display import display\nh = display('one', display_id=True)\nh.update('two')")
    assert [kind for kind, _ in ran.messages] == ["display_data", "update_display_data"]


def test_the_next_input_can_be_set(kernel: Kernel) -> None:
    (payload,) = kernel.run("get_ipython().set_next_input('x = 1')").reply["payload"]
    assert (payload["source"], payload["text"]) == ("set_next_input", "x = 1")


def test_comms_open_and_close(kernel: Kernel) -> None:
    ran = kernel.run("from comm import create_comm\nc = create_comm(target_name='t', data={'a': 1})\nc.close()")
    assert [kind for kind, _ in ran.messages] == ["comm_open", "comm_close"]


def test_cells_that_wait_are_dropped_after_an_error(kernel: Kernel) -> None:
    first = kernel.client.execute("import time; time.sleep(0.3); 1/0")
    second = kernel.client.execute("dropped = 1")
    statuses = {}
    while len(statuses) < 2:
        reply = kernel.client.get_shell_msg(timeout=SECONDS)
        statuses[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
    assert statuses == {first: "error", second: "aborted"}
    kernel.run("1")


def test_cells_that_wait_go_on_where_the_front_wants_it(kernel: Kernel) -> None:
    first = kernel.client.execute("import time; time.sleep(0.3); 1/0", stop_on_error=False)
    second = kernel.client.execute("kept = 1")
    statuses = {}
    while len(statuses) < 2:
        reply = kernel.client.get_shell_msg(timeout=SECONDS)
        statuses[reply["parent_header"]["msg_id"]] = reply["content"]["status"]
    assert statuses == {first: "error", second: "ok"}
    kernel.run("1")


def test_a_front_can_open_a_comm_and_gets_its_messages(kernel: Kernel) -> None:
    kernel.run(
        "def opened(comm, message):\n"
        "    comm.on_msg(lambda m: comm.send({'twice': 2 * m['content']['data']['x']}))\n"
        "get_ipython().kernel.comm_manager.register_target('doubler', opened)"
    )
    for kind, content in (
        ("comm_open", {"comm_id": "c1", "target_name": "doubler", "data": {}}),
        ("comm_msg", {"comm_id": "c1", "data": {"x": 21}}),
    ):
        kernel.client.shell_channel.send(kernel.client.session.msg(kind, content))
    while (heard := kernel.client.get_iopub_msg(timeout=SECONDS))["msg_type"] != "comm_msg":
        pass
    assert heard["content"] == {"comm_id": "c1", "data": {"twice": 42}}
    assert kernel.run("1").text == "1"


@pytest.mark.parametrize("cell", ["input()", "!sleep 30"])
def test_an_interrupt_ends_waiting_for_input_or_a_child(kernel: Kernel, cell: str) -> None:
    sent = kernel.client.execute(cell, allow_stdin=True)
    time.sleep(1)
    kernel.interrupt()
    started = time.monotonic()
    while (reply := kernel.client.get_shell_msg(timeout=SECONDS))["parent_header"]["msg_id"] != sent:
        pass
    assert time.monotonic() - started < 10
    assert reply["content"]["status"] in ("error", "ok")
    kernel.run("'may be dropped'")  # if it comes while the error still clears the queue
    assert kernel.run("1").text == "1"


def test_a_subshell_works_and_prints_plain_numbers(kernel: Kernel) -> None:
    subshell = control(kernel, "create_subshell_request", {})["subshell_id"]
    message = kernel.client.session.msg("execute_request", {"code": "np.float64(2), gradient(lambda x: x**2, 3.0)"})
    message["header"]["subshell_id"] = subshell
    kernel.client.shell_channel.send(message)
    while True:
        heard = kernel.client.get_iopub_msg(timeout=SECONDS)
        if heard["msg_type"] == "execute_result":
            break
    assert heard["content"]["data"]["text/plain"] == "(2.0, (6.0,))"
    assert kernel.client.get_shell_msg(timeout=SECONDS)["content"]["status"] == "ok"
    assert control(kernel, "delete_subshell_request", {"subshell_id": subshell})["status"] == "ok"


def test_the_debugger_stops_at_a_breakpoint(kernel: Kernel) -> None:
    def debug(command: str, **arguments: Any) -> dict[str, Any]:
        content = {"type": "request", "seq": 1, "command": command, "arguments": arguments}
        return control(kernel, "debug_request", content)

    cell = "def watched(x):\n    y = x + 1\n    return y\n\nwatched(1)"
    assert debug("initialize", clientID="test", adapterID="python", pathFormat="path")["success"]
    assert debug("attach")["success"]
    path = debug("dumpCell", code=cell)["body"]["sourcePath"]
    placed = debug("setBreakpoints", source={"path": path}, breakpoints=[{"line": 2}], sourceModified=False)
    assert placed["body"]["breakpoints"][0]["verified"]
    assert debug("configurationDone")["success"]
    kernel.client.execute(cell)
    stopped = None
    while stopped is None:
        heard = kernel.client.get_iopub_msg(timeout=SECONDS)
        if heard["msg_type"] == "debug_event" and heard["content"]["event"] == "stopped":
            stopped = heard["content"]["body"]
    assert stopped["reason"] == "breakpoint"
    frame = debug("stackTrace", threadId=stopped["threadId"])["body"]["stackFrames"][0]
    assert (frame["name"], frame["line"]) == ("watched", 2)
    debug("continue", threadId=stopped["threadId"])
    reply = kernel.client.get_shell_msg(timeout=SECONDS)
    assert reply["content"]["status"] == "ok"
    assert debug("disconnect", restart=False, terminateDebuggee=False)["success"]
    assert kernel.run("1").text == "1"

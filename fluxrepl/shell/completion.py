"""Tab: IPython's completer without jedi, and what jedi gave that learners miss.

jedi takes seconds on the first Tab, and JupyterLab drops an answer that comes after about one. IPython's own completer
knows the live namespace but not what a call would give; `infer.py` says that, without calling.
"""

from typing import Any

from IPython.core.completer import CompletionContext, SimpleCompletion, context_matcher
from IPython.core.guarded_eval import EVALUATION_POLICIES

from .arguments import arguments
from .commands import commands_now
from .infer import members, type_of_call

Found = dict[str, Any]  # IPython's SimpleMatcherResult

# Ours whose `c[0]` and `r.name` compute nothing: the completer may evaluate them on the way to what follows.
HARMLESS = {("fluxrepl", "nn", "chain", "Chain"), ("fluxrepl", "ad", "record", "Record")}


def set_up(completer: Any, shell: Any) -> None:
    """Switch jedi off and add our matchers to a shell's completer."""
    completer.use_jedi = False
    limited: Any = EVALUATION_POLICIES["limited"]
    if completer.has_trait("policy_overrides"):  # IPython before 9.3 has none
        completer.policy_overrides = {
            "allowed_getitem_external": limited.allowed_getitem_external | HARMLESS,
            "allowed_getattr_external": limited.allowed_getattr_external | HARMLESS,
        }
    completer.custom_matchers += matchers(shell)


def matchers(shell: Any) -> list[Any]:
    """Ours, for one shell."""
    return [command_matcher(shell), member_matcher(shell)]


def command_matcher(shell: Any) -> Any:
    """Make the matcher for `:ne`, `%lesson ne` and `:learn 0`: nothing else makes sense there."""

    @context_matcher(identifier="fluxrepl.commands")
    def matcher(context: CompletionContext) -> Found:
        line = context.text_until_cursor.lstrip()
        if not line.startswith((":", "%lesson ")):
            return {"completions": [], "suppress": False}
        name, space, typed = line.removeprefix("%lesson ").removeprefix(":").partition(" ")
        offered = arguments(name, shell.play, typed) if space else commands_now(own=shell.own_commands)
        typed = typed if space else name
        completions = [SimpleCompletion(each, type="command") for each in offered if each.startswith(typed)]
        return {"completions": completions, "suppress": True, "matched_fragment": typed}

    return matcher


def member_matcher(shell: Any) -> Any:
    """Make the matcher for `Dense(3, 4).we`."""

    @context_matcher(identifier="fluxrepl.members")
    def matcher(context: CompletionContext) -> Found:
        before, dot, typed = context.text_until_cursor.rpartition(".")
        if not dot or not before.endswith(")") or (typed and not typed.isidentifier()):
            return {"completions": [], "suppress": False}
        kind = type_of_call(before, shell.user_ns)
        names = members(kind) if kind is not None else []
        shown = [name for name in names if name.startswith(typed) and (typed or not name.startswith("_"))]
        completions = [SimpleCompletion(f".{name}", type="attribute") for name in shown]
        return {"completions": completions, "suppress": False, "matched_fragment": f".{typed}"}

    return matcher

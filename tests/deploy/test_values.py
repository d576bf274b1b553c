"""The values for Zero to JupyterHub: keys that the chart has, by our list, and by its schema where that can be had."""

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "deploy" / "values.yaml").read_text(encoding="utf-8")
VALUES = yaml.safe_load(TEXT)
CHART = "4.1.0"
SCHEMA = f"https://raw.githubusercontent.com/jupyterhub/zero-to-jupyterhub-k8s/{CHART}/jupyterhub/values.schema.yaml"

# What the chart knows of what we set, with the type it wants; the free-form parts end in a dot.
KNOWN: dict[str, type | tuple[type, ...]] = {
    "singleuser.image.name": str, "singleuser.image.tag": str, "singleuser.image.pullPolicy": str,
    "singleuser.cmd": str, "singleuser.defaultUrl": str, "singleuser.startTimeout": int,
    "singleuser.uid": int, "singleuser.fsGid": int, "singleuser.allowPrivilegeEscalation": bool,
    "singleuser.memory.guarantee": str, "singleuser.memory.limit": str,
    "singleuser.cpu.guarantee": (int, float), "singleuser.cpu.limit": (int, float),
    "singleuser.storage.type": str, "singleuser.storage.capacity": str, "singleuser.storage.homeMountPath": str,
    "singleuser.extraEnv.": str, "singleuser.lifecycleHooks.postStart.": list,
    "singleuser.cloudMetadata.blockWithIptables": bool,
    "singleuser.networkPolicy.enabled": bool, "singleuser.networkPolicy.egressAllowRules.": bool,
    "hub.config.": (str, bool, type(None)), "hub.concurrentSpawnLimit": int, "hub.consecutiveFailureLimit": int,
    "hub.activeServerLimit": int, "hub.allowNamedServers": bool, "hub.db.type": str, "hub.resources.": str,
    "hub.networkPolicy.enabled": bool,
    "proxy.service.type": str, "proxy.chp.resources.": str, "proxy.https.enabled": bool, "proxy.https.type": str,
    "proxy.https.hosts": list, "proxy.https.letsencrypt.contactEmail": (str, type(None)),
    "cull.enabled": bool, "cull.timeout": int, "cull.every": int, "cull.maxAge": int,
    "prePuller.hook.enabled": bool, "prePuller.continuous.enabled": bool,
    "scheduling.userScheduler.enabled": bool, "scheduling.userScheduler.replicas": int,
    "scheduling.podPriority.enabled": bool, "scheduling.userPlaceholder.enabled": bool,
    "scheduling.userPlaceholder.replicas": int, "scheduling.userPods.nodeAffinity.matchNodePurpose": str,
    "scheduling.corePods.nodeAffinity.matchNodePurpose": str,
}  # fmt: skip


def leaves(values: dict[str, Any], before: str = ""):
    for key, value in values.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{before}{key}.")
        else:
            yield before + key, value


@pytest.mark.parametrize(("name", "value"), list(leaves(VALUES)), ids=lambda x: str(x)[:50])
def test_each_value_is_one_that_the_chart_knows_and_of_its_type(name, value):
    kinds = [kind for known, kind in KNOWN.items() if name == known or (known.endswith(".") and name.startswith(known))]
    assert kinds, f"the chart has no {name}"
    assert isinstance(value, kinds[0])


def test_the_schema_of_the_chart_accepts_them():
    jsonschema = pytest.importorskip("jsonschema", reason="needs jsonschema: pip install -e '.[test]'")
    jsonschema.validate(VALUES, _without_required(_schema()))


def _schema() -> dict[str, Any]:
    """The chart's schema: from a file, or from its repository; it is not ours to keep a copy of."""
    if file := os.environ.get("FLUXREPL_CHART_SCHEMA"):
        return yaml.safe_load(Path(file).read_text(encoding="utf-8"))
    try:
        with urllib.request.urlopen(SCHEMA, timeout=10) as answer:
            return yaml.safe_load(answer.read())
    except (urllib.error.URLError, OSError) as error:
        pytest.skip(f"the schema of the chart cannot be had here: {error}")


def _without_required(schema: Any) -> Any:
    """What the chart requires is in its own defaults, with which Helm merges ours first."""
    if isinstance(schema, dict):
        return {key: _without_required(value) for key, value in schema.items() if key != "required"}
    return [_without_required(part) for part in schema] if isinstance(schema, list) else schema


def test_learners_reach_nothing_of_the_cluster_and_gain_no_rights():
    learner = VALUES["singleuser"]
    assert learner["allowPrivilegeEscalation"] is False
    assert learner["uid"] == 1000
    assert learner["cloudMetadata"]["blockWithIptables"] is True
    rules = learner["networkPolicy"]["egressAllowRules"]
    assert (rules["privateIPs"], rules["cloudMetadataServer"]) == (False, False)


def test_no_password_and_no_address_of_anybody_is_in_them():
    assert VALUES["hub"]["config"]["DummyAuthenticator"]["password"] is None
    assert VALUES["proxy"]["https"]["hosts"] == []


def test_the_state_of_a_learner_is_in_their_own_volume():
    home = VALUES["singleuser"]["storage"]["homeMountPath"]
    assert VALUES["singleuser"]["extraEnv"]["FLUXREPL_HOME"].startswith(home + "/")
    assert f"ENV HOME={home}" in (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


def test_the_image_has_the_version_of_the_project():
    from fluxrepl import __version__

    assert VALUES["singleuser"]["image"]["tag"] == __version__
    assert f"fluxrepl-singleuser:{__version__}" in (ROOT / "deploy" / "Dockerfile").read_text(encoding="utf-8")


def test_a_server_begins_with_the_lessons_as_notebooks_and_keeps_what_is_there(tmp_path):
    from fluxrepl.tutor.course import find_course

    shell, option, command = VALUES["singleuser"]["lifecycleHooks"]["postStart"]["exec"]["command"]
    command = command.replace("/usr/local/share/fluxrepl/lessons", str(find_course()))
    command = command.replace("fluxrepl export", f"{sys.executable} -m fluxrepl export")
    mine = tmp_path / "lessons" / "00-how-a-lesson-works.ipynb"
    mine.parent.mkdir()
    mine.write_text("mine")
    subprocess.run([shell, option, command], env={**os.environ, "HOME": str(tmp_path)}, check=True)
    made = sorted(path.stem for path in mine.parent.iterdir())
    assert made == sorted(path.stem for path in find_course().glob("[0-9]*.md"))
    assert mine.read_text() == "mine"

"""A JupyterHub on one machine, to try things out: users are folders, and anybody may log in with any name.

    pip install -e '.[hub]'
    jupyterhub -f deploy/jupyterhub_config.py

Learners' kernels run as the user who starts this. For a class, see values.yaml; for one room, use systemd's or
Docker's spawner, which keep learners apart.
"""

import os
from pathlib import Path

here = Path(os.environ.get("FLUXREPL_HUB_FOLDER", "hub-users")).absolute()
here.mkdir(parents=True, exist_ok=True)

c = get_config()  # noqa: F821  # JupyterHub provides it
c.JupyterHub.bind_url = os.environ.get("FLUXREPL_HUB_URL", "http://127.0.0.1:8000")
c.JupyterHub.hub_bind_url = os.environ.get("FLUXREPL_HUB_API", "http://127.0.0.1:8081")
c.ConfigurableHTTPProxy.api_url = os.environ.get("FLUXREPL_PROXY_API", "http://127.0.0.1:8001")
c.ConfigurableHTTPProxy.command = os.environ.get("FLUXREPL_PROXY", "configurable-http-proxy").split("\n")
c.JupyterHub.db_url = f"sqlite:///{here}/jupyterhub.sqlite"
c.JupyterHub.cookie_secret_file = str(here / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(here / "proxy.pid")
c.JupyterHub.cleanup_servers = True

c.JupyterHub.authenticator_class = "dummy"
c.Authenticator.allow_all = True

c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = str(here / "{username}")
c.Spawner.default_url = "/lab"
c.Spawner.environment = {"OMP_NUM_THREADS": "1"}
if hasattr(os, "geteuid") and os.geteuid() == 0:
    c.Spawner.args = ["--allow-root"]

if token := os.environ.get("FLUXREPL_HUB_TOKEN"):  # for scripts, such as our tests
    c.JupyterHub.services = [{"name": "script", "api_token": token}]
    scopes = ["admin:users", "admin:servers", "access:servers"]
    c.JupyterHub.load_roles = [{"name": "script", "services": ["script"], "scopes": scopes}]

"""The process around the kernel: ipykernel's application, with fluxrepl's kernel and its folder for history."""

from ipykernel.kernelapp import IPKernelApp
from traitlets import Type, default
from traitlets.config import Config

from fluxrepl.shell.home import find_home
from fluxrepl.shell.imports import open_folder

from .kernel import FluxKernel
from .session import TextSession


class FluxKernelApp(IPKernelApp):
    """Starts one FluxKernel."""

    kernel_class = Type(FluxKernel, klass="ipykernel.kernelbase.Kernel")
    exec_PYTHONSTARTUP = False  # a start-up file for another shell could change what a lesson promises

    @default("session")
    def _own_session(self) -> TextSession:
        return TextSession(parent=self)

    @default("ipython_dir")
    def _own_folder(self) -> str:
        home = find_home()
        if not home.lasting:
            self.update_config(Config({"HistoryManager": {"hist_file": ":memory:"}}))
        return str(home.folder)

    def init_path(self) -> None:
        """Only now, with NumPy and the engine loaded, may the notebook's folder be imported from."""
        if not self.ignore_cwd:
            open_folder()


def main() -> None:
    """Start the kernel; returns when it is shut down."""
    FluxKernelApp.launch_instance()

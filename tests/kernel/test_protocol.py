"""Jupyter's own tests of kernels, all of them."""

from typing import ClassVar

import jupyter_kernel_test
import pytest


@pytest.fixture(scope="module", autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLUXREPL_HOME", str(tmp_path_factory.mktemp("home")))
        patch.chdir(tmp_path_factory.mktemp("notebook"))
        yield


class TestProtocol(jupyter_kernel_test.KernelTests):
    kernel_name = "fluxrepl"
    language_name = "python"
    file_extension = ".py"
    code_hello_world = "print('hello, world')"
    code_stderr = "import sys; print('test', file=sys.stderr)"
    completion_samples: ClassVar = [
        {"text": "gradie", "matches": {"gradient"}},
        {"text": "Dense(3, 4).we", "matches": {".weight"}},
        {"text": ":solu", "matches": {"solution"}},
    ]
    complete_code_samples: ClassVar = ["1", "print('hello, world')", "def f(x):\n  return x*2\n\n\n", ":next"]
    incomplete_code_samples: ClassVar = ["print('''hello", "def f(x):\n  x*2", ">>> def f(x):"]
    invalid_code_samples: ClassVar = ["import = 7q"]
    code_page_something = "gradient?"
    code_generate_error = "raise RuntimeError"
    code_execute_result: ClassVar = [
        {"code": "1+2+3", "result": "6"},
        {"code": "[n*n for n in range(1, 4)]", "result": "[1, 4, 9]"},
        {"code": "gradient(lambda x: x**2, 3.0)", "result": "(6.0,)"},
    ]
    code_display_data: ClassVar = [
        {"code": "from IPython.display import HTML, display; display(HTML('<b>test</b>'))", "mime": "text/html"},
        {"code": "from IPython.display import Math, display; display(Math('\\\\frac{1}{2}'))", "mime": "text/latex"},
        {"code": ":hint", "mime": "text/markdown"},
    ]
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "gradient"
    code_clear_output = "from IPython.display import clear_output; clear_output()"


class TestWelcome(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "fluxrepl"
    support_iopub_welcome = True

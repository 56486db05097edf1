"""Finding an objective, checking it, and carrying it to a worker."""

from __future__ import annotations

import functools
import importlib.util
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cloudpickle
import pytest

from sweeper.errors import ObjectiveError
from sweeper.trial.objective import Carrier, caller, check_signature, from_function, from_target

Write = Callable[..., str]


@pytest.fixture(autouse=True)
def _clean_imports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Start in an empty folder, and forget afterwards what was imported from it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", list(sys.path))
    before = set(sys.modules)
    yield
    for name in set(sys.modules) - before:
        if str(tmp_path) in str(getattr(sys.modules[name], "__file__", "")):
            del sys.modules[name]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write(name: str, content: str) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(content))
        return str(path)

    return write


def in_a_new_process(carrier: Carrier, **params: Any) -> str:
    """Load and call the function as a worker would; return what it printed."""
    script = "import sys, cloudpickle; c, k = cloudpickle.loads(sys.stdin.buffer.read()); print(c.load()(**k))"
    sent = cloudpickle.dumps((carrier, params))
    done = subprocess.run([sys.executable, "-c", script], input=sent, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


class TestFromTarget:
    def test_a_file_beside_the_sweep_file_or_in_the_current_folder(self, write: Write, tmp_path: Path) -> None:
        write("sub/train.py", "def train(x): return x + 1")
        write("other.py", "def train(x): return x + 2")

        assert from_target("train.py:train", str(tmp_path / "sub"))[1](1) == 2
        assert from_target("sub/train.py:train")[1](1) == 2
        assert from_target("other.py:train", str(tmp_path / "sub"))[1](1) == 3

    def test_files_of_the_same_name_do_not_mix(self, write: Write) -> None:
        one, two = write("a/train.py", "def f(): return 1"), write("b/train.py", "def f(): return 2")

        assert (from_target(f"{one}:f")[1](), from_target(f"{two}:f")[1]()) == (1, 2)

    def test_it_finds_its_neighbours_and_is_found_by_pickle(self, write: Write) -> None:
        write("sub/helper.py", "OFFSET = 10")
        path = write(
            "sub/train.py",
            """
            from helper import OFFSET
            class Model:
                pass
            def train(x):
                import pickle
                return x + OFFSET, type(pickle.loads(pickle.dumps(Model()))).__name__
            """,
        )
        carrier, function = from_target(f"{path}:train")

        assert function(1) == (11, "Model")
        assert in_a_new_process(carrier, x=2) == "(12, 'Model')"

    def test_a_file_that_was_sent_to_another_host_is_found_below_its_folder(
        self, write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write("project/tasks/sent.py", "def f(x): return x + 1")
        carrier = Carrier("f", "f", "sweeper_objective_sent", "/home/somebody/project/tasks/sent.py")
        monkeypatch.chdir(tmp_path / "project")

        assert carrier.load()(1) == 2

    def test_a_function_of_a_module(self, write: Write) -> None:
        write("package/__init__.py", "")
        write("package/part.py", "class Train:\n    @staticmethod\n    def run(x): return x")

        assert from_target("package.part:Train.run")[1](3) == 3
        assert from_target("math:sqrt")[1](9) == 3

    @pytest.mark.parametrize(
        ("target", "said"),
        [
            ("train", "write 'file.py:function' or 'package.module:function'"),
            ("train.py:", "write 'file.py:function'"),
            (":train", "write 'file.py:function'"),
            ("tran.py:train", "there is no file .*tran.py; did you mean 'train.py'"),
            ("train.py:trian", "there is no function 'trian' there; did you mean 'train'"),
            ("train.py:CONSTANT", "'CONSTANT' is a int, not a function"),
            ("train.py:train.deep", "there is no function 'train.deep' there"),
            ("nosuchmodule.part:train", "importing nosuchmodule.part failed: .* It was looked for from"),
        ],
    )
    def test_a_target_that_is_not_there(self, write: Write, target: str, said: str) -> None:
        write("train.py", "CONSTANT = 3\ndef train(x): return x")

        with pytest.raises(ObjectiveError, match=said):
            from_target(target)

    def test_both_places_are_named(self, write: Write, tmp_path: Path) -> None:
        (tmp_path / "sub").mkdir()
        with pytest.raises(ObjectiveError) as missing:
            from_target("train.py:train", str(tmp_path / "sub"))

        assert str(tmp_path / "sub" / "train.py") in str(missing.value)
        assert str(tmp_path / "train.py") in str(missing.value)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("x = 1\nraise ValueError('no data')", r"ValueError: no data \(.*broken.py, line 2\)"),
            ("x = (", r"SyntaxError: .* \(.*broken.py, line 1\)"),
            ("import nosuchpackage.part", r"No module named 'nosuchpackage'.*Run: pip install nosuchpackage$"),
            ("import sys\nsys.exit(3)", r"SystemExit: 3 \(.*broken.py, line 2\)"),
        ],
    )
    @pytest.mark.parametrize("place", ["broken.py", "broken"])
    def test_a_file_that_fails_says_where(self, write: Write, place: str, content: str, said: str) -> None:
        write("broken.py", content)

        with pytest.raises(ObjectiveError, match=said):
            from_target(f"{place}:train")
        with pytest.raises(ObjectiveError, match="failed"):
            from_target(f"{place}:train")


class TestFromFunction:
    def test_a_local_function_goes_by_value(self) -> None:
        offset = 5

        def train(x: int) -> int:
            return x + offset

        assert in_a_new_process(from_function(train), x=1) == "6"

    def test_lambdas_partials_and_callable_objects(self) -> None:
        class Scale:
            def __call__(self, x: int) -> int:
                return 3 * x

        for function in (lambda x: x + 1, functools.partial(lambda y, x: y * x, 2), Scale()):
            assert from_function(function).load()(x=2) == function(x=2)

    def test_one_of_a_namespace_like_a_notebooks(self) -> None:
        namespace: dict[str, Any] = {"__name__": "__main__"}
        exec("K = 7\ndef helper(x): return x * K\ndef train(x): return helper(x)", namespace)

        assert in_a_new_process(from_function(namespace["train"]), x=2) == "14"

    def test_one_of_a_module_that_no_other_process_would_find(self, write: Write, tmp_path: Path) -> None:
        path = write("hidden/secret.py", "K = 5\ndef helper(x): return x * K\ndef train(x): return helper(x)")
        spec = importlib.util.spec_from_file_location("secret", path)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules["secret"] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)

        assert in_a_new_process(from_function(module.train), x=2) == "10"
        assert cloudpickle.list_registry_pickle_by_value() == set()

    def test_one_without_a_module(self) -> None:
        namespace: dict[str, Any] = {}
        exec("def train(x): return x", namespace)
        namespace["train"].__module__ = None

        assert from_function(namespace["train"]).load()(3) == 3

    def test_one_of_a_file_finds_its_file_again(self, write: Write) -> None:
        path = write("sub/train.py", "import helper\ndef train(x): return helper.twice(x)")
        write("sub/helper.py", "def twice(x): return 2 * x")
        _, function = from_target(f"{path}:train")

        assert in_a_new_process(from_function(function), x=4) == "8"

    def test_what_cannot_travel_is_told_with_a_way_out(self) -> None:
        lock = threading.Lock()

        def train(x: int) -> int:
            with lock:
                return x

        with pytest.raises(ObjectiveError, match=r"train cannot be sent to a worker: TypeError.*give it with data="):
            from_function(train)


class TestCheckSignature:
    @pytest.mark.parametrize(
        ("function", "params", "data"),
        [
            (lambda x, y: 0, {"x": True, "y": True}, []),
            (lambda x, trial: 0, {"x": True}, []),
            (lambda params: 0, {"x": True, "y": False}, []),
            (lambda x, params: 0, {"x": True, "y": False}, []),
            (lambda **anything: 0, {"x": True}, ["X"]),
            (lambda x, y=3: 0, {"x": True, "y": False}, []),
            (lambda x, X: 0, {"x": True}, ["X"]),
            (lambda x, *, y: 0, {"x": True, "y": True}, []),
            (lambda trial: 0, {"trial": True}, []),
            (dict, {"x": True}, []),
        ],
    )
    def test_what_fits(self, function: Any, params: dict[str, bool], data: list[str]) -> None:
        check_signature(function, params, data, "train")

    @pytest.mark.parametrize(
        ("function", "params", "data", "said"),
        [
            (lambda depth: 0, {"dept": True}, [], "space has 'dept', which train does not take; did you mean 'depth'"),
            (lambda x, y: 0, {"x": True}, [], "train needs 'y', which neither the space nor data={...} gives"),
            (lambda x: 0, {"x": False}, [], "train needs a default for 'x': the space leaves it out under a condition"),
            (lambda x: 0, {"x": True}, ["X"], "data has 'X', which train does not take"),
            (lambda x, /: 0, {"x": True}, [], "the space has 'x', which train does not take"),
            (lambda x: 0, {"x": True}, ["x"], "data has 'x', which the space has too"),
            (lambda x, trial: 0, {"x": True}, ["trial"], "data has 'trial', which is what train gets from sweeper"),
        ],
    )
    def test_what_does_not(self, function: Any, params: dict[str, bool], data: list[str], said: str) -> None:
        with pytest.raises(ObjectiveError) as refused:
            check_signature(function, params, data, "train")
        assert said in str(refused.value)

    def test_every_problem_is_told(self) -> None:
        with pytest.raises(ObjectiveError) as refused:
            check_signature(lambda a, b: 0, {"c": True}, [], "train")
        assert all(name in str(refused.value) for name in ("'a'", "'b'", "'c'"))


class TestCaller:
    def test_parameters_by_name_and_the_trial_if_wanted(self) -> None:
        assert caller(lambda x, y=2: (x, y), ["x", "y"], {})("T", {"x": 1}) == (1, 2)
        assert caller(lambda trial, x: (trial, x), ["x"], {})("T", {"x": 1}) == ("T", 1)
        assert caller(lambda **k: k, ["x"], {})("T", {"x": 1}) == {"x": 1}

    def test_a_parameter_of_the_space_may_be_called_trial(self) -> None:
        assert caller(lambda trial: trial, ["trial"], {})("T", {"trial": 1}) == 1

    def test_all_parameters_together(self) -> None:
        assert caller(lambda params: params, ["x", "y"], {})("T", {"x": 1, "y": 2}) == {"x": 1, "y": 2}
        assert caller(lambda x, params: (x, params), ["x", "y"], {})("T", {"x": 1, "y": 2}) == (1, {"x": 1, "y": 2})

    def test_constants_by_name(self) -> None:
        assert caller(lambda x, X: (x, X), ["x"], {"X": "data"})("T", {"x": 1}) == (1, "data")

    def test_what_the_objective_changes_stays_with_it(self) -> None:
        def spoil(params: dict[str, Any]) -> None:
            params["layers"].append(3)
            del params["x"]

        given: dict[str, Any] = {"x": 1, "layers": [1, 2]}
        caller(spoil, ["x", "layers"], {})("T", given)

        assert given == {"x": 1, "layers": [1, 2]}

    def test_a_function_without_a_signature_gets_the_parameters(self) -> None:
        assert caller(dict, ["x"], {})("T", {"x": 1}) == {"x": 1}

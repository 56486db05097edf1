from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from sweeper.config import ObjectiveSpec, parse_config
from sweeper.config.sweep import WANDB_COMMAND

REST = "metric: {name: loss}\nparameters: {depth: {min: 1, max: 9}}\n"


def test_a_file_and_function_become_an_absolute_path(load, tmp_path):
    spec = load("objective: train.py:train\n" + REST).objective
    assert spec == ObjectiveSpec("function", f"{tmp_path}/train.py:train")
    assert spec.base == str(tmp_path)
    assert spec.label == "train.py:train"


def test_a_module_and_function_stay_as_they_are(load):
    spec = load("objective: package.module:Class.method\n" + REST).objective
    assert spec == ObjectiveSpec("function", "package.module:Class.method")
    assert spec.label == "package.module:Class.method"


def test_a_path_is_looked_up_beside_the_file_then_in_the_current_directory(load, tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "train.py").write_text("def other(): ...\n")
    load("objective: train.py:train\n" + REST)
    monkeypatch.chdir(tmp_path / "elsewhere")
    from sweeper.config import load_config

    assert load_config(tmp_path / "sweep.yaml").objective.target == f"{tmp_path}/train.py:train"
    (tmp_path / "train.py").unlink()
    with pytest.raises(Exception, match="has no function 'train'") as caught:
        load_config(tmp_path / "sweep.yaml")
    assert "did you mean" in str(caught.value) or "choose from: other" in str(caught.value)
    (tmp_path / "elsewhere" / "train.py").unlink()
    with pytest.raises(Exception, match=f"there is no 'train.py' in {tmp_path} or in {tmp_path}/elsewhere"):
        load_config(tmp_path / "sweep.yaml")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("objective: trian.py:train", "sweep.yaml:1: objective: there is no 'trian.py' in"),
        ("objective: trian.py:train", "did you mean 'train.py'?"),
        ("objective: train.py:trian", "train.py has no function 'trian'; did you mean 'train'?"),
        ("objective: train.py", "say which function, such as train.py:train"),
        ("objective: train", "must be file.py:function or package.module:function, got 'train'"),
        ("objective: 'my module:train'", "must be file.py:function or package.module:function"),
        ("objective: broken.py:train", "broken.py cannot be read as Python"),
        ("objective: 3", "must be text, got 3"),
        ("command: python train.py ${args}", "must be a list of words such as [python, train.py, ${args}]"),
        ("command: []", "must be a list of words"),
        ("command: [python, 3]", "must be a list of words"),
        ("command: [python, train.py, '${argz}']", "command.2: ${argz} is not a macro; did you mean '${args}'"),
        ("command: [python, train.py, '--x ${args}']", "command.2: ${args} must be a word of its own, got '--x "),
        ("command: [python, trian.py]", "command.1: there is no 'trian.py' in"),
        ("command: [python, trian.py]", "did you mean 'train.py'?"),
        ("command: [python, '${program}']", "uses ${program}, but the key program is missing"),
        ("program: nope.py", "program: there is no 'nope.py' in"),
        ("mlproject: {uri: ./nope}", "mlproject.uri: there is no 'nope' in"),
        ("mlproject: ./project", "must be a mapping such as {uri: ./project, entry_point: main}"),
        ("objective: train.py:train\nprogram: train.py", "objective and program both say what to run; keep one"),
        ("objective: train.py:train\nmlproject: {uri: .}", "objective and mlproject both say what to run"),
        ("seed: 1", "objective: is missing, write for example objective: train.py:train"),
    ],
)
def test_what_cannot_run_is_a_sentence(complaints, tmp_path, line, words):
    (tmp_path / "broken.py").write_text("def train(:\n")
    (found,) = complaints(f"{line}\n{REST}")
    assert words in found


@pytest.mark.parametrize(
    "source",
    ["from other import train", "import other as train", "train = make()", "class train: ...", "async def train(): ...",
     "from other import *", "if True:\n    def train(): ...", "for train in [print]: pass"],
)  # fmt: skip
def test_every_way_to_make_a_name_counts_as_a_function(load, tmp_path, source):
    (tmp_path / "made.py").write_text(source + "\n")
    assert load("objective: made.py:train\n" + REST).objective.target.endswith("made.py:train")


def test_a_program_of_wandb_runs_by_its_default_command(load, tmp_path):
    spec = load("program: train.py\n" + REST).objective
    assert spec == ObjectiveSpec("command", WANDB_COMMAND, program=f"{tmp_path}/train.py")
    assert spec.label == "train.py"


def test_a_command_keeps_its_words(load, tmp_path):
    (tmp_path / "base.yaml").touch()
    words = ["${interpreter}", "train.py", "${args}", "x=${envvar:HOME}", "--config", "base.yaml", "sh ${HOME}"]
    config = load(f"command: {json.dumps(words)}\n" + REST)
    here = {"train.py": f"{tmp_path}/train.py", "base.yaml": f"{tmp_path}/base.yaml"}
    assert config.objective.target == tuple(here.get(word, word) for word in words)
    assert config.notices == ()
    assert config.objective.label == "${interpreter} train.py ${args} x=${envvar:HOME} --config base.yaml sh ${HOME}"


def test_the_python_of_a_virtual_environment_stays_what_it_is(load, tmp_path):
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / ".venv" / "bin" / "python").symlink_to(sys.executable)
    target = load('command: [.venv/bin/python, ./train.py, "${args}"]\n' + REST).objective.target
    assert target == (f"{tmp_path}/.venv/bin/python", f"{tmp_path}/train.py", "${args}")


def test_a_variable_that_is_not_set_and_a_program_that_is_not_used_are_told(load, monkeypatch):
    monkeypatch.delenv("NOWHERE", raising=False)
    config = load("command: [echo, '${envvar:NOWHERE}']\nprogram: train.py\n" + REST)
    assert config.notices == (
        "command: the environment has no variable NOWHERE; ${envvar:NOWHERE} stands for NOWHERE, as in W&B",
        "program train.py is not used: command has no ${program}",
    )


def test_a_script_in_the_current_folder_or_beside_the_file_or_behind_options_is_found(load):
    for words in ("[python, -u, train.py]", "[python3.11, train.py]", "[sh, -c, run.sh]", "[./run, x.py]"):
        assert load(f"command: {words}\n{REST}").objective.kind == "command"


def test_a_project_is_a_folder_or_a_git_url(load, tmp_path):
    (tmp_path / "project").mkdir()
    local = load("mlproject: {uri: './project#sub'}\n" + REST).objective
    assert local == ObjectiveSpec("project", f"{tmp_path}/project#sub", entry_point="main")
    remote = load("mlproject: {uri: 'https://host/a.git@v1', entry_point: fit}\n" + REST).objective
    assert remote == ObjectiveSpec("project", "https://host/a.git@v1", entry_point="fit")


def test_the_bundled_examples_are_found_from_the_bundled_configs(tmp_path, monkeypatch):
    from sweeper import content
    from sweeper.config.lookup import Lookup

    monkeypatch.chdir(tmp_path)
    bundled = Lookup.beside(content.folder("configs") / "x.yaml")
    assert bundled.folders == (content.folder("configs").resolve(), content.folder("examples"), tmp_path)
    assert Lookup.beside(tmp_path / "x.yaml").folders == (tmp_path,)


def test_code_need_not_name_an_objective_and_its_paths_stay():
    rest = {"metric": {"name": "loss"}, "parameters": {"a": 1}}
    assert parse_config(rest).objective is None
    spec = parse_config(rest | {"objective": "/nowhere/x.py:train"}).objective
    assert spec == ObjectiveSpec("function", "/nowhere/x.py:train")
    assert Path(str(spec.target)).name == "x.py:train"

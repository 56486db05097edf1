"""``sweeper init`` and ``spaces``: what ships with sweeper, copied."""

from __future__ import annotations

from pathlib import Path

import pytest

from sweeper import content
from sweeper.cli.files import first_comment
from sweeper.config import load_config
from sweeper.space import SearchSpace
from tests.cli.conftest import Sweeper


def test_init_copies_the_sweep_and_its_example(sweeper: Sweeper, here: Path) -> None:
    ran = sweeper("init", "quickstart")
    assert ran.lines == ["wrote  quickstart.yaml", "wrote  quickstart.py", "next: sweeper run quickstart.yaml"]
    assert sorted(path.name for path in here.iterdir()) == ["quickstart.py", "quickstart.yaml"]


def test_quickstart_is_the_default(sweeper: Sweeper, here: Path) -> None:
    assert sweeper("init", "--json").json == [
        {"template": "quickstart", "files": ["quickstart.yaml", "quickstart.py"], "next": "sweeper run quickstart.yaml"}
    ]


def test_a_project_is_copied_as_a_folder(sweeper: Sweeper, here: Path) -> None:
    (made,) = sweeper("init", "workflow_project", "--json").json

    names = ["workflow/MLproject", "workflow/fit.py", "workflow/prepare.py", "workflow/workflow.py"]
    assert made["files"] == ["workflow_project.yaml", *names]
    assert all((here / name).is_file() for name in names)


@pytest.mark.parametrize("name", content.names("configs"))
def test_every_template_is_complete_where_it_lands(sweeper: Sweeper, here: Path, name: str) -> None:
    assert sweeper("init", name).code == 0
    objective = load_config(here / f"{name}.yaml").objective
    assert objective is not None
    words = objective.target if isinstance(objective.target, tuple) else (str(objective.target).rpartition(":")[0],)
    places = [Path(word) for word in (*words, objective.program or objective.target) if str(word).startswith("/")]
    assert places
    assert {place.parent for place in places} == {here}
    assert all(place.exists() for place in places if ":" not in place.name)


def test_init_again_keeps_what_is_the_same(sweeper: Sweeper, here: Path) -> None:
    sweeper("init", "quickstart")
    assert sweeper("init", "quickstart").lines[0] == "kept   quickstart.yaml"


def test_init_overwrites_nothing(sweeper: Sweeper, here: Path) -> None:
    (here / "quickstart.py").write_text("mine")
    ran = sweeper("init", "quickstart")
    assert ran.code == 2
    assert ran.err == "error: quickstart.py exists already, so nothing was written. To overwrite: --force\n"
    assert [path.name for path in here.iterdir()] == ["quickstart.py"]
    assert sweeper("init", "quickstart", "--force").code == 0
    assert (here / "quickstart.py").read_text() != "mine"


def test_init_of_an_unknown_template(sweeper: Sweeper, here: Path) -> None:
    ran = sweeper("init", "quikstart")
    assert ran.code == 2
    assert "did you mean 'quickstart'?" in ran.err


@pytest.mark.parametrize("name", ["../secrets", "/etc/passwd", "a/b", ""])
def test_a_template_is_a_name_and_no_path(sweeper: Sweeper, here: Path, name: str) -> None:
    assert sweeper("init", name).code == 2
    assert list(here.iterdir()) == []


def test_list_says_what_each_template_is(sweeper: Sweeper, here: Path) -> None:
    listed = sweeper("init", "--list", "--json").json
    assert [item["template"] for item in listed] == content.names("configs")
    assert all(item["title"] for item in listed)
    assert "quickstart" in sweeper("init", "--list").out
    assert list(here.iterdir()) == []


def test_spaces_ls(sweeper: Sweeper, here: Path) -> None:
    listed = sweeper("spaces", "ls", "--json").json
    assert [item["name"] for item in listed] == content.names("search_spaces")
    assert all(item["parameters"] > 0 and item["title"] for item in listed)
    assert "random_forest" in sweeper("spaces", "ls").out


def test_spaces_show_prints_yaml_that_reads_back(sweeper: Sweeper, here: Path) -> None:
    text = sweeper("spaces", "show", "svm").out
    assert SearchSpace.from_yaml(text).to_dict() == sweeper("spaces", "show", "svm", "--json").json[0]


def test_spaces_copy(sweeper: Sweeper, here: Path) -> None:
    assert sweeper("spaces", "copy", "svm").lines[0] == "wrote  svm.yaml"
    assert sweeper("spaces", "copy", "svm", "mine.yaml").lines[1] == "in a sweep file:  search_space: mine.yaml"
    (here / "svm.yaml").write_text("mine")
    assert sweeper("spaces", "copy", "svm").code == 2
    assert (here / "svm.yaml").read_text() == "mine"


def test_spaces_of_an_unknown_name(sweeper: Sweeper, here: Path) -> None:
    assert "no search space 'svn'; did you mean 'svm'?" in sweeper("spaces", "show", "svn").err


def test_an_unknown_command_below_spaces(sweeper: Sweeper, here: Path) -> None:
    ran = sweeper("spaces", "shwo")
    assert ran.code == 2
    assert ran.err == "error: no command 'shwo'; did you mean 'show'?\n  see: sweeper spaces --help\n"


def test_the_first_comment_is_its_first_sentence() -> None:
    assert first_comment("# Two lines\n# of it. And more.\nname: x\n# later") == "Two lines of it"
    assert first_comment("name: x") == ""

"""What somebody meets in their first hour: words that are true, commands that run, keys and addresses that keep."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from playwright.sync_api import Page

from sweeper.cli.app import app
from sweeper.records import RunState
from tests.browser.conftest import Sites, Visit


def copied(page: Page, name: str = "Copy command") -> str:
    """Return what a button puts into the clipboard."""
    page.evaluate("navigator.clipboard.writeText = (text) => { window.copied = text; return Promise.resolve(); }")
    page.get_by_role("button", name=name, exact=True).first.click()
    text: str = page.evaluate("window.copied")
    return text


def test_beside_the_curve_of_a_trial_are_those_of_the_best(visit: Visit, site: Sites) -> None:
    store = site("pruned").store
    sweep = store.find_sweep("pruned")
    complete = store.trials(sweep.id, states=[RunState.COMPLETE])
    best = sorted(complete, key=lambda trial: trial.values[0] * sweep.goals[0].sign)
    one = best[-1]

    page = visit("pruned", f"/t/{one.run_id}")
    page.wait_for_selector("figure[data-lines]")

    drawn = re.findall(r"trial (\d+)", page.locator("figure[data-lines]").inner_text())
    assert drawn == [str(trial.number) for trial in [one, *best[:5]]]


def test_a_copied_command_names_the_store(visit: Visit, site: Sites) -> None:
    store = site("one").store.url
    for address in ("/", "/models", site("one").sweep_page(), site("one").trial_page()):
        assert copied(visit("one", address)).endswith(f" --store {store}"), address

    page = visit("one", site("one").trial_page())
    shown = page.locator(".command code").all_inner_texts()
    assert shown
    assert all(text.endswith(f" --store {store}") for text in shown)


def test_a_trial_belongs_to_the_sweeps_and_another_run_to_the_runs(visit: Visit, site: Sites) -> None:
    store = site("nested").store
    run = next(run for run in store.runs(kinds=["run"]) if run.name == "pipeline")
    for address, place in ((site("nested").trial_page(), "Sweeps"), (f"/t/{run.id}", "Runs")):
        page = visit("nested", address)
        assert page.locator("nav [aria-current=page]").all_inner_texts() == [place]
        assert page.locator(".crumbs a").first.inner_text() == place


def test_an_error_is_sought_only_where_the_log_has_one(visit: Visit, site: Sites) -> None:
    page = visit("one", site("one").trial_page())
    page.locator(".log .line").first.wait_for()

    assert not page.get_by_role("button", name="First error").is_visible()


def test_an_empty_store_says_what_to_type(
    visit: Visit, site: Sites, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = site("empty").store.url
    page = visit("empty", "/")

    lines = page.locator("main pre").inner_text().splitlines()

    assert lines == [f"sweeper init quickstart --store {store}", f"sweeper run quickstart.yaml --store {store}"]
    monkeypatch.chdir(tmp_path)
    made = CliRunner().invoke(app, shlex.split(lines[0])[1:])
    assert made.exit_code == 0, made.output
    assert (tmp_path / "quickstart.yaml").exists()


def test_a_sweep_without_trials_says_so_once_and_names_no_cost(visit: Visit, site: Sites) -> None:
    page = visit("no-trials", site("no-trials").sweep_page())

    assert page.locator("main .empty").all_inner_texts() == ["No trial has started yet. This page fills by itself."]
    assert "No trial yet" not in page.locator("main").inner_text()
    assert all(page.locator(".head dd").all_inner_texts())


def test_when_a_parameter_is_set_is_told_once(visit: Visit, site: Sites) -> None:
    page = visit("conditional", site("conditional").sweep_page())

    row = page.get_by_role("row", name=re.compile("^gamma")).last.inner_text()
    assert row.split("\t")[1:] == ["0.0001 .. 10, log", "kernel = rbf or poly"]


def test_a_parameter_that_cannot_be_judged_has_no_share(visit: Visit, site: Sites) -> None:
    page = visit("running", site("running").sweep_page("running"))
    row = page.locator("[data-panel=importance] [role=listitem]", has_text="too few to judge")
    row.wait_for()

    assert row.locator(".num").inner_text() == "–"


def test_a_narrow_window_keeps_its_height_for_the_page(visit: Visit, site: Sites) -> None:
    page = visit("running", "/")
    page.set_viewport_size({"width": 480, "height": 900})

    header = page.locator("body > header").bounding_box()
    assert header
    assert header["height"] < 130
    row = page.locator("table.sweeps tbody tr", has_text="running").first
    best = row.locator("td.num").bounding_box()
    assert best
    assert best["x"] + best["width"] <= 480


def test_failures_are_counted_once(visit: Visit, site: Sites) -> None:
    page = visit("running", "/")
    page.locator(".why", has_text="CUDA").wait_for()

    assert page.locator("td.failures").filter(has_text="CUDA").inner_text().startswith("5 oom: RuntimeError")


def test_a_window_of_half_a_screen_shows_each_column_of_home(visit: Visit, site: Sites) -> None:
    page = visit("demo", "/")
    page.set_viewport_size({"width": 1000, "height": 900})
    page.locator("td.cost").first.wait_for()

    assert page.locator(".wide").evaluate("each => each.scrollWidth - each.clientWidth") <= 0
    header = page.locator("body > header").bounding_box()
    assert header
    assert header["height"] < 60


def test_ticks_of_home_are_kept_by_its_address(visit: Visit, site: Sites) -> None:
    page = visit("several", "/")
    for place in (0, 2):
        page.locator("tbody input[type=checkbox]").nth(place).check()

    page.reload()

    compare = page.get_by_role("button", name="Compare 2")
    compare.wait_for()
    assert [box.is_checked() for box in page.locator("tbody input[type=checkbox]").all()][:3] == [True, False, True]
    compare.click()
    page.wait_for_url("**/compare?s=*")
    assert len(page.url.partition("?s=")[2].replace("%2C", ",").split(",")) == 2

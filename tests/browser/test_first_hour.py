"""What somebody meets in their first hour: words that are true, commands that run, keys and addresses that keep."""

from __future__ import annotations

import re

from playwright.sync_api import Page

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

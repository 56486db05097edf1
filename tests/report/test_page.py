"""The words of a report."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sweeper.records import SweepState
from sweeper.report.page import Page, page
from tests.report.conftest import Found


def words(found: Found, kind: str, state: SweepState | None = None) -> Page:
    facts = found(kind)
    if state is not None:
        facts = replace(facts, table=replace(facts.table, sweep=replace(facts.sweep, state=state)))
    return page(facts, Path("reports/x"))


def test_facts_of_an_ordinary_sweep(found: Found) -> None:
    facts = dict(words(found, "ordinary").facts)

    assert facts["State"] == "finished"
    assert facts["Trials"] == "60 (50 complete, 6 pruned, 4 failed)"
    assert facts["Last 15 trials"].startswith("did not improve on 0.9506, for ")
    assert facts["Seed"] == "7"
    assert facts["Compute"].endswith("at once)")


@pytest.mark.parametrize(
    ("kind", "state", "first"),
    [
        ("ordinary", None, "sweeper run reports/x/best_params.yaml"),
        ("failed", None, "sweeper failures {id}"),
        ("running", None, "sweeper resume {id}"),
        ("running", SweepState.PAUSED, "sweeper report {id}"),
        ("empty", None, "sweeper trials {id} --sort value"),
        ("goals", None, "sweeper run reports/x/best_params.yaml"),
    ],
)
def test_the_next_command_is_the_one_that_helps(found: Found, kind: str, state: SweepState | None, first: str) -> None:
    made = words(found, kind, state)

    assert made.next_command == first.format(id=found(kind).sweep.id[-8:])
    assert made.commands[0][1] == made.next_command


@pytest.mark.parametrize(
    ("state", "warning"),
    [
        (SweepState.FINISHED, ""),
        (SweepState.STOPPED, "This sweep was stopped by a person before its budget was used."),
        (SweepState.CANCELLED, "This sweep was cancelled by a person."),
        (SweepState.FAILED, "This sweep ended without success."),
    ],
)
def test_a_sweep_that_ended_otherwise_says_how(found: Found, state: SweepState, warning: str) -> None:
    assert words(found, "ordinary", state).warning == warning


def test_a_path_with_a_space_is_quoted(found: Found) -> None:
    made = page(found("ordinary"), Path("my reports/x"))

    assert made.next_command == "sweeper run 'my reports/x/best_params.yaml'"


def test_a_conditional_parameter_that_is_not_set_is_blank_in_the_best_trials(found: Found) -> None:
    made = words(found, "conditional")

    assert made.top is not None
    degree = made.top.header.index("degree")
    kernel = made.top.header.index("kernel")
    assert {row[degree] == "" for row in made.top.rows if row[kernel] != "poly"} == {True}


def test_failures_have_their_trials_and_evidence(found: Found) -> None:
    causes = words(found, "failed").causes

    assert [(cause.size, cause.kind) for cause in causes] == [
        (7, "exit (exit code 3)"), (7, "exception"), (6, "invalid-value"),
    ]  # fmt: skip
    assert causes[1].place == "model.py:12 in fit"
    assert causes[1].trials == "1, 4, 7, 10, 13, 16, 19"
    assert "MemoryError" in causes[1].evidence


def test_the_environment_is_what_the_run_says_about_itself(found: Found) -> None:
    assert ("mlflow.user", "ada") in words(found, "ordinary").environment.rows

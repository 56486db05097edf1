"""Every difference from MLflow's server that is meant to be one: the only table of them.

Each has a row of the same title in ``docs/mlflow.md``. What differs and is not here fails the tests.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .pair import Difference


@dataclass(frozen=True)
class Listed:
    """A difference by where it is found: patterns of the route, the place in the answer and what each server says."""

    title: str
    reason: str
    route: str = ".*"
    place: str = ".*"
    real: str = ".*"
    ours: str = ".*"

    def fits(self, found: Difference) -> bool:
        said = ((self.route, found.route), (self.place, found.place), (self.real, str(found.real)),
                (self.ours, str(found.ours)))  # fmt: skip
        return all(re.fullmatch(pattern, text, re.DOTALL) for pattern, text in said)


#: by the very values, so that no request that is right is ever taken for one that is not
MALFORMED = (
    r"400 .*(Invalid value ('x'|True|\d{20,}|\[1\]|'nonsense'|0) for|Missing value .*(\.key|dataset\.name)'"
    r"|Invalid model status: nonsense).*"
)
LISTED = (
    Listed(
        "Infinities come back as infinities", "a value is kept as it is",
        place=r"answer\..*value", real=r"-?1\.7976931348623157e\+308", ours="-?Infinity",
    ),
    Listed(
        "A param or tag that is too long ends with `... [shortened]`", "nothing is cut silently",
        place=r"answer\..*value", ours=r".*\[shortened\].*",
    ),
    Listed(
        "A run that ends without an `end_time` ends now", "an ended run has an end",
        route="POST runs/update", place=r"answer\.run_info\.end_time", real="None",
    ),
    Listed(
        "Malformed requests are answered 400", "a mistake that is not told is found much later",
        place="status", real="(200|500) .*", ours=MALFORMED,
    ),
    Listed(
        "Tags of logged models have the limits of all tags", "one rule for every key",
        route="POST logged-models", place="status", real="200 .*", ours="400 .*tag name .*",
    ),
    Listed(
        "A mistake of the caller is never answered 500", "clients repeat a 500 for minutes",
        place="status", real=r"500 .*(INVALID_STATE|INTERNAL_ERROR).*", ours=r"400 .*",
    ),
    Listed(
        "Numbers and flags may be text, and text may be numbers, everywhere", "R sends text alone",
        place="status", real=r"400 .*Hint: Value was of type '(int|str)'.*", ours=r"(200|404) .*",
    ),
    Listed(
        "Required fields are read in camelCase, too", "protobuf's JSON allows both spellings",
        route="POST runs/log-parameter", place="status", real=r"400 .*Missing value .*'run_id'.*", ours=r"200 .*",
    ),
    Listed(
        "Filters know OR and parentheses", "asked for since 2021; all of MLflow's filters mean the same",
        place="status", real=r"400 .*Invalid (clause|filter|order_by|comparison|attribute|operator).*",
        ours=r"200 .*",
    ),
    Listed(
        "There is one workspace, and it has no name", "there are none here, so none is named",
        place=r"answer\..*workspace", real="default", ours="None",
    ),
    Listed(
        "A logged model shows the latest value of each metric", "the points stand in the history of the run",
        place=r"answer\.models?(\[\d+\])?\.data\.metrics.*",
    ),
    Listed(
        "Logged models are found by `status`", "MLflow's server compares its number with the word",
        route="POST logged-models/search", place=r"answer\.models", real="None",
    ),
    Listed(
        "A model version tells its `model_id`, its user and its aliases everywhere", "whoever reads wants to know",
        place=r"answer\.(.*latest_versions|model_versions?).*\.(model_id|user_id|aliases)", real="None",
    ),
    Listed(
        "A version's source has to lie below the server's own root", "what it names is looked for, and 404 if absent",
        route="POST model-versions/create", place="status", real=r"400 .*Invalid model version source.*",
        ours="404 .*",
    ),
    Listed(
        "A folder is no file", "MLflow's server has no code in this answer",
        route="GET /api/2.0/mlflow-artifacts/artifacts/folder-.*", place="error_code", real="None",
    ),
    Listed(
        "A method that a path does not have is answered 404", "clients take another way at 404",
        place="status", real=r"405 .*", ours=r"404 .*",
    ),
)  # fmt: skip


def unlisted(found: list[Difference]) -> list[Difference]:
    return [difference for difference in found if not any(listed.fits(difference) for listed in LISTED)]

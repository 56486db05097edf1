"""The trials of a sweep as a DataFrame that a notebook shows below the card of the sweep."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

if TYPE_CHECKING:
    from sweeper.api.result import Result


class TrialsFrame(pd.DataFrame):
    """A DataFrame as any other; what is made from it, or comes back from a file, is shown as a plain one."""

    _internal_names: ClassVar[list[str]] = [*pd.DataFrame._internal_names, "_result"]  # type: ignore[attr-defined]  # the stubs leave it out
    _internal_names_set: ClassVar[set[str]] = set(_internal_names)

    @classmethod
    def of(cls, result: Result) -> TrialsFrame:
        """Return one row per trial of a sweep."""
        made = cls(result.frame())
        object.__setattr__(made, "_result", result)
        return made

    @property
    def _constructor(self) -> Callable[..., pd.DataFrame]:
        return pd.DataFrame

    def _repr_html_(self) -> Any:
        rows = super()._repr_html_()  # type: ignore[misc]  # the stubs leave it out
        result = getattr(self, "_result", None)
        return rows if result is None or rows is None else f"{result._repr_html_()}\n{rows}"

"""Scoring a file: CSV, Parquet or JSON in, the same or another of them out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeper.errors import NotFound, UsageError

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".parquet", ".json", ".jsonl")


def read_table(path: Path) -> pd.DataFrame:
    """Return the rows of a file. Raises UsageError for one that cannot be read as a table."""
    import pandas as pd

    _check(path)
    if not path.is_file():
        raise NotFound("file", str(path))
    try:
        if path.suffix == ".csv":
            return pd.read_csv(path)
        if path.suffix == ".parquet":
            return pd.read_parquet(path)
        return pd.read_json(path, lines=path.suffix == ".jsonl")
    except (ValueError, OSError) as error:
        raise UsageError(f"{path} cannot be read as a table: {error}") from None


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write rows to a file, whole or not at all."""
    _check(path)
    part = path.with_name(f".{path.name}.part")
    try:
        if path.suffix == ".csv":
            table.to_csv(part, index=False)
        elif path.suffix == ".parquet":
            table.to_parquet(part, index=False)
        else:
            table.to_json(part, orient="records", lines=path.suffix == ".jsonl")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def predict(model: Any, table: pd.DataFrame) -> pd.DataFrame:
    """Return the predictions of a pyfunc model as a table. Raises UsageError for rows that do not fit its signature."""
    import pandas as pd
    from mlflow.exceptions import MlflowException

    try:
        found = model.predict(table)
    except MlflowException as error:
        raise UsageError(f"the rows do not fit the model: {error.message}") from None
    if isinstance(found, pd.DataFrame):
        return found
    if getattr(found, "ndim", 1) > 1:
        return pd.DataFrame(found)
    return pd.DataFrame({"prediction": found})


def _check(path: Path) -> None:
    if path.suffix not in ENDINGS:
        raise UsageError(f"{path}: a file of rows ends in {', '.join(ENDINGS)}")

"""Scoring a file: CSV, Parquet or JSON in, the same or another of them out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeper.errors import NotFound, UsageError

if TYPE_CHECKING:
    import pandas as pd

ENDINGS = (".csv", ".parquet", ".json", ".jsonl")
FORMS = ("dataframe_split", "dataframe_records", "instances", "inputs")


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
        if path.suffix == ".jsonl":
            return pd.read_json(path, lines=True)
        return _rows(json.loads(path.read_text("utf-8")))
    except (ValueError, OSError) as error:
        raise UsageError(f"{path} cannot be read as a table: {error}") from None


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write rows to a file, whole or not at all."""
    check_output(path)
    part = path.with_name(f".{path.name}.part")
    try:
        if path.suffix == ".csv":
            table.to_csv(part, index=False)
        elif path.suffix == ".parquet":
            table.to_parquet(part, index=False)
        else:
            table.to_json(part, orient="records", lines=path.suffix == ".jsonl")
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
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


def check_output(path: Path) -> None:
    """Raise UsageError for a file that rows cannot be written to."""
    _check(path)
    if not path.absolute().parent.is_dir():
        raise UsageError(f"{path} cannot be written: there is no folder {path.parent}")


def _rows(read: Any) -> pd.DataFrame:
    """Return the rows of a JSON file: a list of objects, columns by name, or one of MLflow's forms of a request."""
    import pandas as pd

    if isinstance(read, dict) and len(read) == 1 and (form := next(iter(read))) in FORMS:
        read = read[form]
    if isinstance(read, dict) and "columns" in read and "data" in read:
        return pd.DataFrame(read["data"], columns=read["columns"])
    if isinstance(read, dict | list) and read:
        return pd.DataFrame(read)
    raise ValueError("it holds no rows")


def _check(path: Path) -> None:
    if path.suffix not in ENDINGS:
        raise UsageError(f"{path}: a file of rows ends in {', '.join(ENDINGS)}")

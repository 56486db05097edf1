"""Registering and loading models from code."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sweeper.api.stores import shared_store, writable

if TYPE_CHECKING:
    from sweeper.interfaces import Store
    from sweeper.records import ModelVersion, SweepRecord, TrialRecord
    from sweeper.registry.registry import Registry


def register(
    target: str | SweepRecord | TrialRecord,
    name: str,
    *,
    alias: str | Sequence[str] | None = None,
    stage: str | None = None,
    artifact: str | None = None,
    path: str | os.PathLike[str] | None = None,
    archive_existing: bool = False,
    demote_existing: str | None = None,
    tags: Mapping[str, str] | None = None,
    description: str = "",
    again: bool = False,
    store: str | Store | None = None,
) -> ModelVersion:
    """Register the model of a trial as the next version of ``name``, with where it comes from; return the version.

    ``target``: a sweep (its best trial), ``SWEEP:NUMBER``, a run id, or the record of a sweep or a trial. The files are
    the model that the trial logged, its artifact ``artifact``, or the local file or folder ``path``, which is copied.
    ``alias`` (one or several), ``stage``, ``tags`` and ``description`` become true in the same transaction;
    ``archive_existing`` and ``demote_existing`` say where the versions go that are in that stage now. The same files of
    the same trial again give the version there is, unless ``again``.

    Raises UsageError for a trial without a model and for names that break MLflow's limits; NotFound.
    """
    from sweeper.records import SweepRecord, TrialRecord
    from sweeper.registry.registering import Wishes
    from sweeper.registry.registering import register as make
    from sweeper.registry.registry import Registry
    from sweeper.registry.targets import find_target, of_sweep, of_trial

    opened = shared_store(store) if store is None or isinstance(store, str) else writable(store)
    wishes = Wishes.checked(alias, stage, archive_existing, demote_existing, tags, description)
    if isinstance(target, SweepRecord):
        found = of_sweep(opened, opened.find_sweep(target.id))
    elif isinstance(target, TrialRecord):
        found = of_trial(opened, opened.find_trial(target.run_id))
    else:
        found = find_target(opened, target)
    place = None if path is None else Path(path)
    return make(Registry(opened), found, name, wishes, artifact=artifact, path=place, again=again).version


def load_model(
    uri: str | os.PathLike[str], *, flavor: str | None = None, unpickle: bool = False, store: str | Store | None = None
) -> Any:
    """Return the model at ``models:/NAME/VERSION``, ``models:/NAME@ALIAS``, ``models:/NAME/STAGE``,
    ``models:/NAME/latest``, ``runs:/RUN_ID/PATH``, or in a folder.

    The files are compared with the checksums that were recorded; a warning names each package that is another version
    here. ``flavor``: None loads the model as it was (a scikit-learn estimator, a Booster); "pyfunc" gives MLflow's
    common form, whose ``predict`` takes a DataFrame. A pickle runs code of whoever made it: it is loaded only with
    ``unpickle=True``.

    Raises NotFound, UsageError for changed files and pickles, MissingPackage.
    """
    from sweeper.registry.loading import load
    from sweeper.registry.registry import Registry, Resolved
    from sweeper.registry.uris import is_uri

    text = os.fspath(uri)
    if is_uri(text):
        read = shared_store(store, read_only=True) if store is None or isinstance(store, str) else store
        resolved = Registry(read).resolve(text)
    else:
        resolved = Resolved(text, str(Path(text).expanduser().absolute()))
    return load(resolved, lambda line: warnings.warn(line, stacklevel=4), flavor=flavor, unpickle=unpickle)


def registry_of(store: Store, url: str | None) -> Registry:
    """Return the registry of a store that may be open for reading only: changes open it for writing."""
    from sweeper.registry.registry import Registry

    return Registry(store, writer=lambda: shared_store(url))

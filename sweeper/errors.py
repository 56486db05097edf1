"""Every error a user can meet, as one tree. The constructors take the facts and write the sentence.

::

    SweeperError                    exit code of the command line
    ├── UsageError                  2   what was asked cannot be done as asked
    │   ├── ConfigError             2   a sweep file, with all its problems at once
    │   ├── SpaceError              2   a search space or a value outside it
    │   ├── ObjectiveError          2   an objective that cannot be found, imported or pickled
    │   ├── AlreadyExists           2   a name that is taken
    │   ├── Outdated                2   what was seen before it was changed is no longer so
    │   ├── NotFound                2   no sweep, trial, file or name like that; carries the nearest
    │   └── MissingPackage          2   an optional package; carries the line to type
    ├── StoreError                  3   the database of runs
    │   ├── StoreUnavailable        3   cannot be opened, reached or written
    │   ├── StoreForeign            3   a database that is not ours
    │   └── StoreNewer              3   written by a newer version
    └── LeaseError                  4   who owns a running sweep
        ├── LeaseHeld               4   another controller is alive
        └── LeaseLost               4   another controller took over
    Pruned                          raised by an objective to end its trial early; not an error
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class SweeperError(Exception):
    """Base of all errors of this package. ``exit_code`` is what the command line ends with."""

    exit_code = 1


class UsageError(SweeperError):
    """What was asked cannot be done as it was asked."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a file: ``FILE:LINE: path: message``.

    ``path`` is the dotted path of the key in the file, ``line`` is 1-based (None when unknown).
    """

    message: str
    path: str = ""
    line: int | None = None
    file: str = ""

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part)
        return ": ".join(part for part in (place, self.path, self.message) if part)


class ConfigError(UsageError):
    """A sweep file that cannot be used. Carries every problem found, one line each."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class SpaceError(UsageError):
    """A search space, or a value that does not fit it. ``path`` names the parameter."""

    def __init__(self, message: str, path: str = "") -> None:
        self.path = path
        self.message = message
        super().__init__(f"{path}: {message}" if path else message)


class ObjectiveError(UsageError):
    """An objective that cannot be found, imported, called with these parameters, or pickled."""


class AlreadyExists(UsageError):
    """A name that is taken."""


class Outdated(UsageError):
    """What somebody saw, and was about to change, has been changed by another one meanwhile."""


class NotFound(UsageError):
    """Nothing of that name. Says what there is, the nearest first."""

    def __init__(self, kind: str, name: str, known: Iterable[str] = (), hint: str = "") -> None:
        self.kind, self.name = kind, name
        message = f"no {kind} {name!r}"
        if choices := list(known):
            message += "; " + suggest(name, choices)
        super().__init__(message + (f". {hint}" if hint else ""))


class MissingPackage(UsageError):
    """An optional package is not installed. Names the package itself and the line to type."""

    def __init__(self, package: str, purpose: str) -> None:
        self.package = package
        super().__init__(f"{purpose} needs the package {package!r}. Run: pip install {package}")


class StoreError(SweeperError):
    """The database of runs."""

    exit_code = 3


class StoreUnavailable(StoreError):
    """The store cannot be opened, reached or written."""


class StoreForeign(StoreError):
    """The database belongs to another program."""


class StoreNewer(StoreError):
    """The store was written by a newer version of sweeper."""


class LeaseError(SweeperError):
    """Who owns a running sweep."""

    exit_code = 4


class LeaseHeld(LeaseError):
    """Another controller is alive and owns the sweep."""


class LeaseLost(LeaseError):
    """This controller lost its sweep to another one and has stopped writing."""


class Pruned(Exception):
    """Raise it inside an objective to end the trial early; its history is kept and told to the sampler."""


def suggest(name: str, known: Iterable[str], limit: int = 8) -> str:
    """Return "did you mean 'x'?" when something is near ``name``, otherwise the choices.

    At most ``limit`` choices are listed.
    """
    choices = list(known)
    near = difflib.get_close_matches(name, choices, n=2, cutoff=0.6)
    if near:
        return "did you mean " + " or ".join(repr(choice) for choice in near) + "?"
    listed = ", ".join(choices[:limit]) + (", ..." if len(choices) > limit else "")
    return f"choose from: {listed}" if choices else "there are none"

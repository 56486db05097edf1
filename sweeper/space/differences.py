"""What differs between two search spaces, in lines that a person reads."""

from __future__ import annotations

from sweeper.space.space import SearchSpace


def differences(old: SearchSpace, new: SearchSpace) -> list[str]:
    """Return one line per parameter or constraint that is new, gone or changed; none when the spaces are equal."""
    lines = []
    for name in dict.fromkeys((*old.parameters, *new.parameters)):
        before, after = old.parameters.get(name), new.parameters.get(name)
        if before is None and after is not None:
            lines.append(f"+ {name}: {after.describe()}")
        elif after is None and before is not None:
            lines.append(f"- {name}: {before.describe()}")
        elif before is not None and after is not None and before.to_dict() != after.to_dict():
            lines.append(f"~ {name}: {before.describe()} -> {after.describe()}")
    was, now = [str(constraint) for constraint in old.constraints], [str(constraint) for constraint in new.constraints]
    lines += [f"- constraint {text}" for text in was if text not in now]
    lines += [f"+ constraint {text}" for text in now if text not in was]
    return lines

"""A judged parameter as a recommendation."""

from __future__ import annotations

from sweeper.analysis.ranges.candidate import Candidate
from sweeper.analysis.ranges.evidence import value_at
from sweeper.analysis.ranges.recommendation import Recommendation


def put(made: Candidate) -> Recommendation:
    evidence = made.evidence
    parameter = evidence.base
    if made.shrunk:
        if evidence.choices:
            parameter = parameter.narrow(values=[c for c, k in zip(evidence.choices, made.region.keep) if k])
        else:
            parameter = parameter.narrow(value_at(evidence.axis, made.region.low), value_at(evidence.axis, made.region.high))
    return Recommendation(evidence.name, "shrink" if made.shrunk else "keep", parameter, evidence.base, len(made.lanes), 0, made.kept)

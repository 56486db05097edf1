"""Where past sweeps searched, where the good values lay, and what the next sweep should search.

Pure functions over tables of trials. Values of different sweeps are compared by their rank within their own sweep,
never as they are: another data set, another scale. :func:`recommend` shrinks a range only where the sweeps show it (the
rule, and how well it keeps what is good: ``benchmarks/range_rule.py``).
"""

from sweeper.analysis.ranges.recommend import recommend
from sweeper.analysis.ranges.recommendation import Focus, Recommendation

__all__ = ["Focus", "Recommendation", "recommend"]

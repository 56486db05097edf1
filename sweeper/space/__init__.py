"""The search space: parameters, conditions, constraints, and the grammar that a sweep file writes them in.

Nothing here draws on another room; numbers, YAML and a Hyperopt graph go in, a :class:`SearchSpace` comes out.
"""

from sweeper.space.choices import Categorical, Constant
from sweeper.space.constraints import Constraint, parse_constraint
from sweeper.space.domains import ChoiceDomain, Domain, FloatDomain, IntDomain
from sweeper.space.grammar import SpaceProblem
from sweeper.space.hyperopt import from_hyperopt
from sweeper.space.numeric import Float, Int
from sweeper.space.parameter import Parameter
from sweeper.space.priors import Beta, LogNormal, Normal
from sweeper.space.quantized import Quantized
from sweeper.space.space import SearchSpace, parse_space

__all__ = [
    "Beta",
    "Categorical",
    "ChoiceDomain",
    "Constant",
    "Constraint",
    "Domain",
    "Float",
    "FloatDomain",
    "Int",
    "IntDomain",
    "LogNormal",
    "Normal",
    "Parameter",
    "Quantized",
    "SearchSpace",
    "SpaceProblem",
    "from_hyperopt",
    "parse_constraint",
    "parse_space",
]

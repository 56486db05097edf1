"""Optuna's samplers.

Optuna's own objects keep state between asks, in the sampler and in the attributes of its trials; that state is lost
with the process, depends on the order of asking, and grows without bound. Here the history is ours (a
:class:`~sweeper.samplers.window.Window`), and each ask shows it to a newly made Optuna sampler, seeded for that trial
number. So the same results always lead to the same proposals, also after a resume.
"""

from sweeper.samplers.optuna.gp import GpSampler
from sweeper.samplers.optuna.nsga2 import NsgaIISampler
from sweeper.samplers.optuna.random import OptunaRandomSampler
from sweeper.samplers.optuna.tpe import OptunaTpeSampler

__all__ = ["GpSampler", "NsgaIISampler", "OptunaRandomSampler", "OptunaTpeSampler"]

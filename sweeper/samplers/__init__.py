"""Who proposes: every method of the sweep file that chooses parameters, behind ``ask`` and ``tell``.

What they share lives in small modules: ``seeds`` (one seed per trial number), ``options``, ``points`` (parameters to
plain numbers and back), ``proposals`` (constraints, duplicates, pending trials), ``evidence`` (what an outcome tells
a model), ``window`` (a bounded history), ``axes`` and ``groups`` (a space as Optuna and Hyperopt can read it).
"""

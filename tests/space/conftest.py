"""Laws are tried on the same examples every time: a test that fails has found a change, not luck."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "laws", deadline=None, derandomize=True, max_examples=150, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("laws")

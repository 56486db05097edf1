"""Conformance suites to inherit: whoever writes a store, a sampler or an executor gets our tests. Needs pytest."""

"""The workers of a sweep and the channel to them: on this host, or by outposts on others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sweeper import plugins
from sweeper.artifacts import open_artifacts
from sweeper.config import ExecutorConfig
from sweeper.interfaces import Executor
from sweeper.trial.channel import Acks, ChannelServer
from sweeper.trial.outpost import Home, WorkerOutpost
from sweeper.trial.worker import Setup, start


class Channel(Protocol):
    """The controller's end of the way to its workers."""

    @property
    def acks(self) -> Acks: ...

    def close(self) -> None: ...


@dataclass(frozen=True)
class Crew:
    """Opens the channel of a sweep, and then the executor, with what every worker is told in ``setup``."""

    config: ExecutorConfig
    setup: Setup

    @property
    def runtime(self) -> Path:
        """The folder of the channel, and of what trials print on this host."""
        return Path(self.setup.runtime)

    def channel(self, on_frame: Any, on_ask: Any, on_gone: Any, on_error: Callable[[Exception], None]) -> Channel:
        """Open the channel; what is called is as for a :class:`ChannelServer`."""
        if self._remote:
            files = open_artifacts(self.setup.artifacts)
            return Home(self.runtime, files, on_frame, on_ask, on_gone, on_error)
        return ChannelServer(self.runtime, on_frame, on_ask, on_gone, on_error, slots=self.setup.slots)

    def executor(self, channel: Channel, notice: Callable[[str], None]) -> Executor:
        """Make the executor. ``notice`` is told what a person should read, in any thread."""
        config, setup = self.config, self.setup
        made: Any = plugins.load("executor", config.kind)
        options = self._options()
        if not isinstance(channel, Home):
            executor: Executor = made(setup.slots, start, (setup,), **options)
            return executor
        executor = made(
            setup.slots, start, outpost=WorkerOutpost(setup), receive=channel.receive, notice=notice, **options
        )
        channel.connect(executor.post)  # type: ignore[attr-defined]  # those that take an outpost have it
        return executor

    @property
    def _remote(self) -> bool:
        return bool(getattr(plugins.load("executor", self.config.kind), "remote", False))

    def _options(self) -> dict[str, Any]:
        """Return what the executor of that kind is made with; ours know their words, a third party's gets all."""
        config = self.config
        fresh = {"fresh": True, "preload": self.setup.carrier.load} if config.isolation == "fresh" else {}
        if config.kind == "inline":
            return {}
        if config.kind == "joblib":
            return {"folder": self.setup.runtime, "threads": config.options.get("threads"), **fresh}
        if self._remote:
            return {**config.options, **fresh, "memory": config.memory, "data": self.setup.data}
        return dict(config.options)

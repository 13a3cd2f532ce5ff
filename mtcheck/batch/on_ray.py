"""Shards as tasks of Ray: on this machine, or on the cluster that ``RAY_ADDRESS`` names.

Ray's tasks rather than its data sets: a data set cuts a corpus by its own blocks, which differ from run to run, and the
same corpus must give the same bytes. Spark would bring a Java machine for no more than a map.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, Self, TypeVar

from mtcheck.batch.pools import ProcessDiedError
from mtcheck.errors import MtcheckError, SettingsError

Outcome = TypeVar("Outcome")
_SHARDS_FOR_EACH_CORE = 2


class OnRay:
    """Ray's processes. Work that a killed process did is begun again by Ray, three times; see its dashboard."""

    def __init__(self, processes: int = 0) -> None:
        """Start Ray here with so many processes (0: one a core), or join the cluster of ``RAY_ADDRESS``.

        Raises SettingsError, which names the extra, where Ray is not installed.
        """
        os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")  # nothing leaves the machine
        os.environ.setdefault("RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO", "0")  # what later versions do, without a warning
        try:
            import ray
        except ImportError:
            raise SettingsError("the engine ray is not installed", repair="run: pip install 'mtcheck[ray]'") from None
        self._ray: Any = ray
        self._processes = processes

    def __enter__(self) -> Self:
        self._begun = not self._ray.is_initialized()
        if self._begun:
            cores = {} if os.environ.get("RAY_ADDRESS") or not self._processes else {"num_cpus": self._processes}
            self._ray.init(log_to_driver=False, logging_level="error", **cores)
        self.room = _SHARDS_FOR_EACH_CORE * int(self._ray.cluster_resources().get("CPU", 1))
        return self

    def __exit__(self, *error: object) -> None:
        if self._begun:
            self._ray.shutdown()

    def start(self, work: Callable[..., Outcome], *arguments: object) -> Callable[[], Outcome]:
        """As :meth:`mtcheck.batch.pools.Pool.start`."""
        task = self._ray.remote(_done).remote(work, *arguments)

        def wait() -> Outcome:
            try:
                return self._ray.get(task)  # type: ignore[no-any-return]
            except self._ray.exceptions.RayTaskError as error:
                if isinstance(error.cause, MtcheckError):
                    raise error.cause from None  # Ray's own shows the whole traceback as its message
                raise
            except self._ray.exceptions.RayError as error:
                raise ProcessDiedError from error

        return wait


def _done(work: Callable[..., Outcome], *arguments: object) -> Outcome:
    """The work, as a plain function: Ray asks for one."""
    return work(*arguments)

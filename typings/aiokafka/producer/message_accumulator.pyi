from collections import deque
from collections.abc import Sequence

class BatchBuilder:
    def append(
        self,
        *,
        timestamp: int | None,
        key: bytes | None,
        value: bytes | None,
        headers: Sequence[tuple[str, bytes]] = ...,
    ) -> object | None: ...

class MessageBatch:
    def drain_ready(self) -> None: ...

class MessageAccumulator:
    _batches: dict[object, deque[MessageBatch]]
    def fail_all(self, exception: Exception) -> None: ...

import asyncio

class Sender:
    @property
    def sender_task(self) -> asyncio.Task[None] | None: ...

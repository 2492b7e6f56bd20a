"""A host of pictures on this machine, as well-behaved or hostile as a test wants it."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class PictureServer:
    """``answers`` by path; ``requests`` are the heads that came in."""

    port: int = 0
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])
    requests: list[str] = field(default_factory=list[str])
    connections: int = 0

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def give(self, path: str, content: bytes, status: str = "200 OK", *headers: str) -> str:
        """The address at which this lies from now on."""
        head = f"HTTP/1.1 {status}\r\nContent-Length: {len(content)}\r\n"
        return self.give_raw(path, _head(head, *headers) + content)

    def give_raw(self, path: str, answer: bytes) -> str:
        async def send(writer: asyncio.StreamWriter) -> None:
            writer.write(answer)
            await writer.drain()

        return self.give_as(path, send)

    def give_as(self, path: str, answer: Answer) -> str:
        self.answers[path] = answer
        return f"http://{self.host}{path}"

    def hang(self, path: str) -> str:
        """It takes the request and is silent."""
        return self.give_as(path, _forever)

    def redirect(self, path: str, target: str) -> str:
        return self.give(path, b"", "302 Found", f"Location: {target}")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            self.requests.append(head)
            answer = self.answers.get(head.split()[1])
            if answer is not None:
                await answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def picture_server() -> AsyncGenerator[PictureServer]:
    found = PictureServer()
    tasks: set[asyncio.Task[None]] = set()

    def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(found.serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    found.port = server.sockets[0].getsockname()[1]
    try:
        yield found
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks) if tasks else None


def _head(start: str, *headers: str) -> bytes:
    return (start + "".join(f"{one}\r\n" for one in headers) + "\r\n").encode()


async def _forever(writer: asyncio.StreamWriter) -> None:
    await asyncio.Event().wait()

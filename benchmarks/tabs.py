"""Open tabs without a browser: clients that speak with a Streamlit server as its page does, many in one thread.

They send the whole state of their fields with every rerun, keep the messages that a browser would keep, and ask for
a fragment as often as it wants to be drawn again.
"""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from typing import Self

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect

_LIMIT_S = 120.0


class Tab:
    """One tab on one page; ``fields`` are the ids of its text fields, ``reruns`` how often fragments were drawn."""

    def __init__(self, socket: ClientConnection, page: str) -> None:
        self.received = 0  # bytes
        self.fragment_reruns = 0
        self.fields: list[str] = []
        self._fragment_of: dict[str, str] = {}
        self._socket = socket
        self._page = page
        self._hash = ""
        self._kept: set[str] = set()
        self._texts: dict[str, str] = {}
        self._timers: dict[str, asyncio.Task[None]] = {}
        self._finished = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def open(cls, url: str, page: str = "") -> Self:
        """Returns when the page is drawn."""
        address = url.replace("http", "ws", 1) + "/_stcore/stream"
        tab = cls(await connect(address, subprotocols=["streamlit"], origin=url, max_size=None), page)  # type: ignore[list-item, arg-type]
        await tab.rerun()
        return tab

    async def type(self, text: str) -> float:
        """Write into the first text field and leave it; seconds until the page, or the fragment it is in, is drawn."""
        field = self.fields[0]
        self._texts[field] = text
        return await self._drawn(self._fragment_of[field])

    async def rerun(self) -> float:
        """Seconds until the page is drawn."""
        return await self._drawn()

    async def _drawn(self, fragment: str = "") -> float:
        self._finished.clear()
        began = time.perf_counter()
        await self._ask(fragment)
        await asyncio.wait_for(self._finished.wait(), _LIMIT_S)
        return time.perf_counter() - began

    async def close(self) -> None:
        self._forget_timers()
        await self._socket.close()
        with suppress(Exception):
            await self._listening

    async def _ask(self, fragment: str = "", *, by_itself: bool = False) -> None:
        message = BackMsg()
        state = message.rerun_script
        state.page_script_hash = self._hash
        state.page_name = "" if self._hash else self._page
        state.fragment_id, state.is_auto_rerun = fragment, by_itself
        state.cached_message_hashes.extend(self._kept)
        state.context_info.locale, state.context_info.timezone = "en-US", "UTC"
        for name, text in self._texts.items():
            state.widget_states.widgets.add(id=name, string_value=text)
        await self._socket.send(message.SerializeToString())

    async def _listen(self) -> None:
        async for data in self._socket:
            assert isinstance(data, bytes)
            self.received += len(data)
            message = ForwardMsg.FromString(data)
            if message.metadata.cacheable:
                self._kept.add(message.hash)
            self._hear(message)

    def _hear(self, message: ForwardMsg) -> None:
        kind = message.WhichOneof("type")
        if kind == "new_session" and not message.metadata.run.fragment_ids:
            self._hash = message.new_session.page_script_hash
            self._forget_timers()
            self.fields.clear()
        elif kind == "delta" and (element := message.delta.new_element).WhichOneof("type") in (
            "text_area",
            "text_input",
        ):
            field = element.text_area if element.WhichOneof("type") == "text_area" else element.text_input
            if field.id not in self.fields:
                self.fields.append(field.id)
            self._fragment_of[field.id] = message.delta.fragment_id
        elif kind == "auto_rerun":
            self._draw_again(message.auto_rerun.fragment_id, message.auto_rerun.interval)
        elif kind == "stop_auto_rerun":
            self._forget_timers(message.stop_auto_rerun.fragment_ids)
        elif kind == "script_finished":
            self._end(ForwardMsg.ScriptFinishedStatus.Name(message.script_finished))

    def _end(self, status: str) -> None:
        self.fragment_reruns += status == "FINISHED_FRAGMENT_RUN_SUCCESSFULLY"
        self._finished.set()  # on a busy server a fragment's own rerun may come in place of the page's

    def _draw_again(self, fragment: str, interval: float) -> None:
        self._forget_timers([fragment])
        self._timers[fragment] = asyncio.create_task(self._ticking(fragment, interval))

    async def _ticking(self, fragment: str, interval: float) -> None:
        while True:
            await asyncio.sleep(interval)
            await self._ask(fragment, by_itself=True)

    def _forget_timers(self, fragments: Sequence[str] | None = None) -> None:
        for fragment in list(self._timers) if fragments is None else fragments:
            if timer := self._timers.pop(fragment, None):
                timer.cancel()

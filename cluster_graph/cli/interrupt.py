"""Ctrl-C ends the program within a second, even while an engine is busy and hears nothing."""

import os
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from cluster_graph.tables.leftovers import remove_all

INTERRUPTED: Final = 130
_GRACE: Final = 0.5  # seconds in which Python may end by itself


@contextmanager
def prompt_interrupt() -> Iterator[None]:
    """
    End the process half a second after Ctrl-C, if it has not ended by then.

    Python hears a signal only between two of its own steps, and one step may be a query of
    minutes. So a thread of its own waits for the signal, gives Python time to tidy up, then
    removes what is left over and ends the process.
    """
    over = threading.Event()
    ours, theirs = socket.socketpair()
    theirs.settimeout(0)
    before = signal.set_wakeup_fd(theirs.fileno(), warn_on_full_buffer=False)
    waiting = threading.Thread(target=_wait, args=(ours, over), daemon=True)
    waiting.start()
    try:
        yield
    finally:
        signal.set_wakeup_fd(before)
        over.set()
        theirs.close()
        waiting.join()


def _wait(signals: socket.socket, over: threading.Event) -> None:
    with signals:
        while number := signals.recv(1):
            if number[0] == signal.SIGINT and not over.wait(_GRACE):
                remove_all()
                os._exit(INTERRUPTED)

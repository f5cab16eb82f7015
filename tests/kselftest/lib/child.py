# SPDX-License-Identifier: GPL-2.0
"""
A process beside the test, for what one process can't do: to be root of a user
namespace, or of several, or in a control group, while the test is not.
"""

import os
import socket


class Child:
    """
    Runs does(sock, ...) in a process of its own. The first message that it sends
    is "ready", or says why it can't be: then that is the reason.
    """

    def __init__(self, does, *arguments):
        self.sock, end = socket.socketpair(socket.AF_UNIX,
                                           socket.SOCK_SEQPACKET)
        self.pid = os.fork()
        if not self.pid:
            self.sock.close()
            try:
                does(end, *arguments)
            finally:
                os._exit(1)
        end.close()
        said = self.sock.recv(100).decode()
        self.reason = None if said == "ready" else said or "a child has failed"

    def ask(self, order):
        """Sends an order, and returns what comes back."""
        self.sock.send(order)
        return self.sock.recv(200)

    def wait(self):
        self.sock.close()
        os.waitpid(self.pid, 0)

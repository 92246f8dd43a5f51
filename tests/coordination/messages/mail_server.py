"""A mail server in a thread: remembers what it accepted, and can refuse, hang up or stall at any step."""

import socketserver
import threading
from email import message_from_string, policy
from email.message import EmailMessage
from typing import Self


class MailServer(socketserver.ThreadingTCPServer):
    """`replies["DATA"] = "451 later"` changes an answer; "hang up" closes; `stall_at` waits for `go_on`.

    The steps are HELLO, MAIL, RCPT, DATA (the command) and BODY (after the text; 250 means accepted).
    """

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Conversation)
        self.port = self.server_address[1]
        self.accepted: list[EmailMessage] = []
        self.replies: dict[str, str] = {}
        self.stall_at = ""
        self.stalled = threading.Event()
        self.go_on = threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.go_on.set()
        self.shutdown()
        self.server_close()

    def answer(self, step: str, usual: str) -> str:
        if self.stall_at == step:
            self.stalled.set()
            self.go_on.wait(30)
        return self.replies.get(step, usual)

    def accept(self, text: str) -> None:
        self.accepted.append(message_from_string(text, policy=policy.default))


class _Conversation(socketserver.StreamRequestHandler):
    server: MailServer

    def say(self, step: str, usual: str) -> bool:
        reply = self.server.answer(step, usual)
        if reply == "hang up":
            return False
        try:
            self.wfile.write(f"{reply}\r\n".encode())
        except OSError:
            return False
        return reply[:1] in "23"

    def handle(self) -> None:
        if not self.say("HELLO", "220 test"):
            return
        while line := self.rfile.readline().decode().strip():
            step = line[:4].upper()
            if step in {"EHLO", "HELO", "RSET"}:
                self.wfile.write(b"250 test\r\n")
            elif step == "QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            elif not self.say(step, "354 go on" if step == "DATA" else "250 ok"):
                if self.server.replies.get(step) == "hang up":
                    return
            elif step == "DATA" and not self.take_body():
                return

    def take_body(self) -> bool:
        text = []
        while (line := self.rfile.readline().decode()) not in {".\r\n", ""}:
            text.append(line)
        if self.server.stall_at == "BODY" or self.server.replies.get("BODY", "250")[0] == "2":
            self.server.accept("".join(text))
        return self.say("BODY", "250 accepted") or self.server.replies.get("BODY") != "hang up"

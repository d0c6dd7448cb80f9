"""Messages leave after the act, arrive once, and what is unclear is chased under the same token."""

import socket
import socketserver
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.conf import settings as django_settings
from django.test.utils import override_settings

from firebreak.engine.messages import actions, ledger, queries
from firebreak.engine.messages.actions import Recipient
from firebreak.engine.messages.channels import Fate, Outcome, Outgoing, SmtpAddress, channel_for
from firebreak.engine.messages.models import Message, MessageChange
from firebreak.engine.messages.sending import send_due
from firebreak.kernel.cutoff import Cutoff
from firebreak.kernel.refs import Ref
from firebreak.kernel.refusals import Refusal
from firebreak.kernel.text import T
from tests.support.staffing import AT, HOUR, everybody

pytestmark = pytest.mark.django_db
TEXT = T("指令:开设采样点。", "Order: open the sampling sites.")


class Mailbox(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given. `answer` replies to the end of a letter; empty hangs up."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Clerk)
        self.letters: list[str] = []
        self.answer = "250 kept"
        self.recipient_answer = "250 ok"

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.server_address[1]}?phones=sms.example.org"


class Clerk(socketserver.StreamRequestHandler):
    """Speaks as much SMTP as a client needs (RFC 5321)."""

    server: Mailbox

    def handle(self) -> None:
        self.say("220 mailbox")
        while line := self.rfile.readline().decode().strip():
            verb = line.split(":")[0].upper()
            if verb == "DATA":
                self.say("354 go on")
                self.server.letters.append(self.letter())
                if not self.server.answer:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    return
                self.say(self.server.answer)
            elif verb == "RCPT TO":
                self.say(self.server.recipient_answer)
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def letter(self) -> str:
        lines: list[str] = []
        while (line := self.rfile.readline().decode().rstrip("\r\n")) != ".":
            lines.append(line)
        return "\n".join(lines)

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    with Mailbox() as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        with override_settings(SMTP_URL=server.url, MAIL_FROM="hq@example.org"):
            yield server
        server.shutdown()


def queued(*addresses: str) -> None:
    to = [Recipient(f"member:{n}", address) for n, address in enumerate(addresses)]
    actions.queue(to=to, template="order.issued", text=TEXT, about="order:1", by=everybody(), at=AT)


def states() -> list[str]:
    return list(Message.objects.order_by("id").values_list("status", flat=True))


def books() -> tuple[int, int, int, int, int]:
    book = ledger.balances(Cutoff(AT + HOUR))[0]
    return book.owed, book.done, book.excused, book.open, book.difference


def test_mail_leaves_by_smtp_once_with_the_token_as_its_id(mailbox: Mailbox) -> None:
    queued("leader@example.org", "13800000000")

    assert [send_due(AT), send_due(AT + HOUR)] == [2, 0]

    assert states() == ["sent", "sent"]
    to = [next(line for line in letter.splitlines() if line.startswith("To: ")) for letter in mailbox.letters]
    assert to == ["To: leader@example.org", "To: 13800000000@sms.example.org"]
    tokens = [row.ref.replace(":", ".") for row in Message.objects.order_by("id")]
    ids = [next(line for line in letter.splitlines() if line.startswith("Message-ID")) for letter in mailbox.letters]
    assert ids == [f"Message-ID: <{token}@firebreak>" for token in tokens]
    assert books() == (2, 2, 0, 0, 0)


def test_an_answer_that_never_came_is_unknown_and_chased_under_the_same_token(mailbox: Mailbox) -> None:
    queued("leader@example.org")
    mailbox.answer = ""
    assert (send_due(AT), states()) == (0, ["unknown"])
    assert books() == (1, 0, 0, 1, 0)

    mailbox.answer = "250 kept"
    assert send_due(AT + HOUR) == 1

    ids = {next(line for line in letter.splitlines() if line.startswith("Message-ID")) for letter in mailbox.letters}
    assert (len(mailbox.letters), len(ids), states()) == (2, 1, ["sent"])


@pytest.mark.parametrize(("reply", "state"), [("450 later", "queued"), ("550 nobody here", "failed")])
def test_a_refused_recipient_is_tried_again_or_given_up_as_the_code_says(
    mailbox: Mailbox, reply: str, state: str
) -> None:
    queued("leader@example.org")
    mailbox.recipient_answer = reply

    send_due(AT)

    assert states() == [state]
    assert Message.objects.get().failure == f"SMTP {reply[:3]}"


def test_a_server_that_is_down_is_tried_again_with_growing_pauses_then_given_up() -> None:
    with override_settings(SMTP_URL="smtp://127.0.0.1:1"):
        queued("leader@example.org")
        pauses = []
        now = AT
        while states() == ["queued"]:
            send_due(now)
            row = Message.objects.get()
            pauses.append((row.next_try_at - now).total_seconds())
            now = row.next_try_at

    assert pauses == [15, 30, 60, 120, 240, 480, 900, 900, 900, 900, 900, 900]
    assert (states(), [row.ref for row in queries.to_speak()]) == (["failed"], [Message.objects.get().ref])


class Silent:
    """A channel whose worker is killed before it can say anything."""

    def __init__(self) -> None:
        self.tokens: list[str] = []

    def send(self, message: Outgoing) -> Outcome:
        self.tokens.append(message.token)
        raise KeyboardInterrupt


class Steady(Silent):
    """A channel that delivers."""

    def send(self, message: Outgoing) -> Outcome:
        self.tokens.append(message.token)
        return Outcome(Fate.SENT)


def test_a_worker_that_dies_holds_a_message_only_as_long_as_its_lease() -> None:
    with override_settings(FIREBREAK_DRILL=True):
        queued("")
    dying, next_worker = Silent(), Steady()
    with pytest.raises(KeyboardInterrupt):
        send_due(AT, ways=lambda: {"log": dying})

    assert (states(), send_due(AT + timedelta(minutes=1), ways=lambda: {"log": next_worker})) == (["sending"], 0)
    assert send_due(AT + timedelta(minutes=2), ways=lambda: {"log": next_worker}) == 1
    assert (states(), next_worker.tokens) == (["sent"], dying.tokens)


def test_an_act_that_is_rolled_back_tells_nobody() -> None:
    with pytest.raises(RuntimeError):
        _act_that_fails()

    assert Message.objects.count() == 0


def _act_that_fails() -> None:
    from firebreak.engine.journal.acting import action

    @action
    def fail(*, by: object, at: object) -> None:
        actions.queue(to=[Recipient("member:1")], template="x", text=TEXT, about="x:1", by=everybody(), at=AT)
        raise RuntimeError

    fail(by=everybody(), at=AT)


def test_without_a_way_out_people_speak_and_say_so() -> None:
    queued("13800000000")
    message = Ref(Message.objects.get().ref)

    assert (send_due(AT), states(), [row.ref for row in queries.to_speak()]) == (0, ["queued"], [message])
    actions.speak(message=message, by=everybody(), at=AT + HOUR)

    assert (states(), list(queries.to_speak()), books()) == (["delivered"], [], (1, 1, 0, 0, 0))
    with pytest.raises(Refusal, match="not-found"):
        actions.speak(message=message, by=everybody(), at=AT + HOUR)


def test_messages_not_yet_sent_can_be_withdrawn() -> None:
    queued("", "")

    assert actions.withdraw(about=["order:1"], reason="撤销", by=everybody(), at=AT) == 2
    assert (states(), books(), list(queries.to_speak())) == (["withdrawn"] * 2, (2, 0, 2, 0, 0), [])


def test_addresses_are_sealed_and_bound_to_their_message() -> None:
    queued("13800000000")
    row = Message.objects.get()

    assert b"13800000000" not in bytes(row.address_sealed or b"")
    assert actions.open_address(row) == "13800000000"


def test_a_deleted_state_record_is_named(damage: object, drop_protection: object) -> None:
    queued("")
    drop_protection("outbox_messagechange")  # type: ignore[operator]  # fixture
    MessageChange.objects.all().delete()

    book = ledger.balances(Cutoff(AT))[0]
    assert (book.difference, [row.about for row in book.rows]) == (1, [Message.objects.get().ref])


@pytest.mark.parametrize(("url", "drill", "address", "channel"), [
    ("", True, "13800000000", "log"),
    ("", False, "13800000000", "print"),
    ("smtp://host", False, "13800000000", "print"),
    ("smtp://host", False, "a@example.org", "smtp"),
    ("smtp://host?phones=sms.example.org", False, "13800000000", "smtp"),
])
def test_the_way_out_follows_the_settings(url: str, drill: bool, address: str, channel: str) -> None:
    with override_settings(SMTP_URL=url, FIREBREAK_DRILL=drill):
        assert channel_for(address) == channel


def test_smtp_addresses_are_read_whole_or_not_at_all() -> None:
    read = SmtpAddress.read("smtps://hq%40example.org:p%3Aw@mail.example.org")
    assert read == SmtpAddress("mail.example.org", 465, "hq@example.org", "p:w", True, "")
    with pytest.raises(ValueError, match="smtp"):
        SmtpAddress.read("http://mail.example.org")
    assert django_settings.SMTP_URL == ""

"""The e-mails of alerts. The messages of one incident form one thread."""

from collections.abc import Sequence
from email.message import EmailMessage
from email.utils import format_datetime

from schemas.identity import digest, parse_instant
from transforms.alerts.due import Message
from transforms.alerts.telling import changes_between, headline_of, lines_of, subject_of
from transforms.alerts.watches import EmailChannel
from transforms.alerts.webhook_message import digest_key
from transforms.util.text import one_line

_MAX_SUBJECT_CHARACTERS = 300


def mail_of(message: Message, channel: EmailChannel, now: str) -> EmailMessage:
    """Return the e-mail of one message.

    ``Message-ID`` is made from thread and revision, so a message that is sent again has the same one.
    ``In-Reply-To`` and ``References`` lead to the first message of the thread. The subject has no toll,
    because some readers start a new thread for a new subject.

    Args:
        message: the message.
        channel: sender and recipients.
        now: the present instant, ISO 8601 in UTC.
    """
    subject = f"[{message.watch}] {subject_of(message.telling.facts)}"
    mail = _envelope(channel, subject if message.revision == 1 else f"Re: {subject}", now)
    mail["Message-ID"] = _message_id(message, message.revision, channel)
    if message.revision > 1:
        first, last = (_message_id(message, n, channel) for n in (1, message.revision - 1))
        mail["In-Reply-To"] = last
        mail["References"] = first if first == last else f"{first} {last}"
    mail.set_content("\n".join(_lines(message)) + "\n")
    return mail


def digest_mail(messages: Sequence[Message], channel: EmailChannel, now: str) -> EmailMessage:
    """Return the e-mail of a digest."""
    number = f"{len(messages)} message{'s' if len(messages) > 1 else ''}"
    mail = _envelope(channel, f"[{messages[0].watch}] {number}", now)
    mail["Message-ID"] = f"<{digest_key(messages)}@{_domain(channel)}>"
    mail.set_content("\n\n".join("\n".join(_lines(message)) for message in messages) + "\n")
    return mail


def _envelope(channel: EmailChannel, subject: str, now: str) -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = channel.sender
    mail["To"] = ", ".join(channel.recipients)
    mail["Subject"] = one_line(subject, _MAX_SUBJECT_CHARACTERS)
    moment = parse_instant(now)
    if moment is not None:
        mail["Date"] = format_datetime(moment)
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers
    return mail


def _lines(message: Message) -> list[str]:
    lines = []
    if message.withdrawn is not None:
        lines += [f"WITHDRAWN: {message.withdrawn}", ""]
    elif message.revision > 1 or message.before is not None:
        lines += [f"{message.event.upper()}: {headline_of(message.telling.facts)}", ""]
    if message.before is not None:
        changes = changes_between(message.before, message.telling.facts)
        lines += [*changes, ""] if changes else []
    return [*lines, *lines_of(message.telling)]


def _message_id(message: Message, revision: int, channel: EmailChannel) -> str:
    thread = digest("mail", message.watch, message.channel, message.thread)
    return f"<{thread}.{revision}@{_domain(channel)}>"


def _domain(channel: EmailChannel) -> str:
    return channel.sender.rpartition("@")[2]

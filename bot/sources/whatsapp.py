"""WhatsApp's exported chats, in the forms of its languages and telephones."""

from __future__ import annotations

import re
from datetime import datetime

from bot.sources.base import Document, Source
from bot.sources.chat_lines import CLOCK, EDITED, share
from bot.sources.marks import when
from bot.sources.taking import Taking
from nlp.model import Thread

_MARKS = "\u200e\u200f\u202a\u202c"  # direction marks that the app puts in
_HEAD = re.compile(
    rf"^[{_MARKS}]*\[?(?P<day>\d{{1,4}}[/.\-年]\s?\d{{1,2}}[/.\-月]\s?\d{{2,4}}日?\.?),?\s+(?:at |um |às |a las |à )?(?P<clock>{CLOCK})\]?"
    r"(?:\s+[-–]|:)?\s(?P<rest>.*)$"
)
_MEDIA = re.compile(
    r"<(?:Media omitted|Medien ausgeschlossen|Médias omis|Multimedia omitido|Archivo omitido|Mídia (?:oculta|omitida)|Ficheiro não revelado|メディアは含まれていません|"
    r"attached: .*|Anhang: .*|adjunto: .*|pièce jointe : .*|anexado: .*|添付ファイル: ?.*)>|"
    r"(?:image|video|audio|sticker|GIF|document|Contact card|Bild|Video|Audio|Sticker|imagen|vidéo|imagem|vídeo|áudio|figurinha|image absente|画像|動画) "
    r"(?:omitted|weggelassen|omitid[oa]|omise?|ocultad[oa]|absente?)|"
    r"\S+\.(?:jpe?g|png|webp|mp4|opus|pdf|vcf|docx?) \((?:file attached|Datei angehängt|archivo adjunto|fichier joint|arquivo anexado|ファイル添付)\)",
    re.IGNORECASE,
)
_DELETED = re.compile(
    r"(?:This message was deleted|You deleted this message|Diese Nachricht wurde gelöscht|Du hast diese Nachricht gelöscht|Se eliminó este mensaje|"
    r"Eliminaste este mensaje|Ce message a été supprimé|Vous avez supprimé ce message|Mensagem apagada|Essa mensagem foi apagada|Apagou esta mensagem|"
    r"このメッセージは削除されました)\.?",
    re.IGNORECASE,
)


def sniff(document: Document) -> float:
    """Tell WhatsApp by lines that begin with a date and a time."""
    return 0.98 if share(document, _HEAD) > 0.2 else 0.0


def read(document: Document) -> Thread:
    """Read an exported chat; lines with a time and without a name are the app's."""
    taking = Taking("whatsapp", keep_bots=document.keep_bots)
    order = _day_order(document.lines)
    system = False
    for line in document.lines:
        head = _HEAD.match(line)
        if not head:
            if system or not taking.posts:
                taking.take_off(line, "platform notice")
            else:
                _say(taking, line)
            continue
        author, colon, text = head["rest"].partition(": ")
        if not colon and head["rest"].endswith(":"):
            author, colon = head["rest"][:-1], ":"
        # iOS marks what the app itself says, under the name of the group or of a member
        told = text.startswith("\u200e") and not _MEDIA.search(text) and not _DELETED.search(text)
        system = not colon or len(author) > 40 or told
        if system:
            taking.take_off(line, "platform notice")
            continue
        name = author.strip(f"~{_MARKS}\u202f\u00a0 ")
        taking.open(name, created_at=_time(head["day"], head["clock"], order))
        taking.take_off(line[: len(line) - len(text)].replace(name, " ", 1), "message head")
        _say(taking, text)
    return taking.thread(unwrap=False)


def _say(taking: Taking, line: str) -> None:
    words = line.strip(f"{_MARKS} ")
    if _MEDIA.fullmatch(words):
        taking.take_off(line, "attachment")
    elif _DELETED.fullmatch(words):
        taking.take_off(line, "deleted")
    else:
        edited = EDITED.search(line)
        taking.say((line[: edited.start()] if edited else line).strip(_MARKS))
        taking.take_off(edited.group() if edited else "", "edit mark")


def _day_order(lines: tuple[str, ...]) -> str:
    """Whether dates are written day first, month first or year first: `dmy`, `mdy` or `ymd`.

    A number above 12 tells; without one a 12-hour clock with slashes is American.
    """
    american = False
    for line in lines[:5000]:
        head = _HEAD.match(line)
        if not head:
            continue
        first, second, _ = _numbers(head["day"])
        if first > 31:
            return "ymd"
        if first > 12:
            return "dmy"
        if second > 12:
            return "mdy"
        american = "/" in head["day"] and re.search(r"[AaPp]", head["clock"]) is not None
    return "mdy" if american else "dmy"


def _numbers(day: str) -> tuple[int, int, int]:
    a, b, c = (int(n) for n in re.findall(r"\d+", day)[:3])
    return a, b, c


def _time(day: str, clock: str, order: str) -> datetime | None:
    """Read a date and a clock; the export names no zone, so it is taken as UTC."""
    parts = dict(zip(order, _numbers(day), strict=True))
    year = parts["y"] + 2000 if parts["y"] < 100 else parts["y"]
    half = re.search(r"[AaPp]", clock)
    numbers = re.findall(r"\d+", clock)
    numbers += ["00"] * (3 - len(numbers))
    text = f"{year:04}-{parts['m']:02}-{parts['d']:02} {':'.join(numbers[:3])}"
    if half:
        return when(f"{text} {half.group().upper()}M", "%Y-%m-%d %I:%M:%S %p")
    return when(text, "%Y-%m-%d %H:%M:%S")


SOURCE = Source(
    name="whatsapp", label="WhatsApp", how="Chat menu, More, Export chat, without media.",
    sniff=sniff, read=read, chat=True,
)  # fmt: skip

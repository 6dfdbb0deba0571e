"""Marks that several platforms share: ages, counts, buttons in several languages, dates."""

from __future__ import annotations

import re
from datetime import UTC, datetime

# Logs that name no day count their clocks from this one: it orders the messages and tells the gaps
# between them, and is taken off before anybody sees it.
NO_DAY = datetime(1970, 1, 1, tzinfo=UTC)

# An age as sites write it: "7mo", "3 days ago", "vor 2 Wochen", "2 semanas", "1 h".
_UNITS = (
    r"(?:mo|mon|yr|[smhdwyjar]|min|sec|hr|hrs|std|tg|wo?|woche|sem|secs?|mins?|seconds?|minutes?|hours?|days?|"
    r"weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?|stunden?|minuten?|días?|dias?|semanas?|"
    r"meses|mes|mês|años?|anos?|horas?|minutos?|jours?|semaines?|mois|ans?|heures?|"
    r"分|時間|日|週間|か月|ヶ月|年)"
)
AGE = re.compile(
    rf"(?:vor |hace |há |il y a |about |over |almost )?\d{{1,3}}\s?{_UNITS}\.?(?: ago|前)?|just now|yesterday|now",
    re.IGNORECASE,
)
AGE_LINE = re.compile(
    rf"(?:{AGE.pattern})(?:\s*(?:[•·]|\(?(?:edited|bearbeitet|editado|modifié|編集済み)\)?)\s*)*",
    re.IGNORECASE,
)
COUNT_LINE = re.compile(r"[-+−]?\d[\d.,]*\s?[kKmM]?")
DEGREE = re.compile(
    r"\s*[•·・]\s*(?:\d(?:st|nd|rd|th|er|e|ème|º|ª|°|\.|次)(?: grado| Grad| degré| grau)?(?: et )?\+?|following|you|du|tú|vous|você|自分)\s*",
    re.IGNORECASE,
)

# Whole lines that are a site's controls. One table for all: no site uses another's as prose.
BUTTONS = frozenset(
    """like|reply|share|send|repost|comment|follow|following|save|hide|report|award|upvote|downvote|
    go to comments|join the conversation|sort by:|sort by|best|top|new|most relevant|most recent|
    search comments|expand comment search|comments section|add a comment…|add a comment...|
    load more comments|view more comments|see more comments|more from this author|explore topics|show more replies|show replies|show more|see more|more|
    …more|...more|see translation|show this thread|translate post|view quotes|relevant|author|op|
    comments|open|download|clip|subscribe|write a comment…|write a comment...|view previous comments|
    all comments|newest|newest first|top comments|reply to|quote|permalink|embed|parent|source|
    like comment repost send|like comment share|like reply|likereply|read more|hide replies|
    gefällt mir|antworten|kommentieren|teilen|senden|reposten|folgen|mehr anzeigen|…mehr|… mehr|mehr|
    autor:in|verfasser|verfasser:in|relevanteste|neueste|alle kommentare|übersetzung anzeigen|weitere kommentare laden|
    recomendar|me gusta|responder|comentar|compartir|enviar|seguir|ver más|… ver más|…ver más|…más|… más|
    más relevantes|más recientes|ver traducción|cargar más comentarios|republicar|
    j’aime|j'aime|répondre|commenter|partager|republier|envoyer|suivre|voir plus|…voir plus|… voir plus|…plus|… plus|
    les plus pertinents|les plus récents|voir la traduction|afficher plus de commentaires|
    gostei|curtir|compartilhar|republicar|seguir|ver mais|…ver mais|… ver mais|…mais|… mais|mais relevantes|
    mais recentes|ver tradução|carregar mais comentários|
    いいね|いいね！|返信|コメント|コメントする|シェア|再投稿|送信|送る|フォロー|もっと見る|…もっと見る|…さらに表示|翻訳を表示|関連度の高い順|新しい順|
    autor|autora|auteur|autrice|auteure|投稿者|作成者|
    bearbeitet|editado|modifié|編集済み|
    like celebrate support|reactions|edited|top contributor|rising contributor|admin|moderator|
    moderator of this community|top 1% commenter|top 5% commenter|top 10% commenter|go to parent|
    continue this thread|reply with quote|top fan|group expert|all reactions:|image|gif""".replace(
        "\n", ""
    )
    .replace("    ", "")
    .split("|")
)
_COUNTED = re.compile(
    r"(?:view all |view |show |read |load )?(?:\d[\d.,]*\s?[kKmM]?\s*(?:more )?)"
    r"(?:repl(?:y|ies)|comments?|reposts?|reactions?|likes?|views?|shares?|upvotes?|votes?|quotes?|"
    r"bookmarks?|others|people|antwort(?:en)?|kommentare?|respuestas?|comentarios?|réponses?|commentaires?|respostas?|comentários?|件の返信|件のコメント|reaktionen|reacciones|réactions?|reações|"
    r"subscribers|share)(?:.{0,20}| on .{1,60})?",
    re.IGNORECASE,
)
_REACTIONS = re.compile(
    r"(?:like|celebrate|support|love|insightful|funny|curious|praise|empathy|interest|appreciation|"
    r"maybe|entertainment){1,6}",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"[\w.@ -]{1,60}(?:, [\w.@ -]{1,60})? and [\d,.]+[kKmM]? others?|You and [\d,.]+ others?"
)
SIGN_IN = re.compile(
    r"to (?:view|see|add|like|comment)\b.{0,60}, (?:log|sign) ?in|(?:log ?in|sign ?(?:in|up)|join now|create (?:an )?account|register)\b.{0,60}"
    r"(?:to (?:view|continue|see|like|comment|reply|join|participate)|or (?:sign|log|register)).*|"
    r"(?:sign in|join now|log in|sign up|continue with (?:google|apple|email)|agree & join|"
    r"new to linkedin\?.*|forgot password\?|by clicking .{0,80})",
    re.IGNORECASE,
)
NAVIGATION = re.compile(
    r"skip to (?:main )?content|skip to search|keyboard shortcuts|home|my network|jobs|messaging|"
    r"notifications|\d+ notifications?(?: total)?|feed post(?: number \d+)?|feed detail update|feed-beitrag|publicación en el feed|publication du fil d.actualité|post (?:do|no) feed|publicação no feed|フィードの投稿|me|for business|"
    r"try premium.*|open emoji keyboard|status is (?:online|reachable|offline)|(?:\d+ \w+ ago\s*•\s*)?(?:edited\s*•\s*)?visible to anyone.*|"
    r"current selected sort order is.*|view .{1,60}[’']s? (?:profile|graphic link|link)|(?:react to |reply to |view more options for )?\S.{0,40}[’']s (?:comment|post)|"
    r"about|discussion|featured|events|files|buy and sell|view more|jump to content|my subreddits|"
    r"popular-all-users.*|edit »|quick links.*|board index.*|post reply.*|page \d+ of \d+|"
    r"join · invite · share|post|see new posts|conversation|load more|back to top|top",
    re.IGNORECASE,
)


def reason_off(line: str) -> str | None:
    """Say why a whole line is a site's furniture; None when it may be somebody's words."""
    words = line.strip().strip("·•|").strip()
    low = words.lower()
    if not words:
        return "mark" if line.strip() else None
    if low in BUTTONS:
        return "button"
    if SIGN_IN.fullmatch(words):
        return "sign-in wall"
    if AGE_LINE.fullmatch(words):
        return "age"
    if COUNT_LINE.fullmatch(words) or _COUNTED.fullmatch(words) or _REACTIONS.fullmatch(words):
        return "count"
    if _SOCIAL.fullmatch(words):
        return "count"
    if NAVIGATION.fullmatch(words):
        return "navigation"
    return None


def when(text: str, *patterns: str) -> datetime | None:
    """Parse a date by the first pattern that fits; UTC where it says no zone, None when none."""
    for pattern in patterns:
        try:
            parsed = datetime.strptime(text.strip(), pattern)  # noqa: DTZ007 - zone is set below
        except ValueError:
            continue
        return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    return None


def iso(text: object) -> datetime | None:
    """Parse an ISO 8601 time or a POSIX time stamp; UTC where no zone is said, None when neither."""
    try:
        if isinstance(text, int | float) or (
            isinstance(text, str) and re.fullmatch(r"\d{9,10}(\.\d+)?", text)
        ):
            return datetime.fromtimestamp(float(text), UTC)
        if isinstance(text, str):
            parsed = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
            return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None

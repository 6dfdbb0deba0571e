"""Help chats: who answers whom is read from annotated logs, and helping is not attacking."""

from pathlib import Path

from nlp.evaluation.baselines import sentences
from nlp.evaluation.help_chats import answers_of, judged_logs, thread_of
from nlp.evaluation.irc import read_logs
from nlp.model import Post, Thread
from nlp.pipeline import analyze

LOG = """\
[10:00] <mira> how do I mount a usb stick by hand?
[10:01] <oto> mira: make a folder first, then mount /dev/sdb1 /mnt/stick
[10:02] <mira> it says unknown file system
[10:03] <oto> mira: install exfat-fuse, most sticks are exfat these days
=== jun has joined
[10:05] <mira> that was it, thank you
[10:06] <jun> exfat-fuse is slow, the kernel has had its own driver for years
"""
LINKS = "0 0 -\n0 1 -\n1 2 -\n2 3 -\n3 5 -\n3 6 -\n"

HELP = (
    ("ada", None, "My printer shows up but every job stays in the queue. What can I try?"),
    ("ben", 0, "Delete the queue and add the printer again by its IP address."),
    ("ada", 1, "Did that, the jobs still hang at 0 %."),
    ("cem", 2, "Then look at the log in /var/log/cups/error_log, it names the filter that failed."),
    ("ada", 3, "It says the filter is missing."),
    ("ben", 4, "You need the driver package of the maker, the plain one has no filter for it."),
    ("ada", 5, "Installed it and it prints now. Thanks both!"),
)


def folder_of(tmp_path: Path) -> Path:
    (tmp_path / "made-up.ascii.txt").write_text(LOG, encoding="utf-8")
    (tmp_path / "made-up.annotation.txt").write_text(LINKS, encoding="utf-8")
    return tmp_path


def test_a_log_becomes_a_thread_of_its_annotated_lines(tmp_path: Path) -> None:
    (log,) = read_logs(folder_of(tmp_path))
    thread = thread_of(log)
    assert [p.reply_to for p in thread.posts] == [None, "0", "1", "2", "3", "3"]


def test_the_baseline_calls_every_answer_an_attack(tmp_path: Path) -> None:
    (judged,) = judged_logs(folder_of(tmp_path), sentences)
    assert (judged.answers, judged.attacks, judged.direct, judged.supports) == (5, 5, 5, 0)


def test_answers_to_a_question_for_help_are_no_attacks() -> None:
    posts = tuple(
        Post(id=str(i), author=who, text=text, reply_to=None if to is None else str(to))
        for i, (who, to, text) in enumerate(HELP)
    )
    thread = Thread(id="printer", posts=posts)
    judged = answers_of(thread, analyze(thread))
    assert judged.answers == len(HELP) - 1
    assert judged.attacks == 0

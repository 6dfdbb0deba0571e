"""Outside text to threads: one reader a platform, one detector that picks."""

from bot.sources.base import Document, Source
from bot.sources.detect import SOURCES, detect, read_text

__all__ = ["SOURCES", "Document", "Source", "detect", "read_text"]

"""Says loudly what was not checked, and why."""

from __future__ import annotations

from typing import Any


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Name the checks that were skipped for want of a tool."""
    skipped = [
        report
        for report in terminalreporter.stats.get("skipped", ())
        if report.nodeid.startswith("tests/outside/")
    ]
    if skipped:
        terminalreporter.section("NOT CHECKED by outside tools")
        for report in skipped:
            terminalreporter.line(f"{report.nodeid}: {report.longrepr[2]}")

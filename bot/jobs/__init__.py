"""Analyses as jobs: one protocol, several forms of it."""

from bot.jobs.analyst import Analyst, JobError, Lane, Standing, Tell

__all__ = ["Analyst", "JobError", "Lane", "Standing", "Tell"]

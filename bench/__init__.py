"""Measurements of StudyHub; see docs/performance.md. Not part of the package that is installed."""

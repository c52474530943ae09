"""The inbox of faults that officers reported."""

from __future__ import annotations

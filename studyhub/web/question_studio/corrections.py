"""Corrections of questions that officers have answered."""

from __future__ import annotations

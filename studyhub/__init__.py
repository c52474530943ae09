"""StudyHub: study sessions, practice and honest progress for administrative-track officers."""

__version__ = "0.2.0"

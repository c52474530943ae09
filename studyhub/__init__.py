"""StudyHub: study sessions, practice and honest progress for administrative-track officers."""

__version__ = "0.3.0"

"""All models; importing this package fills ``Base.metadata``."""

from studyhub.persistence.models import operations, people, practice, questions, study_sessions, syllabi
from studyhub.persistence.models.operations import Job, SearchDocument
from studyhub.persistence.models.people import (
    AuditEntry,
    Post,
    SignIn,
    SignInFailure,
    Unit,
    User,
    UserRole,
)
from studyhub.persistence.models.practice import (
    DailyActivity,
    PracticeItem,
    PracticeSet,
    QuestionProgress,
    Response,
    TopicProgress,
    UnsureMark,
)
from studyhub.persistence.models.questions import (
    Question,
    QuestionReport,
    QuestionRevision,
    QuestionTopic,
    Term,
)
from studyhub.persistence.models.study_sessions import (
    Course,
    Material,
    ReadingMark,
    ReadingPosition,
    SlidePage,
    StoredFile,
    StudySession,
    StudySessionLecturer,
    StudySessionRevision,
    StudySessionTopic,
)
from studyhub.persistence.models.syllabi import Blueprint, Syllabus, SyllabusMapping, Topic, TopicMapping

__all__ = [
    "AuditEntry", "Blueprint", "Course", "DailyActivity", "Job", "Material", "Post", "PracticeItem", "PracticeSet",
    "Question", "QuestionProgress", "QuestionReport", "QuestionRevision", "QuestionTopic", "ReadingMark",
    "ReadingPosition", "Response", "SearchDocument", "SignIn", "SignInFailure", "SlidePage",
    "StoredFile", "StudySession", "StudySessionLecturer", "StudySessionRevision", "StudySessionTopic", "Syllabus",
    "SyllabusMapping", "Term", "Topic", "TopicMapping", "TopicProgress", "Unit", "UnsureMark", "User", "UserRole",
    "operations", "people", "practice", "questions", "study_sessions", "syllabi",
]  # fmt: skip

"""All models; importing this package fills ``Base.metadata``."""

from studyhub.persistence.models import (
    attendance,
    case_notes,
    drafts,
    inquiries,
    notices,
    operations,
    people,
    practice,
    questions,
    study_sessions,
    surveys,
    syllabi,
    team,
    workshops,
)
from studyhub.persistence.models.attendance import Attendance, CalendarFeed, Registration
from studyhub.persistence.models.case_notes import CaseNote, CaseNoteComment, CaseNoteTopic
from studyhub.persistence.models.drafts import Draft
from studyhub.persistence.models.inquiries import Inquiry, InquiryAnswer
from studyhub.persistence.models.notices import Mail, Notice
from studyhub.persistence.models.operations import Job, SearchDocument, SiteSetting
from studyhub.persistence.models.people import AuditEntry, Post, SignIn, SignInFailure, Unit, User, UserRole
from studyhub.persistence.models.practice import (
    DailyActivity,
    PracticeItem,
    PracticeSet,
    QuestionProgress,
    Regrade,
    Response,
    TopicProgress,
    UnsureMark,
)
from studyhub.persistence.models.questions import (
    Correction,
    Question,
    QuestionReport,
    QuestionReview,
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
from studyhub.persistence.models.surveys import Survey, SurveyAnswer, SurveyItem, SurveyParticipation
from studyhub.persistence.models.syllabi import Blueprint, Syllabus, SyllabusMapping, Topic, TopicMapping
from studyhub.persistence.models.team import (
    Assignment,
    AssignmentPerson,
    AssignmentUnit,
    ProgressLook,
    UnitTopicMonth,
)
from studyhub.persistence.models.workshops import (
    FilledSheet,
    SheetComment,
    Worksheet,
    WorkshopGroup,
    WorkshopMember,
)

__all__ = [
    "Assignment", "AssignmentPerson", "AssignmentUnit", "Attendance", "AuditEntry", "Blueprint", "CalendarFeed", "CaseNote",
    "CaseNoteComment", "CaseNoteTopic", "Correction", "Course", "DailyActivity", "Draft", "FilledSheet",
    "Inquiry", "InquiryAnswer", "Job", "Mail", "Material", "Notice", "Post", "PracticeItem",
    "PracticeSet", "ProgressLook", "Question", "QuestionProgress", "QuestionReport", "QuestionReview",
    "QuestionRevision", "QuestionTopic", "ReadingMark", "ReadingPosition", "Registration", "Regrade",
    "Response", "SearchDocument", "SheetComment", "SignIn", "SignInFailure", "SiteSetting", "SlidePage",
    "StoredFile", "StudySession", "StudySessionLecturer", "StudySessionRevision", "StudySessionTopic",
    "Survey", "SurveyAnswer", "SurveyItem", "SurveyParticipation", "Syllabus", "SyllabusMapping", "Term",
    "Topic", "TopicMapping", "TopicProgress", "Unit", "UnitTopicMonth", "UnsureMark", "User", "UserRole",
    "Worksheet", "WorkshopGroup", "WorkshopMember", "attendance", "case_notes", "drafts", "inquiries",
    "notices", "operations", "people", "practice", "questions", "study_sessions", "surveys", "syllabi",
    "team", "workshops",
]  # fmt: skip

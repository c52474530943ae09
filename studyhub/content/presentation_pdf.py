"""A presentation as a PDF, drawn by LibreOffice where it is installed: bounded, alone, and without reaching out."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess  # nosec B404
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from xml.sax.saxutils import quoteattr  # nosec B406 - writes, and reads nothing
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

TIME_LIMIT_S = 240
MEMORY_LIMIT_BYTES = 6 * 1024 * 1024 * 1024
"""Of addresses, of which LibreOffice takes far more than of memory."""
MOST_PDF_BYTES = 512 * 1024 * 1024

_PACKAGE_PARENT = Path(__file__).resolve().parents[2]
_NOWHERE = "http://127.0.0.1:9"
_NOWHERE_INSIDE = {"Target": "NULL", "TargetMode": "External"}
"""As PowerPoint itself writes a link that is broken."""
_NAMESPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="DisableMacrosExecution" oor:op="fuse">
<value>true</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="MacroSecurityLevel" oor:op="fuse">
<value>3</value></prop></item>
<item oor:path="/org.openoffice.Office.Common/Security/Scripting"><prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse">
<value>true</value></prop></item>
</oor:items>
"""


class DrawingFault(StrEnum):
    NO_OFFICE = "no_office"
    """LibreOffice is not installed here."""
    NOT_DRAWN = "not_drawn"
    """It ended without a PDF, or did not end in time."""


class NotDrawn(Exception):
    def __init__(self, fault: DrawingFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def office_program() -> str | None:
    return shutil.which("soffice") or shutil.which("libreoffice")


@contextmanager
def drawn_as_pdf(presentation: Path, *, time_limit_s: int = TIME_LIMIT_S) -> Iterator[Path]:
    """The PDF is there as long as the block runs. Raises NotDrawn."""
    program = office_program()
    if program is None:
        raise NotDrawn(DrawingFault.NO_OFFICE)
    with tempfile.TemporaryDirectory(prefix="studyhub-office-", ignore_cleanup_errors=True) as made:
        folder = Path(made)
        _write_settings(folder / "profile" / "user")
        try:
            copy_without_links(presentation, folder / "slides.pptx")
        except (BadZipFile, ParseError, DefusedXmlException, OSError, ValueError) as error:
            raise NotDrawn(DrawingFault.NOT_DRAWN) from error
        _convert(program, folder, time_limit_s)
        pdf = folder / "slides.pdf"
        if not pdf.is_file() or not pdf.stat().st_size:
            raise NotDrawn(DrawingFault.NOT_DRAWN)
        yield pdf


def _write_settings(folder: Path) -> None:
    folder.mkdir(parents=True)
    (folder / "registrymodifications.xcu").write_text(_SETTINGS, "utf-8")


def _convert(program: str, folder: Path, time_limit_s: int) -> None:
    """In a group of its own: `soffice` is a script that starts others, and all of them have to end."""
    limits = [str(MEMORY_LIMIT_BYTES), str(time_limit_s), str(MOST_PDF_BYTES)]
    wanted = ["--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"]
    target = ["--convert-to", "pdf:impress_pdf_Export", "--outdir", str(folder), str(folder / "slides.pptx")]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    process = subprocess.Popen(  # noqa: S603  # nosec B603
        [
            sys.executable,
            "-m",
            "studyhub.content.bounded_command",
            *limits,
            program,
            profile,
            *wanted,
            *target,
        ],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env=_environment(folder),
        start_new_session=True,
    )
    try:
        process.wait(time_limit_s)
    except subprocess.TimeoutExpired:
        raise NotDrawn(DrawingFault.NOT_DRAWN) from None
    finally:
        _end_group(process)


def _environment(folder: Path) -> dict[str, str]:
    """No home of anybody's, and a proxy that leads nowhere."""
    search_path = os.pathsep.join([str(_PACKAGE_PARENT), os.environ.get("PYTHONPATH", "")])
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"), _NOWHERE)
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder),
        "TMPDIR": str(folder),
        "LANG": "C.UTF-8",
        "PYTHONPATH": search_path,
        "SAL_USE_VCLPLUGIN": "svp",
        **proxies,
    }


def _end_group(process: subprocess.Popen[bytes]) -> None:
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return  # all of them have ended
    finally:
        process.wait()


def copy_without_links(presentation: Path, target: Path) -> None:
    """Pictures and films that lie elsewhere would be fetched while the slides are drawn."""
    with ZipFile(presentation) as source, ZipFile(target, "w", ZIP_DEFLATED, compresslevel=1) as copy:
        for info in source.infolist():
            content = source.read(info)
            if info.filename.endswith(".rels"):
                content = _without_links(content)
            copy.writestr(info.filename, content)


def _without_links(relationships: bytes) -> bytes:
    """Written anew by hand: LibreOffice reads relationships only without a prefix of their namespace."""
    links = [dict(link.items()) for link in fromstring(relationships, forbid_dtd=True)]
    if not any(_leads_out(link) for link in links):
        return relationships
    written = (_written(link | _NOWHERE_INSIDE if _leads_out(link) else link) for link in links)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<Relationships xmlns="{_NAMESPACE}">{"".join(written)}</Relationships>'.encode()


def _leads_out(link: dict[str, str]) -> bool:
    target = link.get("Target", "")
    return link.get("TargetMode") == "External" or ":" in target or target.startswith(("\\\\", "//"))


def _written(link: dict[str, str]) -> str:
    return "<Relationship {}/>".format(" ".join(f"{name}={quoteattr(value)}" for name, value in link.items()))

"""An installed StudyHub is complete: what is not Python travels in the wheel too."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, ROOT

NEEDED_TO_BUILD = ("setup.cfg", "pyproject.toml", "MANIFEST.in", "LICENSE", "README.md")


@pytest.fixture(scope="module")
def wheel_names(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    """Built from a copy, so that no build folder stays behind in the project."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(PACKAGE, project / "studyhub", ignore=shutil.ignore_patterns("__pycache__"))
    for name in NEEDED_TO_BUILD:
        shutil.copyfile(ROOT / name, project / name)
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(project / "dist"),
        ".",
    ]
    built = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (wheel,) = (project / "dist").glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def _files(folder: Path, *suffixes: str) -> set[str]:
    return {
        path.relative_to(ROOT).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and (not suffixes or path.suffix in suffixes)
    }


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["web/templates", "web/static", "migrations"])
def test_a_wheel_carries_all_of(folder: str, wheel_names: set[str]) -> None:
    assert _files(PACKAGE / folder)
    assert not _files(PACKAGE / folder) - wheel_names


@pytest.mark.slow
def test_a_wheel_carries_all_modules_and_the_compiled_catalogue(wheel_names: set[str]) -> None:
    assert not _files(PACKAGE, ".py", ".mo") - wheel_names
    assert "studyhub/translations/en/LC_MESSAGES/messages.mo" in wheel_names


@pytest.mark.slow
def test_a_wheel_carries_nothing_else(wheel_names: set[str]) -> None:
    assert {name.split("/")[0] for name in wheel_names if ".dist-info/" not in name} == {"studyhub"}

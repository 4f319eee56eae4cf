"""What can be seen without the database: Python, packages, data folder, disk, key, settings."""

import importlib.metadata
import os
import re
import shutil
import sys
import time
from importlib.util import find_spec
from pathlib import Path

from packaging.requirements import Requirement

from pilotline.config.checkup.finding import Check, Findings, fault, note, well
from pilotline.config.installation import data_folder, source_tree
from pilotline.config.words import _

PYTHONS = ((3, 11), (3, 14))
LEAST_SPACE = 1_000_000_000
LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)\s*(?:;([^\\]*))?")


def python() -> Findings:
    version = ".".join(map(str, sys.version_info[:3]))
    if PYTHONS[0] <= sys.version_info[:2] < PYTHONS[1]:
        yield well(_("Python {version}").format(version=version))
    else:
        yield fault(
            _("Python {version} is not supported; use 3.11, 3.12 or 3.13.").format(version=version)
        )


def packages() -> Findings:
    """Installed packages against the lock file, or against our own requirements in a wheel."""
    tree = source_tree()
    wanted = _locked(tree / "requirements" / "base.txt") if tree else _required()
    wrong = [f"{name} {why}" for name, why in _unfit(wanted)]
    if wrong:
        yield fault(
            _("Packages differ from what was tested: {packages}. Run ./run again.").format(
                packages=", ".join(wrong)
            )
        )
    else:
        yield well(_("{count} packages as tested").format(count=len(wanted)))


def _locked(lock: Path) -> list[Requirement]:
    found = (LOCKED.match(line) for line in lock.read_text().splitlines())
    return [
        Requirement(f"{m[1]}=={m[2]}" + (f";{m[3]}" if m[3] and m[3].strip() else ""))
        for m in found
        if m
    ]


def _required() -> list[Requirement]:
    return [Requirement(text) for text in importlib.metadata.requires("pilotline") or []]


def _unfit(wanted: list[Requirement]) -> list[tuple[str, str]]:
    unfit = []
    for requirement in wanted:
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        try:
            version = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            unfit.append((requirement.name, _("is missing")))
            continue
        if not requirement.specifier.contains(version, prereleases=True):
            unfit.append((requirement.name, f"{version} ≠ {requirement.specifier}"))
    return unfit


def folder() -> Findings:
    home = data_folder()
    if not home.exists():
        yield note(_("There is no data folder {folder} yet.").format(folder=home))
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield fault(
            _("The data folder {folder} cannot be written by this user.").format(folder=home)
        )
        return
    yield well(_("Data folder {folder}").format(folder=home))
    free = shutil.disk_usage(home).free
    if free < LEAST_SPACE:
        yield fault(
            _("Only {space} MB are free on the disk of the data folder.").format(
                space=free // 1_000_000
            )
        )
    else:
        yield well(_("{space} GB free").format(space=free // 1_000_000_000))


def secret_key() -> Findings:
    if os.environ.get("PILOTLINE_SECRET_KEY"):
        yield well(_("The secret key comes from the environment."))
        return
    place = data_folder() / "secret-key"
    if not place.exists():
        return
    if place.stat().st_mode & 0o077:
        yield fault(
            _("Others can read the secret key. Close it: chmod 600 {file}").format(file=place)
        )
    else:
        yield well(_("The secret key is closed to others."))


def settings() -> Findings:
    """Asked once Django is set up."""
    from django.conf import settings as django_settings

    if django_settings.DEBUG:
        yield fault(_("PILOTLINE_DEBUG is on: errors show inner workings to everybody."))
    else:
        yield well(_("Debugging is off."))
    yield well(
        _("Times are shown for {zone}, now {now}").format(
            zone=django_settings.TIME_ZONE, now=time.strftime("%Y-%m-%d %H:%M", time.localtime())
        )
    )
    if not django_settings.HTTPS:
        yield note(
            _("Addresses are http: for a public service set PILOTLINE_URL to an https address.")
        )


def browser() -> Findings:
    """Only in a source tree: what the browser tests need."""
    if source_tree() is None or find_spec("tools") is None:
        return
    from tools.browser import find_browser, has_chinese_font

    if find_browser() is None:
        yield note(_("There is no Chromium, so ./run test cannot run the browser tests."))
    elif not has_chinese_font():
        yield note(_("There is no Chinese font, so pictures of pages show boxes."))
    else:
        yield well(_("Chromium and a Chinese font for the browser tests"))


CHECKS: tuple[Check, ...] = (python, packages, folder, secret_key, browser)

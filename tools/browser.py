"""The browser of the browser tests: found, or installed where we may, never downloaded by us."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
ELSEWHERE = ("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",)
# libatomic1 is for Playwright's own Node, the font so that Chinese is not a row of boxes.
PACKAGES = ("chromium", "fonts-wqy-microhei", "libatomic1")
# Without a screen there is no graphics card: drawing as if there were one is done twice over.
OPTIONS = ("--no-sandbox", "--disable-gpu", "--disable-gpu-rasterization")


def launch(playwright: Any) -> Any:
    """The browser that was found, opened without a window."""
    return playwright.chromium.launch(executable_path=find_browser(), args=list(OPTIONS))


def find_browser() -> str | None:
    """A Chromium: the one APP_CHROMIUM names, or one on the PATH."""
    for name in (os.environ.get("APP_CHROMIUM"), *NAMES, *ELSEWHERE):
        found = shutil.which(name) if name else None
        if found:
            return found
    return None


def has_chinese_font() -> bool:
    """True as well where fontconfig cannot be asked: then nobody can tell."""
    command = shutil.which("fc-list")
    if command is None:
        return sys.platform != "linux"
    listed = subprocess.run(  # noqa: S603  a fixed question
        [command, ":lang=zh", "family"], capture_output=True, text=True, check=False
    )
    return bool(listed.stdout.strip())


def ensure_browser() -> str | None:
    """A Chromium with a Chinese font, installed with apt-get where we are root."""
    found = find_browser()
    complete = found is not None and has_chinese_font() and _has_libatomic()
    apt = shutil.which("apt-get")
    if complete or apt is None or os.geteuid() != 0:
        return found
    print("[test] installing Chromium and a Chinese font with apt-get", file=sys.stderr, flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES]
    for argv in ([apt, "update", "-qq"], install):
        done = subprocess.run(  # noqa: S603  our own words
            argv, check=False, env=environment, capture_output=True, text=True
        )
        if done.returncode:
            print((done.stdout + done.stderr)[-2000:], file=sys.stderr, flush=True)
    return find_browser()


def _has_libatomic() -> bool:
    if sys.platform != "linux":
        return True
    places = ("/lib", "/lib64", "/usr/lib", "/usr/lib64")
    return any(
        next(Path(place).glob(pattern), None)
        for place in places
        for pattern in ("libatomic.so.1", "*-linux-gnu*/libatomic.so.1")
    )

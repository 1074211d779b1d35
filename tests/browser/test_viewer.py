"""The image comparison in a real Chromium: what a person sees, what Python hears, and every way in by mouse and keys."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
import requests
from PIL import Image
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, expect

from tests.browser.conftest import OpenTab
from tests.browser.viewer_page import HOSTILE
from tests.serving import CHECKOUT, _free_port

RED, BLUE, GREY, BLACK = (192, 0, 0), (0, 0, 192), (128, 128, 128), (0, 0, 0)
MODES = {
    "side": "Side by side",
    "wipe": "Wipe",
    "onion": "Onion skin",
    "difference": "Difference",
    "blink": "Blink",
    "single": "Single image",
}
Open = Callable[..., Page]

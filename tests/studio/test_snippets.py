"""Requests as programs: run as real processes against the simulator, whatever the prompt holds."""

import ast
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import requests
from PIL import Image

from atlas import ImageRequest
from atlas.models import Parameters
from atlas.simulator import Simulator
from studio import snippets
from studio.generations import Generation, Slot, State
from studio.store import UPLOADED
from tests.conftest import CANARY

SHELLS = [shell for shell in ("sh", "dash", "bash", "busybox") if shutil.which(shell)]
MODEL = "black-forest-labs/flux-2-pro/text-to-image"
PROMPTS = {
    "plain": "a red bicycle",
    "Chinese": "一辆红色的自行车 🚲",
    "shell": "$(touch PWNED) `touch PWNED` ${HOME} $HOME '; touch PWNED; ' \"; touch PWNED; \" \\ \\\\ %s !! & | > x",
    "here-document": "first\nEND_OF_BODY\ntouch PWNED\nEOF\n'\n",
    "python": "\"\"\" + __import__('os').system('touch PWNED') + ''' {x} {0} %(x)s \\N{BULLET} \\x00 \u2028 \ufeff",
    "JSON": '"}, {"model": "another", "status":"failed","id":"x","outputs":["file:///etc/passwd"]',
    "long": "a very long prompt about bicycles " * 800,
}


def made(prompt: str, *, model: str = MODEL, **parameters: str | float) -> Generation:
    settings: Parameters = {"size": "256*256", "output_format": "png", "seed": 7, **parameters}
    return Generation(
        id="1",
        slot=Slot(run="r"),
        provider="simulator",
        model=model,
        prompt=ImageRequest(prompt=prompt).prompt,
        parameters=settings,
        state=State.COMPLETED,
        created=0,
    )


def run(script: str, language: str, folder: Path, *, key: str | None = CANARY) -> subprocess.CompletedProcess[str]:
    """In an empty folder, with the key in its variable and no proxy between it and the simulator."""
    program = folder.parent / f"{folder.name}.program"
    program.write_text(script, encoding="utf-8")
    folder.mkdir()
    command = [sys.executable] if language == "python" else [language, *(["sh"] if language == "busybox" else [])]
    ours = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
    ours.pop("ATLASCLOUD_API_KEY", None)
    environment = {**ours, **({"ATLASCLOUD_API_KEY": key} if key else {})}
    return subprocess.run(
        [*command, str(program)], cwd=folder, env=environment, capture_output=True, text=True, timeout=60, check=False
    )


def script(generation: Generation, language: str, base_url: str, *, as_copied: bool = False) -> str:
    """The program; it asks sooner than in two seconds where it need not be to the letter what people copy."""
    program = (snippets.python if language == "python" else snippets.curl)(generation, base_url)
    patient, hasty = (
        ("    time.sleep(2)\n", "    time.sleep(0.1)\n")
        if language == "python"
        else ("    sleep 2\n", "    sleep 0.1\n")
    )
    assert program.count(patient) == 1
    return program if as_copied else program.replace(patient, hasty)


def submitted(simulator: Simulator) -> list[object]:
    return [one["body"] for one in simulator.requests() if one["path"].endswith("/generateImage")]


@pytest.mark.parametrize("prompt", PROMPTS)
@pytest.mark.parametrize("language", ["python", "sh"])
def test_a_program_makes_the_same_request_and_saves_the_image(
    simulator: Simulator, tmp_path: Path, language: str, prompt: str
) -> None:
    generation = made(PROMPTS[prompt])

    ended = run(script(generation, language, simulator.url), language, tmp_path / "here")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "image-1.png\n", "")
    assert submitted(simulator) == [generation.request.body()]
    saved = tmp_path / "here" / "image-1.png"
    assert [path.name for path in (tmp_path / "here").iterdir()] == ["image-1.png"]
    assert hashlib.sha256(saved.read_bytes()).digest() == hashlib.sha256(served(simulator)).digest()
    with Image.open(saved) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", (256, 256))


def served(simulator: Simulator) -> bytes:
    """The file that was fetched last, as the simulator serves it to anybody."""
    path = [one["path"] for one in simulator.requests() if one["path"].startswith("/files/")][-1]
    assert "authorization" not in [one for one in simulator.requests() if one["path"] == path][-1]["headers"]
    return requests.get(simulator.url + path, timeout=10).content


@pytest.mark.parametrize("shell", SHELLS)
def test_the_shell_program_runs_in_every_shell_that_is_here(simulator: Simulator, tmp_path: Path, shell: str) -> None:
    generation = made(PROMPTS["shell"], output_format="webp")

    ended = run(snippets.curl(generation, simulator.url), shell, tmp_path / "here")

    assert (ended.returncode, ended.stdout) == (0, "image-1.webp\n"), ended.stderr
    assert submitted(simulator) == [generation.request.body()]


@pytest.mark.parametrize("language", ["python", "sh"])
def test_images_inside_the_reply_and_several_of_them_are_saved(
    simulator: Simulator, tmp_path: Path, language: str
) -> None:
    inside = made("inside", output_format="jpeg", enable_base64_output=True)
    several = made("several", model="black-forest-labs/flux-schnell", num_images=3)

    assert run(script(inside, language, simulator.url), language, tmp_path / "a").stdout == "image-1.jpg\n"
    assert run(script(several, language, simulator.url), language, tmp_path / "b").stdout.count("\n") == 3
    for path in [*(tmp_path / "a").iterdir(), *(tmp_path / "b").iterdir()]:
        with Image.open(path) as image:
            image.load()


@pytest.mark.parametrize("language", ["python", "sh"])
@pytest.mark.parametrize(
    ("where", "kind"), [("task", "failed"), ("task", "moderation"), ("task", "timeout"), ("poll", "500-terminal")]
)
def test_a_failure_is_said_and_nothing_is_saved(
    simulator: Simulator, tmp_path: Path, language: str, where: str, kind: str
) -> None:
    simulator.fault(where, kind)

    ended = run(script(made("x"), language, simulator.url), language, tmp_path / "here")

    assert ended.returncode == 1
    assert ended.stderr.startswith("The image was not made (")
    assert not list((tmp_path / "here").iterdir())
    assert len(submitted(simulator)) == 1


@pytest.mark.parametrize("language", ["python", "sh"])
@pytest.mark.parametrize(
    ("where", "kind"), [("submit", "401"), ("submit", "402"), ("poll", "402-envelope"), ("poll", "403")]
)
def test_a_refusal_ends_the_program_and_is_said(
    simulator: Simulator, tmp_path: Path, language: str, where: str, kind: str
) -> None:
    simulator.fault(where, kind)

    ended = run(script(made("x"), language, simulator.url), language, tmp_path / "here")

    assert ended.returncode == 1
    assert ended.stderr.startswith("Atlas Cloud refused: HTTP ")
    assert len(submitted(simulator)) == 1


@pytest.mark.parametrize("language", ["python", "sh"])
@pytest.mark.parametrize("kind", ["404", "500", "502-html", "reset", "malformed-json", "unknown-status"])
def test_trouble_while_asking_is_asked_again(simulator: Simulator, tmp_path: Path, language: str, kind: str) -> None:
    simulator.fault("poll", kind)

    ended = run(script(made("x"), language, simulator.url), language, tmp_path / "here")

    assert (ended.returncode, ended.stdout) == (0, "image-1.png\n"), ended.stderr
    assert len(submitted(simulator)) == 1


@pytest.mark.parametrize("language", ["python", "sh"])
@pytest.mark.parametrize("kind", ["empty-outputs", "null-outputs"])
def test_an_end_without_an_image_is_said(simulator: Simulator, tmp_path: Path, language: str, kind: str) -> None:
    simulator.fault("task", kind)

    ended = run(script(made("x"), language, simulator.url), language, tmp_path / "here")

    assert (ended.returncode, ended.stderr) == (1, "It finished without an image.\n")


@pytest.mark.parametrize("language", ["python", "sh"])
def test_an_answer_with_only_an_id_is_enough(simulator: Simulator, tmp_path: Path, language: str) -> None:
    simulator.fault("submit", "minimal")

    ended = run(script(made("x"), language, simulator.url, as_copied=True), language, tmp_path / "here")

    assert ended.stdout == "image-1.png\n", ended.stderr


@pytest.mark.parametrize("language", ["python", "sh"])
def test_without_the_key_nothing_is_sent(simulator: Simulator, tmp_path: Path, language: str) -> None:
    ended = run(script(made("x"), language, simulator.url), language, tmp_path / "here", key=None)

    assert ended.returncode != 0
    assert "ATLASCLOUD_API_KEY" in ended.stderr
    assert simulator.requests() == []


@pytest.mark.parametrize("prompt", PROMPTS)
def test_programs_are_text_that_can_be_copied_and_hold_no_key(prompt: str) -> None:
    generation = made(PROMPTS[prompt], guidance=7.5, enhance=True)

    code = snippets.python(generation, "https://api.atlascloud.ai/")
    shell = snippets.curl(generation, "https://api.atlascloud.ai/")

    ast.parse(code)
    assert code.isprintable() or set(filter(lambda sign: not sign.isprintable(), code)) == {"\n"}
    assert "https://api.atlascloud.ai'" in code
    assert "api=https://api.atlascloud.ai/api/v1/model" in shell
    assert "apikey-" not in code + shell


def test_an_image_from_outside_has_no_program() -> None:
    brought = made("holiday.png", model=UPLOADED)

    for snippet in (snippets.python, snippets.curl):
        with pytest.raises(ValueError, match="no request to copy"):
            snippet(brought, "https://api.atlascloud.ai")

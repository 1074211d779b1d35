"""The public clients of Atlas Cloud run against the simulator unchanged (section 18, must-haves of each client)."""

from collections.abc import Iterator

import pytest

from atlas.simulator import Simulator
from tests.simulator import clients
from tests.simulator.calling import FLUX, GPT_IMAGE, Caller, opened, picture, png, rows

EDIT = "openai/gpt-image-1.5/edit"


@pytest.fixture(scope="module")
def running() -> Iterator[Simulator]:
    with Simulator(latency=0.1, control=True) as simulator:
        yield simulator


@pytest.fixture
def live(running: Simulator) -> Simulator:
    """A simulator whose jobs take a tenth of a second, with an empty script."""
    running.forget_faults()
    running.forget_requests()
    return running


def test_both_python_samples_of_the_provider_run_with_their_literal_key(live: Simulator) -> None:
    literal = "$ATLASCLOUD_API_KEY"

    flat = clients.FlatSample(url=live.url, key=literal).image(GPT_IMAGE, "a red bicycle")
    nested = clients.NestedSample(url=live.url, key=literal).image(GPT_IMAGE, "a red bicycle")

    assert flat.startswith(f"{live.url}/files/")
    assert nested["image"] != flat
    assert (nested["seconds"], nested["error"]) == (0.085, "")


def test_the_samples_read_failures_and_uploads(live: Simulator) -> None:
    sample = clients.NestedSample(url=live.url)
    assert sample.upload("photo.png", png("red")).startswith(f"{live.url}/media/")
    live.fault("task", "failed", times=2)
    with pytest.raises(RuntimeError, match="generation failed"):
        sample.image(FLUX, "x")
    with pytest.raises(RuntimeError, match="generation failed"):
        clients.FlatSample(url=live.url).image(FLUX, "x")


def test_the_mcp_server_finds_checks_submits_and_polls(live: Simulator) -> None:
    mcp = clients.Mcp(url=live.url)

    job = mcp.generate(GPT_IMAGE, {"prompt": "x", "size": "1024x1536"})

    assert mcp.prediction(job)["status"] in ("created", "processing")
    assert Caller(url=live.url).ended(job)["outputs"]
    assert mcp.generate("alibaba/wan-2.5/text-to-image", {"prompt": "x"})
    with pytest.raises(ValueError, match="width is not accepted"):
        mcp.generate(GPT_IMAGE, {"prompt": "x", "width": 512})
    with pytest.raises(ValueError, match="images is missing"):
        mcp.generate(EDIT, {"prompt": "x"})
    with pytest.raises(StopIteration):
        mcp.find("google/imagen4-ultra", "Image")
    assert mcp.chat("deepseek-ai/deepseek-v3.2", "a fox")[1] > 2


def test_the_mcp_server_reads_a_failure_under_500_and_the_word_for_a_refusal(live: Simulator) -> None:
    mcp = clients.Mcp(url=live.url)
    live.fault("submit", "402")
    with pytest.raises(RuntimeError, match="insufficient balance"):
        mcp.generate(FLUX, {"prompt": "x"})
    job = mcp.generate(FLUX, {"prompt": "x"})
    live.fault("poll", "500-terminal")
    with pytest.raises(RuntimeError, match="generation failed"):
        mcp.prediction(job)


def test_the_comfyui_client_submits_and_polls_both_paths(live: Simulator) -> None:
    comfy = clients.ComfyUi(url=live.url)
    live.fault("poll", "404", times=1)

    told = comfy.poll(comfy.generate_image({"model": FLUX, "prompt": "x", "size": "256*256", "seed": -1}))

    assert picture(comfy.first(told)).size == (256, 256)
    polls = [one["path"] for one in live.requests() if one["method"] == "GET"]
    assert any(path.endswith("/") for path in polls)


@pytest.mark.parametrize("kind", ["object-outputs", "object-outputs-image", "succeeded"])
def test_the_comfyui_client_reads_outputs_of_either_kind(live: Simulator, kind: str) -> None:
    comfy = clients.ComfyUi(url=live.url)
    live.fault("task", kind)

    assert comfy.first(comfy.poll(comfy.generate_image({"model": FLUX, "prompt": "x"}))).startswith(live.url)


def test_the_comfyui_client_stops_on_a_failure_under_200_and_waits_on_a_timeout(live: Simulator) -> None:
    comfy = clients.ComfyUi(url=live.url, wait=0.4)
    live.fault("task", "moderation")
    live.fault("task", "timeout")
    with pytest.raises(RuntimeError, match="moderation"):
        comfy.poll(comfy.generate_image({"model": FLUX, "prompt": "x"}))
    with pytest.raises(TimeoutError):
        comfy.poll(comfy.generate_image({"model": FLUX, "prompt": "x"}))


def test_the_n8n_node_lists_draws_its_form_and_submits(live: Simulator) -> None:
    n8n = clients.N8n(url=live.url)
    listed = n8n.rows()
    row = next(one for one in listed if one["model"] == FLUX)

    result = n8n.result(n8n.submit(row, prompt="x", size="256*256", seed=7))

    assert len({one["uuid"] for one in listed}) == len(listed) == len(rows(live.url))
    assert n8n.fields(row)[0] == "prompt"
    assert picture(result["outputs"][0]).size == (256, 256)


@pytest.mark.parametrize("kind", ["minimal", "flat"])
def test_the_n8n_node_finds_the_id_wherever_it_is(live: Simulator, kind: str) -> None:
    n8n = clients.N8n(url=live.url)
    live.fault("submit", kind)

    identity = n8n.submit({"model": FLUX}, prompt="x")

    assert n8n.result(identity)["id"] == identity


def test_the_saas_starter_uploads_submits_polls_the_given_address_and_chats(live: Simulator) -> None:
    starter = clients.SaasStarter(url=live.url)
    source = starter.upload(png("red", (256, 256)), "media.png")

    as_text = starter.submit({"model": EDIT, "prompt": "x", "images": source})
    status, outputs = starter.poll(starter.submit({"model": EDIT, "prompt": "x", "images": [source]}))

    assert as_text.startswith(live.url)
    assert (status, len(outputs)) == ("completed", 1)
    assert starter.chat("deepseek-ai/deepseek-v3.2", [{"role": "user", "content": "a fox"}]).startswith("a fox")
    live.fault("chat", "empty-content")
    with pytest.raises(RuntimeError, match="empty content"):
        starter.chat("deepseek-ai/deepseek-v3.2", [{"role": "user", "content": "a fox"}])
    live.fault("submit", "code-401")
    with pytest.raises(RuntimeError, match="Token invalid"):
        starter.submit({"model": FLUX, "prompt": "x"})


def test_openmontage_finds_code_200_everywhere(live: Simulator) -> None:
    montage = clients.OpenMontage(url=live.url)

    data = montage.image(
        {"model": "bytedance/seedream-v5.0-lite", "prompt": "x", "output_format": "jpeg", "size": "2304*1728"}
    )

    assert (opened(data).size, opened(data).format) == ((2304, 1728), "JPEG")
    live.fault("task", "failed")
    with pytest.raises(RuntimeError, match="generation failed"):
        montage.image({"model": FLUX, "prompt": "x"})

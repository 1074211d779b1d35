"""Settings inside images: read back equal, by us and by a second library (Pillow), and taken out to the byte."""

import hashlib
import io
import itertools
import json
import random
import struct
import time
import xml.etree.ElementTree as ET
import zlib
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from atlas import AtlasClient, ImageRequest
from atlas.models import Parameters
from atlas.simulator import Simulator
from studio import embedding
from studio.embedding import Described, Settings, Unreadable, embedded, plain, read, stripped
from studio.store import UPLOADED

AI_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
XMP_OF_OTHERS = (
    b'<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:creator><rdf:Seq><rdf:li>Ada</rdf:li></rdf:Seq></dc:creator>'
    b'</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
)
NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "iptc": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "core": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
}


def drawing(mode: str = "RGB", size: tuple[int, int] = (40, 30)) -> Image.Image:
    """Every channel differs, and so does every pixel from its neighbours."""
    noise = np.random.default_rng(7).integers(0, 256, (size[1], size[0], 4), dtype=np.uint8)
    if mode == "I;16":
        return Image.fromarray(noise.view("<u4")[..., 0].astype(np.uint16))
    return Image.fromarray(noise, "RGBA").convert("RGB").convert(mode) if mode != "RGBA" else Image.fromarray(noise)


def saved(kind: str, image: Image.Image | None = None, **options: Any) -> bytes:
    buffer = io.BytesIO()
    (image or drawing()).save(buffer, kind, **options)
    return buffer.getvalue()


def turned(angle: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = angle
    exif[0x010F] = "A camera"
    exif.get_ifd(0x8769)[0x9003] = "2026:01:02 03:04:05"
    return exif


def text_of_others() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Author", "Ada")
    info.add_itxt("Comment", "grüße", zip=True)
    return info


def packet_of_others() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP_OF_OTHERS.decode())
    return info


FILES = {
    "png": saved("PNG"),
    "png with alpha": saved("PNG", drawing("RGBA")),
    "png of 16 bits": saved("PNG", drawing("I;16")),
    "png with a palette": saved("PNG", drawing("P")),
    "png with one transparent colour": saved("PNG", drawing("P"), transparency=3),
    "png with a profile": saved("PNG", icc_profile=PROFILE),
    "png with texts and EXIF": saved("PNG", pnginfo=text_of_others(), exif=turned(6)),
    "png with XMP": saved("PNG", pnginfo=packet_of_others()),
    "png with something behind it": saved("PNG") + b"behind",
    "jpeg": saved("JPEG"),
    "grey jpeg": saved("JPEG", drawing("L")),
    "progressive jpeg": saved("JPEG", progressive=True),
    "jpeg of ink": saved("JPEG", drawing("CMYK")),
    "jpeg with a profile": saved("JPEG", icc_profile=PROFILE),
    "jpeg with restarts": saved("JPEG", restart_marker_rows=1),
    "jpeg with EXIF, XMP and a comment": saved("JPEG", exif=turned(6), xmp=XMP_OF_OTHERS, comment=b"by Ada"),
    "jpeg with little XMP": saved("JPEG", xmp=b"no packet at all"),
    "jpeg with broken EXIF": saved("JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff"),
    "jpeg with something behind it": saved("JPEG") + b"\xff\xd8behind",
    "webp": saved("WEBP"),
    "lossless webp": saved("WEBP", lossless=True),
    "webp with alpha": saved("WEBP", drawing("RGBA")),
    "lossless webp with alpha": saved("WEBP", drawing("RGBA"), lossless=True),
    "webp with a profile": saved("WEBP", icc_profile=PROFILE),
    "webp with EXIF and XMP": saved("WEBP", exif=turned(6), xmp=XMP_OF_OTHERS),
    "webp with little XMP": saved("WEBP", xmp=b"no packet at all!"),
    "webp with something behind it": saved("WEBP") + b"behind",
    "webp of odd size": saved("WEBP", drawing(size=(33, 17)), lossless=True),
}
KINDS = ["png", "jpeg", "webp"]
PROMPTS = {
    "short": "a red bicycle",
    "one letter": "a",
    "Chinese": "一辆红色的自行车，靠在墙边",
    "hostile": "</rdf:Description></rdf:RDF>]]>--><?xpacket end='w'?> \"quotes\" & 'more' \\u0041 \ufffe \u0000 \u0085",
    "of lines": "first\n\n  Negative prompt: no\nSteps: 20, Sampler: x, Seed: 1, Size: 2x2\n\tlast",
    "beyond the plane": "🚲🏳️‍🌈 𝕳𝖆𝖑𝖑𝖔",
    "20,000 letters": "a bicycle " * 2000,
    "20,000 Chinese": "红" * 20_000,
    "20,000 of four bytes": "🚲" * 20_000,
    "20,000 to be escaped": '<"&' * 6667,
}


def about(prompt: str = "a red bicycle", content: bytes = b"", *, provider: str = "api.atlascloud.ai") -> Described:
    parameters: Parameters = {
        "size": "1024x1024",
        "quality": "low",
        "guidance": 7.5,
        "enhance": True,
        "n": 1,
        "note": "a, b: \r\n",
    }
    return Described(
        request=ImageRequest(prompt=prompt, model="openai/gpt-image-1.5/text-to-image", parameters=parameters),
        provider=provider,
        created="2026-01-02T03:04:05.678+00:00",
        sha256=hashlib.sha256(content).hexdigest(),
        seed=42,
        alt="A bicycle & its <shadow>",
    )


def pixels(content: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(content), formats=["PNG", "JPEG", "WEBP"]) as image:
        image.load()
        return image.mode, image.size, image.tobytes()


def packet_of(content: bytes) -> ET.Element:
    with Image.open(io.BytesIO(content)) as image:
        found = image.info.get("xmp") or image.info["XML:com.adobe.xmp"].encode()
    return ET.fromstring(found)  # noqa: S314 - our own


def said(packet: ET.Element, path: str) -> list[str | None]:
    return [element.text for element in packet.iterfind(f".//{path}", NAMESPACES)]


@pytest.mark.parametrize("name", FILES)
def test_what_is_embedded_is_read_back_equal_and_taken_out_to_the_byte(name: str) -> None:
    content = FILES[name]

    copy = embedded(content, about(content=content))

    assert read(copy).described == about(content=content)
    assert plain(copy) == content
    assert plain(content) == content
    assert pixels(copy) == pixels(content)


@pytest.mark.parametrize(("kind", "prompt"), list(itertools.product(KINDS, PROMPTS)))
def test_any_prompt_is_read_back_equal(kind: str, prompt: str) -> None:
    content = FILES[kind]

    copy = embedded(content, about(PROMPTS[prompt]))

    assert read(copy).described == about(PROMPTS[prompt])
    assert plain(copy) == content
    assert pixels(copy) == pixels(content)


@pytest.mark.parametrize("name", FILES)
def test_embedding_again_replaces_and_never_doubles(name: str) -> None:
    content = FILES[name]

    once = embedded(content, about("second"))
    twice = embedded(embedded(content, about("first " * 5000)), about("second"))

    assert once == twice


@pytest.mark.parametrize("kind", KINDS)
def test_pillow_reads_the_ai_mark_the_prompt_and_the_alt_text_in_xmp(kind: str) -> None:
    packet = packet_of(embedded(FILES[kind], about(PROMPTS["hostile"])))

    assert said(packet, "iptc:DigitalSourceType") == [AI_MADE]
    assert said(packet, "xmp:CreatorTool") == ["Atlas Studio"]
    assert said(packet, "dc:description/rdf:Alt/rdf:li") == [
        ImageRequest(prompt=PROMPTS["hostile"]).prompt.replace("\ufffe", "\ufffd")
    ]
    assert said(packet, "core:AltTextAccessibility/rdf:Alt/rdf:li") == ["A bicycle & its <shadow>"]


@pytest.mark.parametrize("kind", KINDS)
def test_a_simulated_image_says_so_and_one_from_outside_claims_nothing(kind: str) -> None:
    simulated = packet_of(embedded(FILES[kind], about(provider="simulator")))
    uploaded = packet_of(embedded(FILES[kind], about(provider=UPLOADED)))

    assert said(simulated, "xmp:CreatorTool") == ["Atlas Studio, SIMULATED"]
    assert said(simulated, "iptc:DigitalSourceType") == [AI_MADE]
    assert said(uploaded, "xmp:CreatorTool") + said(uploaded, "iptc:DigitalSourceType") == []


def test_pillow_reads_the_texts_of_a_png() -> None:
    with Image.open(io.BytesIO(embedded(FILES["png"], about("红\n<b>")))) as image:
        assert isinstance(image, PngImagePlugin.PngImageFile)
        assert image.text["parameters"].startswith("红\n<b>\nSeed: 42, Size: 1024x1024, Model: openai/")
        assert json.loads(image.text["atlas_studio"])["prompt"] == "红\n<b>"


@pytest.mark.parametrize("name", ["jpeg", "webp", "jpeg with EXIF, XMP and a comment", "webp with EXIF and XMP"])
def test_pillow_reads_exif_and_what_others_wrote_is_still_there(name: str) -> None:
    content = FILES[name]
    with Image.open(io.BytesIO(embedded(content, about("红")))) as image:
        exif = image.getexif()
        comment = exif.get_ifd(0x8769)[0x9286]

        assert exif[0x010E].encode("latin-1").decode() == "红"
        assert comment[8:].decode("utf-16-be" if exif.endian == ">" else "utf-16-le").startswith("红\nSeed: 42")
        if "EXIF" in name:
            assert (exif[0x0112], exif[0x010F]) == (6, "A camera")
            assert exif.get_ifd(0x8769)[0x9003] == "2026:01:02 03:04:05"


@pytest.mark.parametrize("name", ["png with XMP", "jpeg with EXIF, XMP and a comment", "webp with EXIF and XMP"])
def test_what_others_wrote_as_xmp_stays_beside_ours(name: str) -> None:
    packet = packet_of(embedded(FILES[name], about()))

    assert said(packet, "dc:creator/rdf:Seq/rdf:li") == ["Ada"]
    assert said(packet, "iptc:DigitalSourceType") == [AI_MADE]


def test_parameters_of_another_program_stay() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "their own")
    content = saved("PNG", pnginfo=info)

    with Image.open(io.BytesIO(embedded(content, about()))) as image:
        assert image.info["parameters"] == "their own"
    assert read(embedded(content, about())).described == about()


@pytest.mark.parametrize("prompt", ["20,000 Chinese", "20,000 of four bytes"])
def test_a_long_prompt_in_a_jpeg_keeps_the_mark_where_others_look_and_every_segment_short(prompt: str) -> None:
    copy = embedded(FILES["jpeg"], about(PROMPTS[prompt]))

    assert said(packet_of(copy), "iptc:DigitalSourceType") == [AI_MADE]
    assert copy.count(b"http://ns.adobe.com/xmp/extension/\0") >= 2
    with Image.open(io.BytesIO(copy)) as image:
        assert len(image.applist) >= 4  # type: ignore[attr-defined]
        assert all(len(payload) <= 65_533 for _, payload in image.applist)  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("described", [False, True])
def test_a_stripped_file_says_nothing_and_shows_the_same_pixels(name: str, described: bool) -> None:
    content = embedded(FILES[name], about("secret words")) if described else FILES[name]

    bare = stripped(content)

    assert pixels(bare) == pixels(content)
    for trace in (b"secret", b"Ada", b"Atlas", b"xmp", b"camera", b"behind", b"XMP", b"iTXt", b"tEXt", "红".encode()):
        assert trace not in bare
    with Image.open(io.BytesIO(bare)) as image:
        assert image.info.get("icc_profile") == (PROFILE if "profile" in name else None)
        assert dict(image.getexif()) == ({0x0112: 6} if "EXIF" in name and "broken" not in name else {})
    assert read(bare) == embedding.Found()
    assert stripped(bare) == bare


def test_a_seal_of_c2pa_and_previews_are_stripped() -> None:
    seal = b"jumbc2pa"
    png = FILES["png"][:33] + struct.pack(">I", 8) + b"caBX" + seal + bytes(4) + FILES["png"][33:]
    jpeg = FILES["jpeg"][:2] + b"\xff\xeb\x00\x0a" + seal + FILES["jpeg"][2:]
    preview = b"\xff\xe0\x00\x0eJFXX\0" + b"preview"
    webp = FILES["webp with a profile"] + b"C2PA" + struct.pack("<I", 8) + seal
    webp = b"RIFF" + struct.pack("<I", len(webp) - 8) + webp[8:]

    for content in (png, jpeg, jpeg[:2] + preview + jpeg[2:], webp):
        assert b"jumbc2pa" not in stripped(content)
        assert b"preview" not in stripped(content)
        assert seal in embedded(content, about())
        assert plain(embedded(content, about())) == content


A1111 = (
    "a cat, <lora:x:1>\nin two lines\nNegative prompt: blurry,\nugly\n"
    'Steps: 20, Sampler: DPM++ 2M Karras, Seed: 1234567890, Size: 512x768, Model: "a, model: x", Clip skip: 2'
)
THEIRS = Settings(
    prompt="a cat, <lora:x:1>\nin two lines",
    negative_prompt="blurry,\nugly",
    model="a, model: x",
    seed=1_234_567_890,
    size=(512, 768),
    others={
        "Steps": "20",
        "Sampler": "DPM++ 2M Karras",
        "Seed": "1234567890",
        "Size": "512x768",
        "Model": "a, model: x",
        "Clip skip": "2",
    },
)


def png_saying(keyword: str, text: str, *, packed: bool = False, international: bool = False) -> bytes:
    info = PngImagePlugin.PngInfo()
    if international:
        info.add_itxt(keyword, text, zip=packed)
    else:
        info.add_text(keyword, text, zip=packed)
    return saved("PNG", pnginfo=info)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("international", [False, True])
def test_settings_of_another_program_are_read_from_png(packed: bool, international: bool) -> None:
    content = png_saying("parameters", A1111, packed=packed, international=international)

    assert read(content).settings == THEIRS


def commented(kind: str, comment: bytes, *, endian: str = ">") -> bytes:
    exif = Image.Exif()
    exif.endian = endian
    exif[0x010F] = "A camera"  # without an entry in the first table Pillow writes none at all into a PNG
    exif.get_ifd(0x8769)[0x9286] = comment
    return saved(kind, exif=exif)


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "PNG"])
@pytest.mark.parametrize("endian", ["<", ">"])
@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + A1111.encode("utf-16-be"),
        b"UNICODE\0" + A1111.encode("utf-16-le"),
        b"UNICODE\0" + A1111.encode("utf-16"),
        b"ASCII\0\0\0" + A1111.encode(),
        bytes(8) + A1111.encode(),
    ],
    ids=["big end first", "little end first", "byte order mark", "ascii", "undefined"],
)
def test_settings_of_another_program_are_read_from_exif(kind: str, endian: str, comment: bytes) -> None:
    assert read(commented(kind, comment, endian=endian)).settings == THEIRS


@pytest.mark.parametrize("endian", ["-be", "-le"])
def test_a_chinese_comment_is_read_in_either_byte_order(endian: str) -> None:
    text = "红色的自行车靠在墙边" * 50 + "\nSteps: 20, Seed: 1, Size: 2x3"

    found = read(commented("JPEG", b"UNICODE\0" + text.encode("utf-16" + endian))).settings

    assert found is not None
    assert (found.prompt, found.seed, found.size) == ("红色的自行车靠在墙边" * 50, 1, (2, 3))


@pytest.mark.parametrize("kind", KINDS)
def test_an_image_of_ours_whose_record_was_lost_still_has_its_settings(kind: str) -> None:
    """As another program sees it, or ours after somebody removed XMP and the record."""
    copy = (
        embedded(FILES[kind], about("two\nlines"))
        .replace(b"atlas_studio", b"another_name")
        .replace(b"urn:atlas-studio:settings:1#", b"urn:another-thing:settings:1")
    )

    found = read(copy).settings

    assert found is not None
    assert (found.prompt, found.seed, found.size) == ("two\nlines", 42, (1024, 1024))
    assert (found.model, found.others["quality"]) == ("openai/gpt-image-1.5/text-to-image", "low")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "only a prompt",
        '{"3": {"class_type": "KSampler", "inputs": {"seed": 1}}}',
        '{"sui_image_params": {"prompt": "x", "steps": 20}}',
        "[" * 100_000,
        "a: " * 300_000,
        'a:"' * 300_000,
        " " * 900_000 + "x",
        "Steps: " + "9" * 100_000,
        '{"atlas_studio": 1}',
        '{"atlas_studio": 1, "prompt": 1, "model": [], "parameters": {"a": []}, "created": 1, "sha256": ""}',
    ],
    ids=range(11),
)
@pytest.mark.parametrize("keyword", ["parameters", "atlas_studio", "prompt", "workflow"])
def test_texts_of_other_kinds_are_nothing_quickly(keyword: str, text: str) -> None:
    began = time.monotonic()

    assert read(png_saying(keyword, text)).described is None
    assert time.monotonic() - began < 2


def test_a_text_that_unpacks_to_very_much_is_refused_without_unpacking_it() -> None:
    bomb = zlib.compress(bytes(200_000_000), 9)
    for kind, head in ((b"zTXt", b"parameters\0\0"), (b"iTXt", b"parameters\0\1\0\0\0")):
        data = head + bomb
        chunk = struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        content = FILES["png"][:33] + chunk + FILES["png"][33:]

        with pytest.raises(Unreadable, match="too large"):
            read(content)


def tiny() -> dict[str, bytes]:
    """Small files of each kind that carry everything we can read."""
    small = {
        "png": saved("PNG", drawing(size=(2, 2)), pnginfo=packet_of_others(), exif=turned(6)),
        "jpeg": saved("JPEG", drawing(size=(2, 2)), xmp=XMP_OF_OTHERS, exif=turned(6), comment=b"c"),
        "webp": saved("WEBP", drawing(size=(2, 2)), xmp=XMP_OF_OTHERS, exif=turned(6)),
        "zipped": png_saying("parameters", A1111, packed=True, international=True),
    }
    return {**small, **{f"{name} with ours": embedded(content, about()) for name, content in small.items()}}


def tried(content: bytes) -> None:
    """All that anybody may call on a file from outside; only our own error may come out."""
    for call in (read, plain, stripped, lambda cut: embedded(cut, about())):
        try:
            call(content)
        except Unreadable:
            continue


@pytest.mark.parametrize("name", tiny())
def test_a_file_cut_anywhere_raises_only_our_error(name: str) -> None:
    content = tiny()[name]

    for length in range(len(content)):
        tried(content[:length])


@pytest.mark.parametrize("name", tiny())
def test_a_file_with_wrong_bytes_anywhere_raises_only_our_error(name: str) -> None:
    content = tiny()[name]
    dice = random.Random(name)

    for _ in range(1000):
        wrong = bytearray(content)
        for _ in range(dice.choice([1, 1, 2, 8])):
            wrong[dice.randrange(len(wrong))] = dice.choice([0, 1, 0x7F, 0x80, 0xFF, dice.randrange(256)])
        tried(bytes(wrong))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8",
        b"\xff\xd8" + b"\xff" * 2_000_000,
        b"RIFF",
        b"RIFF\4\0\0\0WEBP",
        b"GIF89a",
    ],
    ids=range(7),
)
def test_what_is_no_image_is_refused(content: bytes) -> None:
    for call in (read, plain, stripped):
        with pytest.raises(Unreadable):
            call(content)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_of_the_simulator_goes_there_and_back(simulator: Simulator, client: AtlasClient, kind: str) -> None:
    model = "black-forest-labs/flux-2-pro/text-to-image"
    request = ImageRequest(prompt=f"a {kind} 红", model=model, parameters={"size": "256*256", "output_format": kind})
    prediction = client.submit(request)
    while not prediction.is_terminal:
        time.sleep(0.02)
        prediction = client.prediction(prediction.id)
    content = client.download(prediction.outputs[0])
    made = replace(about(content=content), request=request, provider="simulator")

    copy = embedded(content, made)

    assert Image.open(io.BytesIO(content)).format == kind.upper()
    assert read(copy).described == made
    assert plain(copy) == content
    assert pixels(copy) == pixels(content)
    assert simulator.count("POST", "/") == 1

"""XMP packets: one ``rdf:Description`` of ours, in a packet of our own or added to one that was there.

It marks the image as made by AI (IPTC DigitalSourceType), repeats the prompt as its description and
carries our record. What a foreign packet says already is not said a second time. Packets are searched
as text and never given to an XML parser, because they come from anywhere.
"""

import html
import re
from xml.sax.saxutils import escape

from studio.embedding.described import Described
from studio.generations import SIMULATOR
from studio.store import UPLOADED

AI_MADE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"

_OURS = "urn:atlas-studio:settings:1#"
_START = f'<rdf:Description rdf:about="" xmlns:atlas="{_OURS}"'.encode()
_STOP = b"</rdf:Description>"
_RECORD = re.compile(rb'<atlas:settings>([^<]*)</atlas:settings>|\satlas:settings="([^"]*)"')
_END = b"</rdf:RDF>"
_HEAD = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Atlas Studio">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
).encode()
_FOOT = _END + b'</x:xmpmeta><?xpacket end="w"?>'
_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpNote": "http://ns.adobe.com/xmp/note/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_IN_LANGUAGES = {"dc:description", "Iptc4xmpCore:AltTextAccessibility"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def added(packet: bytes | None, about: Described, record: str) -> bytes | None:
    """The packet, or a new one, with all we have to say; None where a foreign packet has no place for it."""
    said = {**_short(about), **_long(about, record)}
    return _with_block(packet, said)


def referring(packet: bytes | None, about: Described, extension: str) -> bytes | None:
    """The packet, or a new one, with the mark and the name of the extended packet that has the rest."""
    return _with_block(packet, {**_short(about), "xmpNote:HasExtendedXMP": extension})


def extended(about: Described, record: str) -> bytes:
    """All we have to say as an extended packet, which is a packet without its wrapper."""
    whole = _HEAD + _block({**_short(about), **_long(about, record)}, b"") + _FOOT
    return whole[whole.index(b"<x:xmpmeta") : whole.rindex(b"<?xpacket")]


def removed(packet: bytes) -> bytes:
    """The packet without what we added; empty when it was ours altogether."""
    start = packet.find(_START)
    stop = packet.find(_STOP, start)
    if start < 0 or stop < 0:
        return packet
    rest = packet[:start] + packet[stop + len(_STOP) :]
    return b"" if rest == _HEAD + _FOOT else rest


def records(packet: bytes) -> list[str]:
    """Our record, also where another program has written the packet anew."""
    found = _RECORD.findall(packet) if _OURS.encode() in packet else []
    return [html.unescape((element or attribute).decode(errors="replace")) for element, attribute in found[:1]]


def _short(about: Described) -> dict[str, str]:
    """Nothing of this is true of an image that somebody brought in from outside."""
    if about.provider == UPLOADED:
        return {}
    tool = "Atlas Studio, SIMULATED" if about.provider == SIMULATOR else "Atlas Studio"
    return {"Iptc4xmpExt:DigitalSourceType": AI_MADE, "xmp:CreatorTool": tool}


def _long(about: Described, record: str) -> dict[str, str]:
    alternative = {"Iptc4xmpCore:AltTextAccessibility": about.alt} if about.alt else {}
    return {"dc:description": about.request.prompt, **alternative, "atlas:settings": record}


def _with_block(packet: bytes | None, said: dict[str, str]) -> bytes | None:
    if packet is None:
        return _HEAD + _block(said, b"") + _FOOT
    before, end, after = packet.rpartition(_END)
    return before + _block(said, packet) + end + after if end else None


def _block(said: dict[str, str], foreign: bytes) -> bytes:
    properties = [(name, text) for name, text in said.items() if not _is_said(name, foreign)]
    used = {name.partition(":")[0] for name, _ in properties}
    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in _NAMESPACES.items() if prefix in used)
    inner = "".join(f"<{name}>{_value(name, text)}</{name}>" for name, text in properties)
    return _START + f"{names}>{inner}".encode() + _STOP


def _is_said(name: str, foreign: bytes) -> bool:
    prefix, _, local = name.partition(":")
    return prefix != "atlas" and f":{local}".encode() in foreign


def _value(name: str, text: str) -> str:
    said = escape(_NOT_XML.sub("\ufffd", text))
    if name in _IN_LANGUAGES:
        return f'<rdf:Alt><rdf:li xml:lang="x-default">{said}</rdf:li></rdf:Alt>'
    return said

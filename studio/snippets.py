"""The request of an image as a program to run elsewhere: Python with requests, or a shell with curl.

Both send exactly the body that was sent, wait until it has ended, and save the image. The key stays in the
environment variable ATLASCLOUD_API_KEY and is never part of the program, nor of a command line others can see.

A prompt may hold anything. In Python it is a literal by ``repr``. In the shell the body is one line of JSON in a
quoted here-document, which the shell passes on as it is. The shell needs curl, sed, tr, awk and grep, which every Unix
has (macOS has no python3 of its own, and hardly any machine has jq).
"""

import json
import shlex
from dataclasses import replace
from string import Template

from atlas.reading import Json
from studio.generations import Generation
from studio.references import addressed, hashes
from studio.store import UPLOADED


def python(generation: Generation, base_url: str) -> str:
    """A script for Python 3 with requests. Raises ValueError for an image that was not made by a request."""
    fields = "".join(f"    {name!r}: {value!r},\n" for name, value in _body(generation).items())
    return _PYTHON.substitute(base=repr(base_url.rstrip("/")), body=f"{{\n{fields}}}")


def curl(generation: Generation, base_url: str) -> str:
    """A script for any POSIX shell with curl. Raises ValueError for an image that was not made by a request."""
    text = json.dumps(_body(generation), ensure_ascii=False, allow_nan=False)
    body = text.encode("utf-8", "backslashreplace").decode()  # half a character becomes its escape in JSON
    return _CURL.substitute(base=shlex.quote(base_url.rstrip("/")), body=body)


def _body(generation: Generation) -> dict[str, Json]:
    if generation.model == UPLOADED:
        raise ValueError("This image was brought in from outside, so there is no request to copy.")
    # Pictures that only this studio has: whoever runs the program puts addresses of their own in.
    named = {sha256: f"https://example.com/reference-{n}.png" for n, sha256 in enumerate(_pictures(generation), 1)}
    request = replace(generation.request, parameters=addressed(generation.parameters, named))
    return request.body()


def _pictures(generation: Generation) -> list[str]:
    return list(dict.fromkeys(hashes(generation.parameters)))


_PYTHON = Template('''\
"""One image from Atlas Cloud. Run it with: ATLASCLOUD_API_KEY=… python3 image.py (needs: pip install requests)"""

import base64
import os
import sys
import time

import requests

API = $base + "/api/v1/model"
BODY = $body

session = requests.Session()
session.headers["Authorization"] = "Bearer " + os.environ["ATLASCLOUD_API_KEY"]


def reply_in(response):
    try:
        reply = response.json()
    except ValueError:
        reply = None
    return reply if isinstance(reply, dict) else {}


def job_in(response):
    data = reply_in(response).get("data")
    return data if isinstance(data, dict) and (data.get("id") or data.get("status")) else None


def refused(response):
    reply = reply_in(response)
    sys.exit(f"Atlas Cloud refused: HTTP {response.status_code} {reply.get('msg') or reply.get('message') or ''}")


# Sent once: sending it again would be charged again.
response = session.post(API + "/generateImage", json=BODY, timeout=180, allow_redirects=False)
job = job_in(response) or refused(response)
job_id = job["id"]
deadline = time.monotonic() + 600
while job.get("status") not in ("completed", "succeeded", "success"):
    if job.get("status") in ("failed", "timeout", "canceled", "cancelled", "error", "rejected"):
        sys.exit(f"The image was not made ({job['status']}): {job.get('error')}")
    if time.monotonic() > deadline:
        sys.exit(f"It is still not finished. Ask later for {API}/prediction/{job_id}")
    time.sleep(2)
    try:
        response = session.get(f"{API}/prediction/{job_id}", timeout=30)
    except requests.RequestException:
        continue  # asking again is free
    codes = {str(response.status_code), str(reply_in(response).get("code"))}
    if codes & {"401", "402", "403", "451"}:
        refused(response)
    job = job_in(response) or job

for number, output in enumerate(job.get("outputs") or sys.exit("It finished without an image."), 1):
    if output.startswith("http"):
        download = requests.get(output, timeout=120)  # without the key
        download.raise_for_status()
        content = download.content
    else:
        content = base64.b64decode(output.rpartition(",")[2])
    ending = "png" if content[:4] == b"\\x89PNG" else "webp" if content[8:12] == b"WEBP" else "jpg"
    name = f"image-{number}.{ending}"
    with open(name, "wb") as file:
        file.write(content)
    print(name)
''')

_CURL = Template(r"""#!/bin/sh
# One image from Atlas Cloud. Run it with: ATLASCLOUD_API_KEY=... sh image.sh (needs curl, sed, tr, awk, grep)
set -eu
export LC_ALL=C
: "$${ATLASCLOUD_API_KEY:?Set it to your key of Atlas Cloud, then run this again.}"
api=$base/api/v1/model
work=$$(mktemp -d)
trap 'rm -rf "$$work"' EXIT

cat >"$$work/body.json" <<'END_OF_BODY'
$body
END_OF_BODY

# The key goes to curl through a pipe, so that it is not in the list of processes.
ask() {
    printf 'header = "Authorization: Bearer %s"\n' "$$ATLASCLOUD_API_KEY" |
        curl -q -sS -K - --connect-timeout 10 -o "$$work/reply.json" -w '%{http_code}' "$$@"
}

# Texts come as JSON has them; of its escapes only those that addresses have are undone.
unescaped() {
    sed -e 's/\\u0026/\&/g' -e 's/\\u003[dD]/=/g' -e 's,\\/,/,g'
}

# Whether the reply has arrived to its end: outside of texts, what is opened is closed.
whole() {
    tr -d '\n\r' <"$$work/reply.json" | awk '
        { gsub(/"([^"\\]|\\.)*"/, "") }
        gsub(/[{]/, "") != gsub(/[}]/, "") || /"/ { exit 1 }'
}

# The first text with this name in the reply.
field() {
    tr -d '\n\r' <"$$work/reply.json" | awk -v start="\"$$1\"[ \t]*:[ \t]*\"" '
        match($$0, start "[^\"]*\"") {
            found = substr($$0, RSTART, RLENGTH - 1)
            sub(start, "", found)
            print found
        }' | unescaped
}

# The outputs in the reply, one per line.
outputs() {
    tr -d '\n\r' <"$$work/reply.json" | awk '
        match($$0, /"outputs"[ \t]*:[ \t]*\[/) {
            rest = substr($$0, RSTART + RLENGTH)
            while (match(rest, /^[ \t,]*"[^"]*"/)) {
                found = substr(rest, 1, RLENGTH - 1)
                sub(/^[ \t,]*"/, "", found)
                print found
                rest = substr(rest, RLENGTH + 1)
            }
        }' | unescaped
}

stop() {
    echo "$$1" >&2
    exit 1
}

# Sent once: sending it again would be charged again.
code=$$(ask --max-time 180 -H 'Content-Type: application/json' --data-binary "@$$work/body.json" "$$api/generateImage")
id=$$(field id)
[ -n "$$id" ] || stop "Atlas Cloud refused: HTTP $$code $$(cut -c 1-500 <"$$work/reply.json")"

tries=0
while :; do
    if whole; then
        case $$(field status) in
            completed | succeeded | success) break ;;
            failed | timeout | canceled | cancelled | error | rejected)
                stop "The image was not made ($$(field status)): $$(field error)" ;;
        esac
    fi
    tries=$$((tries + 1))
    [ "$$tries" -le 300 ] || stop "It is still not finished. Ask later for $$api/prediction/$$id"
    sleep 2
    code=$$(ask --max-time 30 "$$api/prediction/$$id") || continue # asking again is free
    if printf '"code": %s' "$$code" | cat - "$$work/reply.json" | grep -Eq '"code" *: *"?(401|402|403|451)'; then
        stop "Atlas Cloud refused: HTTP $$code $$(cut -c 1-500 <"$$work/reply.json")"
    fi
done

outputs >"$$work/outputs"
[ -s "$$work/outputs" ] || stop "It finished without an image."
number=0
while IFS= read -r output; do
    number=$$((number + 1))
    case $$output in
        http*) # without the key
            curl -q -sS -f -g -L --max-redirs 3 --proto '=http,https' --max-time 120 \
                -o "$$work/image" --url "$$output" </dev/null ;;
        *) printf '%s' "$${output##*,}" | base64 -d >"$$work/image" ;;
    esac
    case $$(dd if="$$work/image" bs=1 count=12 2>/dev/null | tr -cd 'A-Z') in
        *PNG*) name=image-$$number.png ;;
        *WEBP*) name=image-$$number.webp ;;
        *) name=image-$$number.jpg ;;
    esac
    mv "$$work/image" "$$name"
    echo "$$name"
done <"$$work/outputs"
""")

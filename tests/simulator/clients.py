"""What public clients of Atlas Cloud send and which fields they index, written anew from reading them.

Each is as strict as the real one: a field it indexes and does not find is a KeyError here too.
"""

import re
import time
from dataclasses import dataclass, field
from typing import Any

import requests

Json = dict[str, Any]

_UTM = {"utm_source": "github", "utm_medium": "readme", "utm_campaign": "comfyui"}


@dataclass(frozen=True, kw_only=True)
class Client:
    """The part all of them share; ``url`` is the host root."""

    url: str
    key: str = "apikey-client"
    wait: float = 5.0

    @property
    def base(self) -> str:
        return f"{self.url}/api/v1"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.key}", "Content-Type": "application/json"}

    def again(self, began: float) -> bool:
        """Whether there is time for another poll."""
        time.sleep(0.02)
        return time.monotonic() < began + self.wait


class FlatSample(Client):
    """The provider's first Python sample: flat body, stops on ``completed`` and ``failed``, indexes ``data``."""

    def image(self, model: str, prompt: str) -> str:
        body: Json = {"model": model, "prompt": prompt, "width": 512, "height": 512, "steps": 20, "guidance_scale": 7.5}
        reply = requests.post(f"{self.base}/model/generateImage", headers=self.headers, json=body, timeout=10)
        prediction_id = reply.json()["data"]["id"]
        began = time.monotonic()
        while True:
            result = requests.get(
                f"{self.base}/model/prediction/{prediction_id}", headers=self.headers, timeout=10
            ).json()
            if result["data"]["status"] == "completed":
                return str(result["data"]["outputs"][0])
            if result["data"]["status"] == "failed":
                raise RuntimeError(result["data"]["error"] or "Generation failed")
            assert self.again(began)


class NestedSample(Client):
    """The provider's second Python sample: body with ``input``, id and status at the top, ``succeeded`` too."""

    def image(self, model: str, prompt: str) -> Json:
        body: Json = {"model": model, "input": {"prompt": prompt}}
        submitted = requests.post(
            f"{self.base}/model/generateImage", headers=self.headers, json=body, timeout=10
        ).json()
        assert (submitted["status"], submitted["model"], bool(submitted["created_at"])) == ("processing", model, True)
        began = time.monotonic()
        while True:
            address = f"{self.base}/model/prediction/{submitted['id']}"
            data = requests.get(address, headers=self.headers, timeout=10).json()["data"]
            if data["status"] in ("completed", "succeeded"):
                return {"image": data["outputs"][0], "seconds": data["metrics"]["predict_time"], "error": data["error"]}
            if data["status"] == "failed":
                raise RuntimeError(data["error"])
            assert self.again(began)

    def upload(self, name: str, data: bytes) -> str:
        headers = {"Authorization": self.headers["Authorization"]}
        reply = requests.post(
            f"{self.base}/model/uploadMedia", headers=headers, files={"file": (name, data)}, timeout=10
        )
        told = reply.json()["data"]
        assert told["file_name"] == name
        assert told["content_type"]
        assert told["size"] == len(data)
        return str(told["download_url"])


class Mcp(Client):
    """The MCP server: only JSON content types, the catalogue and the schema first, then ``data.id``."""

    def asked(self, method: str, address: str, **options: Any) -> Any:
        headers = {**self.headers, "Accept": "application/json"}
        reply = requests.request(method, address, headers=headers, timeout=10, **options)
        if not reply.ok:
            body = reply.json()
            raise RuntimeError(body.get("msg") or body.get("message") or body.get("error"))
        return reply.json() if "application/json" in reply.headers["Content-Type"] else reply.text

    def find(self, model: str, kind: str) -> Json:
        rows = self.asked("GET", f"{self.base}/models")["data"]
        shown = [row for row in rows if row.get("display_console") is not False]
        found: Json = next(row for row in shown if row["model"].lower() == model.lower() and row["displayName"])
        assert found["type"] == kind
        return found

    def generate(self, model: str, parameters: Json) -> str:
        row = self.find(model, "Image")
        inputs = requests.get(row["schema"], timeout=10).json()["components"]["schemas"]["Input"]
        properties = inputs["properties"]
        filled = {
            name: properties[name]["default"] for name in inputs["required"] if "default" in properties[name]
        } | parameters
        filled.pop("model", None)
        for name in filled:
            if name not in properties:
                raise ValueError(f"{name} is not accepted")
        for name in inputs["required"]:
            if name not in filled and name != "model":
                raise ValueError(f"{name} is missing")
        submitted = self.asked("POST", f"{self.base}/model/generateImage", json={"model": row["model"], **filled})
        return str(submitted["data"]["id"])

    def prediction(self, prediction_id: str) -> Json:
        told = self.asked("GET", f"{self.base}/model/prediction/{prediction_id}")
        data: Json = told["data"]
        return data

    def history(self, **query: Any) -> Json:
        told = self.asked("GET", f"{self.base}/model/history", params=query)
        data: Json = told["data"]
        return data

    def balance(self) -> str:
        told = self.asked("GET", f"{self.url}/public/v1/balance")
        account = told["account"]["name"] or told["account"]["id"]
        return f"{account} ({told['account']['type']}): ${float(told['available']['value']):.2f}"

    def costs(self, start: str, end: str, group_by: list[str]) -> list[Json]:
        query = [("start_date", start), ("end_date", end), *(("group_by[]", name) for name in group_by)]
        told = self.asked("GET", f"{self.url}/public/v1/model-costs", params=query)
        return [row for bucket in told["data"] for row in bucket["results"]]

    def chat(self, model: str, text: str) -> tuple[str, int]:
        body = {"model": model, "messages": [{"role": "user", "content": text}]}
        told = self.asked("POST", f"{self.url}/v1/chat/completions", json=body)
        return told["choices"][0]["message"]["content"], told["usage"]["total_tokens"]


class ComfyUi(Client):
    """The ComfyUI client: utm parameters everywhere, a second path with a slash, fails on HTTP errors alone."""

    @property
    def headers(self) -> dict[str, str]:
        return {**super().headers, "X-Atlas-Client": "comfyui", "X-Atlas-Source": "github-readme"}

    def generate_image(self, payload: Json) -> str:
        address = f"{self.base}/model/generateImage"
        reply = requests.post(address, headers=self.headers, json=payload, params=_UTM, timeout=10)
        reply.raise_for_status()
        return str(reply.json()["data"]["id"])

    def poll(self, prediction_id: str, *, grace: float = 1.0) -> Json:
        began = time.monotonic()
        while True:
            told = self._look(prediction_id, in_grace=time.monotonic() < began + grace)
            status = (told.get("data") or {}).get("status")
            if status in ("completed", "succeeded"):
                return told
            if status == "failed":
                raise RuntimeError((told.get("data") or {}).get("error") or "Generation failed")
            if not self.again(began):
                raise TimeoutError

    def first(self, told: Json) -> str:
        """The address of the first output, be it text or an object."""
        output = told["data"]["outputs"][0]
        return str(output if isinstance(output, str) else output.get("url") or output.get("image") or output["output"])

    def _look(self, prediction_id: str, *, in_grace: bool) -> Json:
        for end in ("", "/"):
            address = f"{self.base}/model/prediction/{prediction_id}{end}"
            reply = requests.get(address, headers=self.headers, params=_UTM, timeout=10, allow_redirects=False)
            if reply.status_code in (400, 404) and in_grace:
                continue
            reply.raise_for_status()
            told: Json = reply.json()
            return told
        return {}


class N8n(Client):
    """The n8n node: rows by uuid, form fields from the schema in its order, the id wherever it is."""

    def rows(self) -> list[Json]:
        told = requests.get(f"{self.base}/models", timeout=10).json()
        assert str(told["code"]) == "200"
        return [row for row in told["data"] if row["uuid"].strip() and row["model"].strip()]

    def fields(self, row: Json) -> list[str]:
        inputs = requests.get(row["schema"], timeout=10).json()["components"]["schemas"]["Input"]
        return [name for name in inputs["x-order-properties"] if not inputs["properties"][name].get("hidden")]

    def submit(self, row: Json, **parameters: Any) -> str:
        headers = {**self.headers, "X-Atlas-Client": "n8n", "X-Atlas-Source": "n8n-community-node"}
        body = {"model": row["model"], **parameters}
        told = requests.post(f"{self.base}/model/generateImage", headers=headers, json=body, timeout=10).json()
        data = told.get("data") if isinstance(told.get("data"), dict) else {}
        identity = data.get("id") or told.get("id") or data.get("prediction_id") or data.get("predictionId")
        assert isinstance(identity, str)
        return identity

    def result(self, prediction_id: str) -> Json:
        began = time.monotonic()
        while True:
            address = f"{self.base}/model/prediction/{prediction_id}"
            data: Json = requests.get(address, headers=self.headers, timeout=10).json()["data"]
            if data["status"] in ("completed", "succeeded"):
                return data
            if data["status"] == "failed":
                raise RuntimeError(data["error"] if isinstance(data["error"], str) else "Generation failed")
            assert self.again(began)


class SaasStarter(Client):
    """The SaaS starter: a browser's name, numeric ``code``, polls ``urls.get``, uploads what was inlined."""

    @property
    def headers(self) -> dict[str, str]:
        return {**super().headers, "User-Agent": "Mozilla/5.0 (Macintosh) AppleWebKit/537.36 Chrome/120.0.0.0"}

    def submit(self, payload: Json) -> str:
        told = requests.post(f"{self.base}/model/generateImage", headers=self.headers, json=payload, timeout=10).json()
        if int(told["code"]) != 200:
            raise RuntimeError(str(told))
        return str(told["data"]["urls"]["get"])

    def poll(self, address: str) -> tuple[str, list[str]]:
        began = time.monotonic()
        while True:
            reply = requests.get(address, headers=self.headers, timeout=10)
            assert reply.ok
            data = reply.json()["data"]
            status = str(data["status"]).lower()
            if status not in ("created", "pending", "processing"):
                return status, data["outputs"]
            assert self.again(began)

    def upload(self, data: bytes, name: str) -> str:
        headers = {name: value for name, value in self.headers.items() if name != "Content-Type"}
        reply = requests.post(
            f"{self.base}/model/uploadMedia", headers=headers, files={"file": (name, data)}, timeout=10
        )
        told = reply.json()
        return str(told["data"].get("download_url") or told["data"]["url"])

    def chat(self, model: str, messages: list[Json]) -> str:
        body: Json = {"model": model, "messages": messages, "temperature": 0.7, "max_tokens": 900, "stream": False}
        told = requests.post(f"{self.url}/v1/chat/completions", headers=self.headers, json=body, timeout=10).json()
        content = told["choices"][0]["message"]["content"]
        if not content.strip():
            raise RuntimeError("empty content")
        return str(content.strip())


@dataclass(frozen=True, kw_only=True)
class OpenMontage(Client):
    """OpenMontage: ``code`` 200 in every envelope, any of four names for the id, output addresses wherever they are."""

    names: tuple[str, ...] = field(default=("id", "prediction_id", "request_id", "task_id"))

    def image(self, payload: Json) -> bytes:
        submitted = self._data(
            requests.post(f"{self.base}/model/generateImage", headers=self.headers, json=payload, timeout=10)
        )
        identity = next(submitted[name] for name in self.names if submitted.get(name))
        began = time.monotonic()
        while True:
            data = self._data(
                requests.get(f"{self.base}/model/prediction/{identity}", headers=self.headers, timeout=10)
            )
            status = str(data["status"]).lower()
            if status in ("completed", "succeeded", "success"):
                reply = requests.get(re.findall(r"https?://[^'\"]+/files/[^'\"]+", str(data["outputs"]))[0], timeout=10)
                reply.raise_for_status()
                return reply.content
            if status in ("failed", "error", "canceled", "cancelled", "timeout"):
                raise RuntimeError(data["error"])
            assert self.again(began)

    def _data(self, reply: requests.Response) -> Json:
        reply.raise_for_status()
        told = reply.json()
        if told["code"] != 200:
            raise RuntimeError(told.get("msg") or told.get("message"))
        data: Json = told["data"]
        return data

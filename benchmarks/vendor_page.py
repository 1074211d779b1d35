"""The loop of the vendor's own page, to be compared with: a submit, a question every few seconds, then the image."""

import os
import time

import requests
import streamlit as st

_MODEL_API = os.environ["ATLASCLOUD_BASE_URL"] + "/api/v1/model"
_HEADERS = {"Authorization": f"Bearer {os.environ['ATLASCLOUD_API_KEY']}"}
_EVERY_S = float(os.environ["VENDOR_POLL_S"])

prompt = st.text_input("Prompt")
if st.button("Generate"):
    order = {"model": os.environ["VENDOR_MODEL"], "prompt": prompt, "size": os.environ["VENDOR_SIZE"]}
    reply = requests.post(f"{_MODEL_API}/generateImage", json=order, headers=_HEADERS, timeout=60)
    job = reply.json()["data"]
    with st.spinner("Generating"):
        while job["status"] not in {"completed", "succeeded", "failed"}:
            time.sleep(_EVERY_S)
            reply = requests.get(f"{_MODEL_API}/prediction/{job['id']}", headers=_HEADERS, timeout=60)
            job = reply.json()["data"]
    st.image(job["outputs"][0])

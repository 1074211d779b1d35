"""Everything ever made: found again, looked at, rated, filed, reused, counted and kept safe."""

import streamlit as st

from atlas.language import tr
from ui import detail, finding, keeping, ledger, services, session, shelves

st.title(tr("History"), anchor=False)

view = finding.view()
keeping.errands()
search = session.search()
opened = session.opened_image()

if opened:
    detail.show(opened, search)
elif view == session.NUMBERS:
    ledger.show()
elif view == session.BACKUP:
    keeping.page()
else:
    counts = services.library().counts(search)
    by_prompt = view == session.PROMPTS
    density = finding.bar(search, counts, ordered=not by_prompt)
    if by_prompt:
        shelves.prompts(search, density)
    else:
        shelves.images(search, counts.total, density)

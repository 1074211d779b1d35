"""What was made, what it cost, how often it worked and how long it took: charts, and the same as a table."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import streamlit as st

from atlas.language import later, tr
from studio.generations import SIMULATOR
from studio.numbers import Line
from ui import models, services

if TYPE_CHECKING:
    import pandas as pd  # imported where it is used: the other parts of History need not wait for it

_MANY_DAYS = 120
_FORMS = {
    later("Images"): ",d",
    later("Cost (USD)"): "$,.2f",
    later("Success rate"): ".0%",
    later("Median seconds"): ".1f",
    later("p95 seconds"): ".1f",
}


def show() -> None:
    """All that was ever asked for, the bin included, because it was paid for."""
    lines = services.ledger().by_model()
    if not lines:
        st.info(tr("Nothing has been made yet. The numbers begin with the first image."))
        return
    _totals(lines)
    measure = st.segmented_control(
        tr("Over time"), list(_FORMS), default="Images", format_func=tr, required=True, key="measure"
    )
    _over_time(measure or "Images")
    st.dataframe(_table(lines), hide_index=True, width="stretch", column_config=_columns())
    st.caption(
        tr(
            "Everything that was ever asked for, also what is in the bin or erased. Success is completed out of "
            "completed and failed. Seconds run from sent to stored. A price that the provider did not tell is counted "
            "as unpriced, never as zero. Days are those of your time zone."
        )
    )


def _totals(lines: Sequence[Line]) -> None:
    real = [line for line in lines if line.provider != SIMULATOR]
    ended = sum(line.completed + line.failed for line in lines)
    with st.container(horizontal=True, gap="large"):
        st.metric(tr("Images"), f"{sum(line.images for line in lines):,}")
        st.metric(
            tr("Spent"),
            f"${sum((line.spent for line in real), Decimal(0)):,.2f}",
            help=tr("Simulated images cost nothing."),
        )
        st.metric(
            tr("Success rate"),
            f"{sum(line.completed for line in lines) / ended:.0%}" if ended else tr("none ended yet"),
        )
        st.metric(
            tr("Unpriced"), f"{sum(line.unpriced for line in real):,}", help=tr("Completed, and nobody told the price.")
        )


def _over_time(measure: str) -> None:
    """One line of marks per model, by day, or by week where there are more than four months."""
    import altair as alt
    import pandas as pd

    ledger = services.ledger()
    weekly = ledger.days() > _MANY_DAYS
    lines = ledger.by_day(zone=st.context.timezone or "UTC", weekly=weekly)
    points = pd.DataFrame([{**_row(line), "Day": line.day} for line in lines])
    points["Day"] = pd.to_datetime(points["Day"])
    chart = alt.Chart(points)
    mark = chart.mark_bar() if measure in {"Images", "Cost (USD)"} else chart.mark_line(point=True)
    encoded = mark.encode(
        x=alt.X("Day:T", title=tr("Week from") if weekly else tr("Day")),
        y=alt.Y(f"{measure}:Q", title=tr(measure), axis=alt.Axis(format=_FORMS[measure])),
        color=alt.Color("Model:N", legend=alt.Legend(orient="bottom", title=None, columns=2, labelLimit=320)),
        tooltip=["Day:T", "Model:N", alt.Tooltip(f"{measure}:Q", format=_FORMS[measure])],
    )
    st.altair_chart(
        encoded,
        width="stretch",
        height=280,
        alt=tr("{measure} over time, per model; the table below has the sums.").format(measure=measure),
    )


def _table(lines: Sequence[Line]) -> "pd.DataFrame":
    import pandas as pd

    return pd.DataFrame([_row(line) for line in lines])


def _row(line: Line) -> dict[str, object]:
    simulated = line.provider == SIMULATOR
    name = models.name_of(line.model)
    other = "" if line.provider in {services.engine().provider, SIMULATOR} else f" ({line.provider})"
    return {
        "Model": tr("{name} (simulated)").format(name=name) if simulated else f"{name}{other}",
        "Images": line.images,
        "Cost (USD)": 0.0 if simulated else float(line.spent),
        "Unpriced": line.unpriced,
        "Completed": line.completed,
        "Failed": line.failed,
        "Open": line.open,
        "Success rate": line.success,
        "Median seconds": line.median,
        "p95 seconds": line.p95,
    }


def _columns() -> dict[str, Any]:
    number = st.column_config.NumberColumn
    return {
        "Model": tr("Model"),
        "Images": tr("Images"),
        "Cost (USD)": number(tr("Cost (USD)"), format="$%.3f"),
        "Unpriced": tr("Unpriced"),
        "Completed": tr("Completed"),
        "Failed": tr("Failed"),
        "Open": number(tr("Open"), help=tr("Under way, unknown, or in need of another look.")),
        "Success rate": number(tr("Success rate"), format="percent"),
        "Median seconds": number(tr("Median seconds"), format="%.1f"),
        "p95 seconds": number(tr("p95 seconds"), format="%.1f"),
    }

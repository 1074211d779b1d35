"""Atlas Cloud seen from Python: submit a request for an image, follow it, fetch the bytes.

Nothing in here knows Streamlit or a database.
"""

from atlas.client import AtlasClient, Key
from atlas.models import ImageRequest, Prediction, Status

__all__ = ["AtlasClient", "ImageRequest", "Key", "Prediction", "Status"]

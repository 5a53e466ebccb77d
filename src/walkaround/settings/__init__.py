"""Settings: walkaround.yaml, read strictly once and never doubted again.

>>> settings = load(Path("walkaround.yaml"), os.environ)   # doctest: +SKIP
>>> settings.sources["crm.customers"].key                  # doctest: +SKIP
('customer_id',)
"""

from __future__ import annotations

from walkaround.settings.load import Unasked, load
from walkaround.settings.settings import Settings

__all__ = ["Settings", "Unasked", "load"]

"""`python -m walkaround`."""

from __future__ import annotations

from walkaround.cli import main

if __name__ == "__main__":
    main()

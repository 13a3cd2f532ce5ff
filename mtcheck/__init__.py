"""Turn a machine-translated article into publishable English, safely."""

__version__ = "0.1.0"

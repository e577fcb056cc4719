"""Clients that nobody here wrote, against a whole venue; the fixtures are those of the integration suites."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Integration"))

from importlib.util import module_from_spec, spec_from_file_location  # noqa: E402

_spec = spec_from_file_location("integration_conftest", Path(__file__).resolve().parents[1] / "Integration/conftest.py")
_module = module_from_spec(_spec)
_spec.loader.exec_module(_module)
pytest_collection_modifyitems = _module.pytest_collection_modifyitems
venue = _module.venue

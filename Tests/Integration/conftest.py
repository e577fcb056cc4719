"""The integration suites start whole venues from the built executables, on the stores that scripts/test hands over."""

import os
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "scripts" / "lib"), str(REPOSITORY / "Tests" / "Integration")]

from venue_under_test import NEEDED, Deployment, StoresOfOurOwn  # noqa: E402


def pytest_collection_modifyitems(items):
    missing = [name for name in NEEDED if not os.environ.get(name)]
    if missing:
        for item in items:
            item.add_marker(pytest.mark.skip(reason=f"{', '.join(missing)} not set: scripts/test sets them"))


@pytest.fixture(scope="module")
def venue(tmp_path_factory):
    """A venue of one partition, shared by the tests of a file."""
    deployment = Deployment(tmp_path_factory.mktemp("venue"))
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.stop()


@pytest.fixture
def make_venue(tmp_path):
    """Starts venues that end with the test."""
    started = []

    def make(**options):
        deployment = Deployment(tmp_path / f"venue-{len(started)}", **options)
        started.append(deployment)
        deployment.start()
        return deployment

    yield make
    for deployment in started:
        deployment.stop()


@pytest.fixture
def own_stores(tmp_path):
    """Kafka, PostgreSQL and Redis that a test may stop, kill and flush."""
    stores = StoresOfOurOwn(tmp_path / "stores")
    try:
        stores.start()
        yield stores
    finally:
        stores.stop()

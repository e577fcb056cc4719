"""A venue whose Kafka, PostgreSQL and Redis are reached over TLS only, as managed services are."""

import json

import pytest
import redis

from client import Rest
from secure_stores import Authority, SecureStores
from venue.stores import kafka_home
from venue_under_test import Deployment, eventually

ORDER = {"symbol": "BTCUSDT", "type": "LIMIT", "timeInForce": "GTC", "quantity": "0.01", "price": "50000.00"}


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    if kafka_home() is None:
        pytest.skip("KAFKA_HOME not set: local-broker has no TLS")
    secure = SecureStores(tmp_path_factory.mktemp("secure"))
    try:
        secure.start()
        yield secure
    finally:
        secure.stop()


@pytest.fixture(scope="module")
def venue(stores, tmp_path_factory):
    deployment = Deployment(tmp_path_factory.mktemp("venue"), stores=stores)
    try:
        deployment.start()
        yield deployment
    finally:
        deployment.stop()


@pytest.fixture(scope="module")
def stranger(tmp_path_factory):
    """An authority that has signed nothing that is used here."""
    return Authority(tmp_path_factory.mktemp("stranger") / "authority")


def reasons(log: str) -> list[str]:
    """What the entries of a service's log say, with their errors."""
    entries = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    return [" ".join(str(value) for value in entry.values()) for entry in entries]


def test_the_venue_trades_over_tls(venue, stores):
    maker, taker = (Rest(venue.port, key) for key in venue.accounts)
    maker.post("order", side="SELL", **ORDER)
    assert taker.post("order", side="BUY", **ORDER)["status"] == "FILLED"
    venue.await_verified()
    sessions = venue.query(
        "SELECT a.application_name, s.ssl FROM pg_stat_activity a JOIN pg_stat_ssl s USING (pid) "
        "WHERE a.datname = current_database()")
    assert all(ssl for _, ssl in sessions)
    wanted = {"gateway", "order-service", "ledger-service", "market-data-broadcaster"}
    eventually(lambda: wanted <= {name.split()[0] for (name,) in venue.query(
        "SELECT application_name FROM pg_stat_activity WHERE datname = current_database()") if name},
        20, "every service's sessions")
    clients = redis.Redis(port=stores.stores.redis.port).client_list()
    assert sum(client["laddr"].endswith(f":{stores.redis_port}") for client in clients) >= 2
    eventually(lambda: redis.Redis(port=stores.stores.redis.port, db=venue.number % 16).keys("*book:BTCUSDT"),
               what="the book in Redis")


@pytest.mark.parametrize(("command", "name"), [("migrate", "DATABASE_URL"), ("topics", "KAFKA_SSL_CA_LOCATION")])
def test_a_server_of_another_authority_is_refused_in_one_line(venue, stores, stranger, command, name):
    wrong = stores.trusting(stranger.certificates)[name]
    done = venue.run(venue.named("gateway"), command, {name: wrong})
    assert done.returncode not in (0, 70)
    said = reasons(done.stderr)[-1]
    assert "certificate verify failed" in said and len(done.stderr.splitlines()) == 1, done.stderr


def test_a_server_without_the_right_name_is_refused(venue, stores):
    url = venue.environment["DATABASE_URL"]
    assert "@localhost:" in url and "?" in url
    # The address is the server's; only the name is not in its certificate.
    wrong = url.replace("@localhost:", "@elsewhere.example:") + "&hostaddr=127.0.0.1"
    done = venue.run(venue.named("gateway"), "migrate", {"DATABASE_URL": wrong})
    assert done.returncode not in (0, 70)
    assert 'does not match host name "elsewhere.example"' in reasons(done.stderr)[-1], done.stderr


def test_a_redis_of_another_authority_is_not_used_and_is_named(venue, stores, stranger):
    wrong = stores.trusting(stranger.certificates)["REDIS_URL"]
    with venue.another_gateway(slot=1, settings={"REDIS_URL": wrong}) as gateway:
        # Redis costs speed only: the gateway serves without it, and says why.
        assert Rest(gateway.port, venue.accounts[0]).balances()["BTC"]
        eventually(lambda: any("certificate verify failed" in line for line in reasons(gateway.process.log.read_text())),
                   what="the log to name the certificate")



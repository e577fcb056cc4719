"""What operators are told by their API, for real parts behind it."""

import time

import pytest

from client import Rest
from venue.operator_api import OperatorError
from venue_under_test import eventually


@pytest.fixture(scope="module")
def key(venue):
    return venue.make_account("operated", {})


def refusal(call, *arguments) -> OperatorError:
    with pytest.raises(OperatorError) as refused:
        call(*arguments)
    return refused.value


@pytest.mark.parametrize("address", ["anywhere", "127.0.0.0/8", " 127.0.0.1", "1.2.3.4.5", ""])
def test_a_key_is_not_bound_to_what_is_no_address(venue, key, address):
    before = venue.api.list(f"/accounts/{key['id']}/keys")
    refused = refusal(venue.api.post, f"/accounts/{key['id']}/keys", {
        "label": "bound", "ipAllowList": ["127.0.0.1", address], "reason": "test"})
    assert (refused.code, refused.field) == ("INVALID_FIELD", "ipAllowList")
    assert venue.api.list(f"/accounts/{key['id']}/keys") == before


def test_a_reference_is_taken_once_and_answers_the_first_deposit(venue, key):
    deposit = {"account": key["id"], "asset": "USDT", "amount": "12.5", "reference": f"once-{time.time_ns()}",
               "network": "one", "reason": "test"}
    first = venue.api.post("/deposits", deposit)
    assert not first["repeated"]
    # Whatever else a repetition says: it changes nothing, and it is told what there is.
    for change in ({}, {"amount": "99"}, {"asset": "BTC", "network": "two"}):
        assert venue.api.post("/deposits", {**deposit, **change}) == {**first, "repeated": True}
    balances = Rest(venue.port, key).balances()
    assert (balances["USDT"], balances["BTC"]) == (("12.50000000", "0.00000000"), ("0.00000000", "0.00000000"))
    # The list follows with the ledger's next save.
    listed = eventually(lambda: venue.api.list(f"/deposits?account={key['id']}"), what="the deposit in the list")
    assert [(entry["asset"], entry["amount"], entry["reference"]) for entry in listed] == [
        ("USDT", "12.50000000", deposit["reference"])]


def test_a_withdrawal_ends_once(venue):
    key = venue.make_account("leaving", {"USDT": "100"})
    rest = Rest(venue.port, key)
    request = {"account": key["id"], "asset": "USDT", "amount": "40", "reason": "test"}
    for name, ending, other, left in (("a", "settle", "release", "60"), ("b", "release", "settle", "60")):
        held = venue.api.post("/withdrawals", {**request, "withdrawOrderId": f"{name}-{time.time_ns()}"})
        assert held["status"] == "HELD" and rest.balances()["USDT"][1] == "40.00000000"
        end = {"account": key["id"], "reason": "test"}
        for repeated in (False, True):
            ended = venue.api.post(f"/withdrawals/{held['id']}/{ending}", end)
            assert (ended["id"], ended["repeated"]) == (held["id"], repeated)
        assert refusal(venue.api.post, f"/withdrawals/{held['id']}/{other}", end).code == "REFUSED"
        assert rest.balances()["USDT"] == (f"{left}.00000000", "0.00000000")


def test_what_is_no_number_or_no_document_says_so(venue):
    asset = {"code": "ODD", "reason": "test"}
    assert refusal(venue.api.post, "/assets", {**asset, "decimals": -1}).code == "INVALID_FIELD"
    assert refusal(venue.api.post, "/assets", {**asset, "decimals": 1.5}).code == "INVALID_FIELD"
    assert refusal(venue.api.post, "/assets", {**asset, "decimals": "8"}).code == "INVALID_FIELD"
    assert not [entry for entry in venue.api.list("/assets") if entry["code"] == "ODD"]

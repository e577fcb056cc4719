"""Starts the conformance server once for all tests.

WEB_CONFORMANCE_SERVER names its executable; without it the tests are skipped.
"""

import os
import signal
import subprocess

import pytest


def start(*arguments):
    executable = os.environ.get("WEB_CONFORMANCE_SERVER")
    if not executable:
        pytest.skip("WEB_CONFORMANCE_SERVER is not set")
    process = subprocess.Popen([executable, *arguments], stdout=subprocess.PIPE, text=True)
    word, port = process.stdout.readline().split()
    assert word == "port"
    return process, int(port)


def stop(process):
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0


@pytest.fixture(scope="session")
def port():
    process, port = start()
    yield port
    stop(process)


@pytest.fixture(scope="session")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
         "-keyout", str(key), "-out", str(certificate)],
        check=True, stderr=subprocess.DEVNULL)
    return str(certificate), str(key)


@pytest.fixture(scope="session")
def tls_port(certificate):
    process, port = start(*certificate)
    yield port
    stop(process)

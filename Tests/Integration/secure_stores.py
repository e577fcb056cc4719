"""Kafka, PostgreSQL and Redis with TLS, under an authority of their own."""

import os
import shutil
import subprocess
from pathlib import Path

from venue.deployment import StoresOfOurOwn
from venue.processes import free_ports
from venue.stores import Kafka, PostgreSQL, Redis


def openssl(*arguments, folder: Path) -> None:
    done = subprocess.run(["openssl", *map(str, arguments)], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]


class Authority:
    """An authority and the certificate of `localhost` that it has signed."""

    def __init__(self, folder: Path):
        folder.mkdir(parents=True)
        self.certificates, self.key, self.certificate = (folder / name for name in ("ca.pem", "server.key", "server.pem"))
        openssl("req", "-x509", *KEY, "-subj", "/CN=authority", "-days", 2, "-keyout", "ca.key", "-out", "ca.pem",
                folder=folder)
        openssl("req", *KEY, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr", folder=folder)
        (folder / "names").write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", 2,
                "-extfile", "names", "-out", "server.pem", folder=folder)
        # Kafka wants both in one file.
        self.both = folder / "both.pem"
        self.both.write_text(self.key.read_text() + self.certificate.read_text())


class SecureKafka(Kafka):
    """Clients come over TLS on a listener of its own; the plain one stays for the check that the broker is up."""

    def secure(self, authority: Authority, port: int) -> None:
        self.authority, self.secure_port = authority, port

    def _configure(self, index: int) -> Path:
        properties = super()._configure(index)
        text = properties.read_text()
        text = text.replace("listeners=PLAINTEXT:", f"listeners=SSL://127.0.0.1:{self.secure_port},PLAINTEXT:", 1)
        text = text.replace("advertised.listeners=", f"advertised.listeners=SSL://localhost:{self.secure_port},", 1)
        properties.write_text(text + f"""\
listener.security.protocol.map=SSL:SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
ssl.keystore.type=PEM
ssl.keystore.location={self.authority.both}
""")
        return properties


class SecurePostgreSQL(PostgreSQL):
    """Over TCP only with TLS."""

    def secure(self, authority: Authority) -> None:
        for name, source in (("server.crt", authority.certificate), ("server.key", authority.key)):
            target = self.data / name
            shutil.copy(source, target)
            target.chmod(0o600)
            if self.user is not None:
                shutil.chown(target, self.user, self.user)
        self.query("ALTER SYSTEM SET ssl = on", "postgres")
        rules = self.data / "pg_hba.conf"
        rules.write_text(rules.read_text().replace("\nhost ", "\nhostssl "))
        self.query("SELECT pg_reload_conf()", "postgres")


class SecureRedis(Redis):
    def secure(self, authority: Authority, port: int) -> None:
        self.authority, self.secure_port = authority, port

    def begin(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.process.start([
            "redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
            "--dir", str(self.folder), "--tls-port", str(self.secure_port), "--tls-cert-file",
            str(self.authority.certificate), "--tls-key-file", str(self.authority.key), "--tls-auth-clients", "no"])


class SecureStores(StoresOfOurOwn):
    """Every address in `environment()` is one with TLS, verified in full."""

    def __init__(self, folder: Path):
        super().__init__(folder / "stores", broker="kafka")
        self.authority = Authority(folder / "authority")
        stores = self.stores
        # The ports behind those of the plain listeners.
        secure = [port for port in free_ports(8) if port not in {
            stores.kafka.port, stores.kafka.port + 1, stores.postgres.port, stores.redis.port}]
        self.kafka_port, self.redis_port = secure[:2]
        stores.kafka = SecureKafka(stores.folder, stores.kafka.home, stores.kafka.port, 1)
        stores.kafka.secure(self.authority, self.kafka_port)
        stores.postgres = SecurePostgreSQL(stores.folder, stores.postgres.port)
        stores.redis = SecureRedis(stores.folder, stores.redis.port)
        stores.redis.secure(self.authority, self.redis_port)

    def start(self) -> None:
        super().start()
        self.stores.postgres.secure(self.authority)

    def environment(self) -> dict[str, str]:
        return self.trusting(self.authority.certificates)

    def trusting(self, certificates: Path) -> dict[str, str]:
        """The addresses for who trusts the authorities of a file."""
        database = self.stores.postgres.url.replace("@127.0.0.1:", "@localhost:")
        return {
            "KAFKA_BOOTSTRAP_SERVERS": f"localhost:{self.kafka_port}", "KAFKA_SECURITY_PROTOCOL": "SSL",
            "KAFKA_SSL_CA_LOCATION": str(certificates),
            "DATABASE_URL": f"{database}?sslmode=verify-full&sslrootcert={certificates}",
            "REDIS_URL": f"rediss://localhost:{self.redis_port}?ssl_ca_certs={certificates}"}

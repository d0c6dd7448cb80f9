"""Certificates for `--lan`: a local authority made once, and a server certificate for this machine's addresses.

The authority's key never leaves the data folder. Phones trust it by installing `tls/authority.pem` once.
Uses the `cryptography` library only; invents nothing.
"""

import contextlib
import ipaddress
import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from firebreak.kernel import clock

AUTHORITY_DAYS, SERVER_DAYS, RENEW_DAYS = 3650, 90, 14


@dataclass(frozen=True, slots=True)
class Certificates:
    """Files for the server, and what a person compares before trusting the authority."""

    authority: Path
    certificate: Path
    key: Path
    fingerprint: str


def lan_addresses() -> list[str]:
    """This machine's own IPv4 addresses, without loopback. Sends nothing."""
    found = set()
    with contextlib.suppress(OSError):
        found |= {str(entry[4][0]) for entry in socket.getaddrinfo(socket.gethostname(), None, socket.AF_INET)}
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        # Choosing a route for a datagram names our address on it; nothing is sent.
        probe.connect(("10.255.255.255", 1))
        found.add(probe.getsockname()[0])
    return sorted(address for address in found if not address.startswith("127."))


def certificates_for(folder: Path, names: list[str]) -> Certificates:
    """The certificates in `folder`, made or renewed when missing, near their end, or for other addresses."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    authority, authority_key = _authority(folder)
    certificate, key = folder / "server.pem", folder / "server.key"
    if not _still_good(certificate, names, authority):
        _issue(certificate, key, names, authority, authority_key)
    printed = authority.fingerprint(hashes.SHA256()).hex(":").upper()
    return Certificates(folder / "authority.pem", certificate, key, printed)


def _authority(folder: Path) -> tuple[x509.Certificate, ec.EllipticCurvePrivateKey]:
    pem, key_file = folder / "authority.pem", folder / "authority.key"
    if pem.exists() and key_file.exists():
        loaded = serialization.load_pem_private_key(key_file.read_bytes(), None)
        assert isinstance(loaded, ec.EllipticCurvePrivateKey)
        return x509.load_pem_x509_certificate(pem.read_bytes()), loaded
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, f"Firebreak local authority {socket.gethostname()}"[:60])]
    )
    certificate = (
        _builder(name, name, key.public_key(), AUTHORITY_DAYS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_key_usage(signs_certificates=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_file, key)
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return certificate, key


def _issue(
    certificate: Path, key_file: Path, names: list[str], authority: x509.Certificate, by: ec.EllipticCurvePrivateKey
) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:60])])
    made = (
        _builder(subject, authority.subject, key.public_key(), SERVER_DAYS)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_key_usage(signs_certificates=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(by, hashes.SHA256())
    )
    _write_key(key_file, key)
    certificate.write_bytes(b"".join(one.public_bytes(serialization.Encoding.PEM) for one in (made, authority)))


def _builder(
    subject: x509.Name, issuer: x509.Name, public: ec.EllipticCurvePublicKey, days: int
) -> x509.CertificateBuilder:
    now = clock.real_now()
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=days))
    )


def _key_usage(*, signs_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_certificates,
        key_cert_sign=signs_certificates,
        crl_sign=signs_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )


def _still_good(certificate: Path, names: list[str], authority: x509.Certificate) -> bool:
    if not certificate.exists():
        return False
    held = x509.load_pem_x509_certificate(certificate.read_bytes())
    listed = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    fresh = held.not_valid_after_utc - clock.real_now() > timedelta(days=RENEW_DAYS)
    wanted = [_general_name(name) for name in names]
    return fresh and held.issuer == authority.subject and all(name in listed for name in wanted)


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    """PKCS#8, readable by this account alone from its first byte on."""
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.unlink(missing_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(secret)

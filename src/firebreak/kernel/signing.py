"""Signatures that anybody can check without the keys: what is printed by us is told from what is not.

ECDSA over P-256 with SHA-256, which every browser checks without a library; the private key is derived from the keys of
the data folder, so a backup of the keys is a backup of it.
"""

import base64
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from firebreak.kernel.vault import Vault

HALF = 32
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class Signer:
    """Signs for one purpose with the keys of a vault."""

    def __init__(self, vault: Vault, purpose: str) -> None:
        self._vault, self._purpose = vault, purpose

    @cached_property
    def _key(self) -> ec.EllipticCurvePrivateKey:
        drawn = HKDF(hashes.SHA256(), 48, salt=None, info=f"firebreak {self._purpose}".encode()).derive(
            self._vault.key("capture")
        )
        return ec.derive_private_key(int.from_bytes(drawn) % (_ORDER - 1) + 1, ec.SECP256R1())

    def sign(self, content: bytes) -> bytes:
        """64 bytes, r ‖ s, as browsers read them."""
        # The same content is signed alike each time (RFC 6979), so a card printed twice is the same card.
        made = self._key.sign(content, ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
        r, s = decode_dss_signature(made)
        return r.to_bytes(HALF) + s.to_bytes(HALF)

    def made(self, content: bytes, signature: bytes) -> bool:
        """Whether the signature of the content is ours."""
        if len(signature) != 2 * HALF:
            return False
        r, s = int.from_bytes(signature[:HALF]), int.from_bytes(signature[HALF:])
        try:
            self._key.public_key().verify(encode_dss_signature(r, s), content, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            return False
        return True

    def public_key(self) -> dict[str, str]:
        """The public key as a JSON Web Key."""
        numbers = self._key.public_key().public_numbers()
        return {"kty": "EC", "crv": "P-256", "x": text_of(numbers.x.to_bytes(HALF)), "y": text_of(numbers.y.to_bytes(HALF))}


def new_key() -> tuple[str, str]:
    """A key pair for somebody else: what they keep secret, and what they give to us (both base64url)."""
    key = ec.generate_private_key(ec.SECP256R1())
    point = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return text_of(key.private_numbers().private_value.to_bytes(HALF)), text_of(point)


def sign_with(secret: str, content: bytes) -> str:
    """Somebody's signature of a file, base64url. Errors: `ValueError` for what is no key."""
    key = ec.derive_private_key(int.from_bytes(bytes_of(secret)), ec.SECP256R1())
    return text_of(key.sign(content, ec.ECDSA(hashes.SHA256())))


def is_key(public: str) -> bool:
    """Whether a text is somebody's public key."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(public))
    except ValueError:
        return False
    return True


def made_by(public: str, content: bytes, signature: str) -> bool:
    """Whether a file was signed with the key that belongs to a public one; False for what is no key or signature."""
    try:
        key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), bytes_of(public))
        key.verify(bytes_of(signature.strip()), content, ec.ECDSA(hashes.SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def text_of(content: bytes) -> str:
    """Bytes as base64url without padding."""
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def bytes_of(text: str) -> bytes:
    """Base64url without padding as bytes. Errors: `ValueError`."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)

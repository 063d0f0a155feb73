"""The site's signature over a handshake, by the scheme's number (RFC 8446 section 4.2.3; RFC 5246 section 7.4.1.4.1)."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa

_HASHES = {2: hashes.SHA1(), 4: hashes.SHA256(), 5: hashes.SHA384(), 6: hashes.SHA512()}  # noqa: S303 - what the site used, not what we choose


def good(certificate: bytes, scheme: int, signature: bytes, data: bytes) -> bool:
    """Did the key of this certificate (DER) sign the data?"""
    try:
        _check(x509.load_der_x509_certificate(certificate), scheme, signature, data)
    except (InvalidSignature, UnsupportedAlgorithm, ValueError, KeyError):
        return False
    return True


def _check(certificate: x509.Certificate, scheme: int, signature: bytes, data: bytes) -> None:
    key, high, low = certificate.public_key(), scheme >> 8, scheme & 255
    if isinstance(key, ed25519.Ed25519PublicKey):
        key.verify(signature, data)
    elif isinstance(key, rsa.RSAPublicKey) and high == 8:
        digest = _HASHES[low if low < 9 else low - 5]  # 9 to 11 are for keys that are for PSS alone
        key.verify(signature, data, padding.PSS(padding.MGF1(digest), digest.digest_size), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, data, ec.ECDSA(_HASHES[high]))
    elif isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, data, padding.PKCS1v15(), _HASHES[high])
    else:
        raise InvalidSignature

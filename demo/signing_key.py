"""The demo's own key pair: it signs access tokens as an identity provider would.

The key lies in the state folder beside the JWKS file with its public half, so that tokens survive
a restart. With `EXPLORE_JWKS` given, the demo makes no keys.
"""

from pathlib import Path
from typing import Final

import msgspec
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from jwt.algorithms import RSAAlgorithm

from demo.private_files import write_privately
from server.token_signing import ALGORITHM, KEY_ID, read_key

KEY_FILE: Final = "signing-key.pem"
JWKS_FILE: Final = "jwks.json"
KEY_BITS: Final = 2048


def ensure_key(state: Path) -> tuple[Path, Path]:
    """The paths of the private key and of the JWKS file; made if they are not there."""
    key_file, jwks_file = state / KEY_FILE, state / JWKS_FILE
    if not key_file.exists():
        key = rsa.generate_private_key(public_exponent=65537, key_size=KEY_BITS)
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        write_privately(key_file, pem)
    public = RSAAlgorithm.to_jwk(read_key(key_file).public_key(), as_dict=True)
    public |= {"kid": KEY_ID, "use": "sig", "alg": ALGORITHM}
    jwks_file.write_bytes(msgspec.json.encode({"keys": [public]}))
    return key_file, jwks_file

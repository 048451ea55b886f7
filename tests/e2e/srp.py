"""Signs in to a user pool with the secure remote password protocol, as Cognito speaks it.

    srp.py ENDPOINT USER_POOL_ID CLIENT_ID USERNAME PASSWORD

Prints the tokens, or {"error": CODE}, as JSON.
"""

import base64
import datetime
import hashlib
import hmac
import json
import secrets
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

# The 3072-bit group of RFC 5054.
N = int(
    "FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74"
    "020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437"
    "4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED"
    "EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE45B3DC2007CB8A163BF05"
    "98DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB"
    "9ED529077096966D670C354E4ABC9804F1746C08CA18217C32905E462E36CE3B"
    "E39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718"
    "3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33"
    "A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7DB3970F85A6E1E4C7"
    "ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864"
    "D87602733EC86A64521F2B18177B200CBBE117577A615D6C770988C0BAD946E2"
    "08E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF",
    16,
)
G = 2


def pad(number):
    """The bytes of a positive number, with a zero in front where the first bit is set."""
    return number.to_bytes(number.bit_length() // 8 + 1, "big")


def digest(*parts):
    return int.from_bytes(hashlib.sha256(b"".join(parts)).digest(), "big")


def session_key(pool_name, user, password, a, salt, server):
    u = digest(pad(pow(G, a, N)), pad(server))
    x = digest(pad(salt), hashlib.sha256(f"{pool_name}{user}:{password}".encode()).digest())
    k = digest(pad(N), pad(G))
    shared = pow(server - k * pow(G, x, N), a + u * x, N)
    extracted = hmac.new(pad(u), pad(shared), hashlib.sha256).digest()
    return hmac.new(extracted, b"Caldera Derived Key\x01", hashlib.sha256).digest()[:16]


def sign_in(endpoint, pool, client_id, user, password):
    idp = boto3.client(
        "cognito-idp",
        endpoint_url=endpoint,
        region_name=pool.split("_")[0],
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(retries={"max_attempts": 1}),
    )
    a = secrets.randbelow(N - 2) + 1
    challenge = idp.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_SRP_AUTH",
        AuthParameters={"USERNAME": user, "SRP_A": format(pow(G, a, N), "x")},
    )["ChallengeParameters"]
    pool_name = pool.split("_")[1]
    id_for_srp = challenge["USER_ID_FOR_SRP"]
    key = session_key(
        pool_name, id_for_srp, password, a, int(challenge["SALT"], 16), int(challenge["SRP_B"], 16)
    )
    now = datetime.datetime.now(datetime.timezone.utc)
    timestamp = f"{now:%a %b} {now.day} {now:%H:%M:%S} UTC {now.year}"
    block = base64.b64decode(challenge["SECRET_BLOCK"])
    message = pool_name.encode() + id_for_srp.encode() + block + timestamp.encode()
    answer = idp.respond_to_auth_challenge(
        ClientId=client_id,
        ChallengeName="PASSWORD_VERIFIER",
        ChallengeResponses={
            "USERNAME": id_for_srp,
            "PASSWORD_CLAIM_SECRET_BLOCK": challenge["SECRET_BLOCK"],
            "PASSWORD_CLAIM_SIGNATURE": base64.b64encode(hmac.new(key, message, hashlib.sha256).digest()).decode(),
            "TIMESTAMP": timestamp,
        },
    )
    return answer["AuthenticationResult"]


if __name__ == "__main__":
    try:
        print(json.dumps(sign_in(*sys.argv[1:])))
    except ClientError as error:
        print(json.dumps({"error": error.response["Error"]["Code"]}))

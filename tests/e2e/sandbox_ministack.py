"""Asks the sandbox and another emulator the same, and compares the answers member by member.

Arguments: the sandbox's URL, the emulator's. Where they differ, the difference is in the table below
with its reason, or it is told and this ends with 1; so does a line of the table that nothing needs.
What is empty counts as what is not there, since the emulator shows each member that was never set as
an empty one. Prints how many answers were compared.
"""

import datetime
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

NEWER = "AWS's answers have had it for a while; the emulator does not know it"
FILLED = "AWS fills it in; the emulator shows what was sent"

# (path, why). A path stands for all that is below it.
KNOWN = [
    ("create pool.AccountRecoverySetting", FILLED),
    ("create pool.IssuerConfiguration", NEWER),
    ("create pool.KeyConfiguration", NEWER),
    ("create pool.Policies.SignInPolicy", NEWER),
    ("create pool.VerificationMessageTemplate", FILLED),
    ("describe pool.AccountRecoverySetting", FILLED),
    ("describe pool.IssuerConfiguration", NEWER),
    ("describe pool.KeyConfiguration", NEWER),
    ("describe pool.Policies.SignInPolicy", NEWER),
    ("describe pool.VerificationMessageTemplate", FILLED),
    ("describe pool.SchemaAttributes.identities", "recorded answers of AWS have it among the standard ones"),
    ("describe mfa.WebAuthnConfiguration", NEWER),
    ("create client.PreventUserExistenceErrors", "AWS shows it once it was set; the emulator shows LEGACY"),
    ("describe client.PreventUserExistenceErrors", "AWS shows it once it was set; the emulator shows LEGACY"),
    ("create provider.AttributeMapping.username", FILLED),
    ("create provider.ProviderDetails", FILLED),
    ("describe domain.CloudFrontDistribution", FILLED),
    ("describe domain.S3Bucket", FILLED),
    ("describe domain.Version", "AWS's is a time, the emulator's a count"),
    ("delete pool with domain", "AWS wants the domain gone first; the emulator deletes both"),
]

# Each is made up by whoever answers.
OWN = {"Id", "UserPoolId", "ClientId", "ClientSecret", "IdentityPoolId", "Arn"}


def ask(url):
    once = Config(retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
    idp, identity = (
        boto3.client(service, endpoint_url=url, region_name="us-east-1", config=once, **keys)
        for service in ("cognito-idp", "cognito-identity")
    )
    answers = {}

    def call(name, function, **arguments):
        try:
            answer = function(**arguments)
        except ClientError as error:
            answer = {"refused": error.response["Error"]["Code"]}
        answer.pop("ResponseMetadata", None)
        if len(answer) == 1 and isinstance(next(iter(answer.values())), dict):
            answer = next(iter(answer.values()))
        answers[name] = answer
        return answer

    pool = call("create pool", idp.create_user_pool, PoolName="a", UserPoolTags={"k": "v"})["Id"]
    call("describe pool", idp.describe_user_pool, UserPoolId=pool)
    call("no pool", idp.describe_user_pool, UserPoolId="us-east-1_Nobody000")
    call("describe mfa", idp.get_user_pool_mfa_config, UserPoolId=pool)
    client = call("create client", idp.create_user_pool_client, UserPoolId=pool, ClientName="web")["ClientId"]
    call("describe client", idp.describe_user_pool_client, UserPoolId=pool, ClientId=client)
    call("no client", idp.describe_user_pool_client, UserPoolId=pool, ClientId="x" * 26)
    call("create group", idp.create_group, UserPoolId=pool, GroupName="g", Description="d", Precedence=2)
    call("the same group", idp.create_group, UserPoolId=pool, GroupName="g")
    call("no group", idp.get_group, UserPoolId=pool, GroupName="n")
    scopes = [{"ScopeName": "read", "ScopeDescription": "Reads"}]
    server = {"UserPoolId": pool, "Identifier": "https://api.example.com"}
    call("create server", idp.create_resource_server, Name="api", Scopes=scopes, **server)
    call("describe server", idp.describe_resource_server, **server)
    details = {"client_id": "i", "client_secret": "s", "authorize_scopes": "email"}
    call(
        "create provider",
        idp.create_identity_provider,
        UserPoolId=pool,
        ProviderName="Google",
        ProviderType="Google",
        ProviderDetails=details,
        AttributeMapping={"email": "email"},
    )
    call("create domain", idp.create_user_pool_domain, UserPoolId=pool, Domain="a-prefix-of-ours")
    call("describe domain", idp.describe_user_pool_domain, Domain="a-prefix-of-ours")
    call("no domain", idp.describe_user_pool_domain, Domain="nobody-is-here")
    call("create user", idp.admin_create_user, UserPoolId=pool, Username="u", MessageAction="SUPPRESS")
    call("the same user", idp.admin_create_user, UserPoolId=pool, Username="u", MessageAction="SUPPRESS")
    call("no user", idp.admin_get_user, UserPoolId=pool, Username="n")
    arn = f"arn:aws:cognito-idp:us-east-1:123456789012:userpool/{pool}"
    call("list tags", idp.list_tags_for_resource, ResourceArn=arn)
    call("delete pool with domain", idp.delete_user_pool, UserPoolId=pool)
    made = call(
        "create identity pool",
        identity.create_identity_pool,
        IdentityPoolName="n",
        AllowUnauthenticatedIdentities=False,
        IdentityPoolTags={"k": "v"},
    )
    call("describe identity pool", identity.describe_identity_pool, IdentityPoolId=made["IdentityPoolId"])
    call("no roles", identity.get_identity_pool_roles, IdentityPoolId=made["IdentityPoolId"])
    return {name: plain(answer) for name, answer in answers.items()}


def plain(value, name=""):
    """A value in a form that can be compared: nothing empty, no dates, lists by name."""
    if name in OWN:
        return "made up"
    if isinstance(value, datetime.datetime):
        return "a date"
    if isinstance(value, dict):
        if value.get("Name") == "sub" and "Value" in value:
            return {"Name": "sub", "Value": "made up"}
        members = {key: plain(inner, key) for key, inner in value.items()}
        return {key: inner for key, inner in members.items() if inner not in ("", [], {}, None)}
    if isinstance(value, list):
        items = [plain(item) for item in value]
        if all(isinstance(item, dict) and "Name" in item for item in items):
            return {item["Name"]: item for item in items}
        return sorted(items, key=str)
    return value


def differences(path, ours, theirs):
    if isinstance(ours, dict) and isinstance(theirs, dict):
        for key in sorted(ours.keys() | theirs.keys()):
            yield from differences(f"{path}.{key}", ours.get(key, {}), theirs.get(key, {}))
    elif ours != theirs:
        yield path, ours, theirs


def main():
    ours, theirs = ask(sys.argv[1]), ask(sys.argv[2])
    needed, wrong = set(), []
    for name, answer in ours.items():
        for path, one, other in differences(name, answer, theirs[name]):
            line = next((line for line, _ in KNOWN if path == line or path.startswith(f"{line}.")), None)
            if line:
                needed.add(line)
            else:
                wrong.append(f"{path}: the sandbox says {one}, the emulator {other}")
    wrong += [f"{line}: they agree, so the table need not have it" for line, _ in KNOWN if line not in needed]
    print(f"{len(ours)} answers compared")
    sys.exit("\n".join(wrong) or 0)


main()

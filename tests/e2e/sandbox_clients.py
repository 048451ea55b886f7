"""Asks the sandbox with boto3, whose parsers and models are AWS's own, and checks what it hands out.

Arguments: the sandbox's URL. Says on stderr what is wrong, and ends with 1.
"""

import datetime
import io
import json
import sys
import urllib.request
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]
ACCOUNT = "123456789012"
OTHER = "210987654321"


def client(service, **credentials):
    keys = credentials or {"aws_access_key_id": "AKIAEXAMPLE", "aws_secret_access_key": "secret"}
    once = Config(retries={"total_max_attempts": 1})
    return boto3.client(service, endpoint_url=URL, region_name="eu-west-1", config=once, **keys)


def control(name, body):
    request = urllib.request.Request(f"{URL}/_sandbox/{name}", json.dumps(body).encode(), method="POST")
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def refused(error, call, **arguments):
    """The call is refused with this class of boto3's, which it finds by the code in the answer."""
    try:
        call(**arguments)
    except error as refusal:
        assert refusal.response["Error"]["Message"], refusal
        assert refusal.response["ResponseMetadata"]["HTTPStatusCode"] >= 400, refusal
        return refusal.response["Error"]["Code"]
    raise AssertionError(f"{call} is not refused")


def recent(date):
    assert isinstance(date, datetime.datetime), date
    age = datetime.datetime.now(datetime.timezone.utc) - date
    assert abs(age) < datetime.timedelta(hours=1), date


def pages(client, operation, member, key, **arguments):
    """The keys of all items, page by page; no page is larger than two."""
    found = []
    for page in client.get_paginator(operation).paginate(PaginationConfig={"PageSize": 2}, **arguments):
        assert len(page[member]) <= 2, page
        found.extend(item[key] for item in page[member])
    return found


def user_pools(idp):
    made = {}
    for name in ["one", "two", "three", "four", "five"]:
        pool = idp.create_user_pool(PoolName=name, UserPoolTags={"made-by": "boto3", "name": name})["UserPool"]
        assert pool["Arn"] == f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/{pool['Id']}", pool
        made[name] = pool["Id"]
    pool = idp.describe_user_pool(UserPoolId=made["one"])["UserPool"]
    recent(pool["CreationDate"])
    recent(pool["LastModifiedDate"])
    assert pool["Policies"]["PasswordPolicy"]["MinimumLength"] == 8, pool
    assert pool["UserPoolTags"] == {"made-by": "boto3", "name": "one"}, pool
    assert pool["EstimatedNumberOfUsers"] == 0, pool
    assert sorted(pages(idp, "list_user_pools", "UserPools", "Id")) == sorted(made.values())
    missing = idp.exceptions.ResourceNotFoundException
    refused(missing, idp.describe_user_pool, UserPoolId="eu-west-1_Nobody000")
    refused(idp.exceptions.InvalidParameterException, idp.list_user_pools, MaxResults=61)
    idp.delete_user_pool(UserPoolId=made["five"])
    refused(missing, idp.delete_user_pool, UserPoolId=made.pop("five"))
    return made


def children(idp, pool):
    web = idp.create_user_pool_client(UserPoolId=pool, ClientName="web", GenerateSecret=True)["UserPoolClient"]
    assert web["ClientSecret"] and web["RefreshTokenValidity"] == 30, web.keys()
    recent(web["CreationDate"])
    names = ["web", "ios", "android"]
    for name in names[1:]:
        idp.create_user_pool_client(UserPoolId=pool, ClientName=name)
    found = pages(idp, "list_user_pool_clients", "UserPoolClients", "ClientName", UserPoolId=pool)
    assert sorted(found) == sorted(names), found
    refused(idp.exceptions.ResourceNotFoundException, idp.describe_user_pool_client, UserPoolId=pool, ClientId="x" * 26)

    groups = ["a", "b", "c"]
    for name in groups:
        recent(idp.create_group(UserPoolId=pool, GroupName=name, Precedence=3)["Group"]["CreationDate"])
    assert sorted(pages(idp, "list_groups", "Groups", "GroupName", UserPoolId=pool)) == groups
    refused(idp.exceptions.GroupExistsException, idp.create_group, UserPoolId=pool, GroupName="a")

    users = ["anna", "berta", "carla"]
    for name in users:
        email = [{"Name": "email", "Value": f"{name}@example.com"}]
        made = idp.admin_create_user(UserPoolId=pool, Username=name, UserAttributes=email, MessageAction="SUPPRESS")
        recent(made["User"]["UserCreateDate"])
    assert sorted(pages(idp, "list_users", "Users", "Username", UserPoolId=pool)) == users
    refused(idp.exceptions.UsernameExistsException, idp.admin_create_user, UserPoolId=pool, Username="anna")
    idp.admin_add_user_to_group(UserPoolId=pool, Username="anna", GroupName="a")
    assert pages(idp, "list_users_in_group", "Users", "Username", UserPoolId=pool, GroupName="a") == ["anna"]


def identity_pools(identity):
    for name in ["red", "green", "blue"]:
        pool = identity.create_identity_pool(IdentityPoolName=name, AllowUnauthenticatedIdentities=False)
        assert pool["IdentityPoolId"].startswith("eu-west-1:"), pool
    found = pages(identity, "list_identity_pools", "IdentityPools", "IdentityPoolName")
    assert sorted(found) == ["blue", "green", "red"], found
    nobody = "eu-west-1:00000000-0000-0000-0000-000000000000"
    refused(identity.exceptions.ResourceNotFoundException, identity.describe_identity_pool, IdentityPoolId=nobody)


def functions(functions):
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr("index.mjs", "export const handler = async event => event;")
    names = ["greet", "check", "audit"]
    for name in names:
        made = functions.create_function(
            FunctionName=name,
            Role=f"arn:aws:iam::{ACCOUNT}:role/functions",
            Runtime="nodejs22.x",
            Handler="index.handler",
            Code={"ZipFile": package.getvalue()},
        )
        assert made["State"] == "Pending", made
    control("clock", {"advance": 60})
    greet = functions.get_function(FunctionName="greet")
    assert greet["Configuration"]["State"] == "Active", greet
    assert greet["Configuration"]["CodeSize"] == len(package.getvalue()), greet
    functions.add_permission(
        FunctionName="greet",
        StatementId="cognito",
        Action="lambda:InvokeFunction",
        Principal="cognito-idp.amazonaws.com",
        SourceArn=f"arn:aws:cognito-idp:eu-west-1:{ACCOUNT}:userpool/eu-west-1_AAAAAAAAA",
    )
    policy = json.loads(functions.get_policy(FunctionName="greet")["Policy"])
    assert [statement["Sid"] for statement in policy["Statement"]] == ["cognito"], policy
    functions.remove_permission(FunctionName="greet", StatementId="cognito")
    missing = functions.exceptions.ResourceNotFoundException
    refused(missing, functions.get_policy, FunctionName="greet")
    refused(missing, functions.get_function, FunctionName="nobody")
    found = pages(functions, "list_functions", "Functions", "FunctionName")
    assert sorted(found) == sorted(names), found
    functions.delete_function(FunctionName="audit")
    refused(missing, functions.get_function, FunctionName="audit")


def tags(idp, pools):
    """The index is up to date, as the clock was moved on."""
    control("clock", {"advance": 60})
    tagging = client("resourcegroupstaggingapi")
    wanted = [{"Key": "made-by", "Values": ["boto3"]}]
    found = []
    for page in tagging.get_paginator("get_resources").paginate(TagFilters=wanted, PaginationConfig={"PageSize": 2}):
        found.extend(mapping["ResourceARN"].rsplit("/", 1)[1] for mapping in page["ResourceTagMappingList"])
    assert sorted(found) == sorted(pools.values()), found
    one = [{"Key": "name", "Values": ["one", "none"]}]
    mappings = tagging.get_resources(TagFilters=wanted + one)["ResourceTagMappingList"]
    assert [mapping["ResourceARN"].rsplit("/", 1)[1] for mapping in mappings] == [pools["one"]], mappings


def accounts(pools):
    sts = client("sts")
    assert sts.get_caller_identity()["Account"] == ACCOUNT
    role = sts.assume_role(RoleArn=f"arn:aws:iam::{OTHER}:role/deploy", RoleSessionName="test")
    assert isinstance(role["Credentials"]["Expiration"], datetime.datetime), role
    keys = role["Credentials"]
    other = {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }
    assert client("sts", **other).get_caller_identity()["Account"] == OTHER
    idp = client("cognito-idp", **other)
    assert idp.list_user_pools(MaxResults=60)["UserPools"] == []
    refused(idp.exceptions.ResourceNotFoundException, idp.describe_user_pool, UserPoolId=pools["one"])
    own = idp.create_user_pool(PoolName="own")["UserPool"]["Id"]
    assert [pool["Id"] for pool in idp.list_user_pools(MaxResults=60)["UserPools"]] == [own]
    refused(ClientError, sts.assume_role, RoleArn="arn:aws:iam::1:role/short", RoleSessionName="test")


def what_is_not_there(idp, pool):
    code = refused(ClientError, idp.get_signing_certificate, UserPoolId=pool)
    assert code == "UnknownOperationException", code
    code = refused(ClientError, client("sts").get_session_token)
    assert code in ("UnknownOperationException", "InvalidAction"), code


def faults(idp):
    control("faults", ["ListUserPools#1=throttled", "ListUserPools#2=cut-before"])
    refused(idp.exceptions.TooManyRequestsException, idp.list_user_pools, MaxResults=1)
    try:
        idp.list_user_pools(MaxResults=1)
        raise AssertionError("it was answered")
    except Exception as error:
        assert type(error).__name__ == "ConnectionClosedError", repr(error)
    assert len(idp.list_user_pools(MaxResults=1)["UserPools"]) == 1


def main():
    idp = client("cognito-idp")
    pools = user_pools(idp)
    children(idp, pools["one"])
    identity_pools(client("cognito-identity"))
    functions(client("lambda"))
    tags(idp, pools)
    accounts(pools)
    what_is_not_there(idp, pools["one"])
    faults(idp)
    control("reset", {})
    assert idp.list_user_pools(MaxResults=60)["UserPools"] == []
    print("all understood")


main()

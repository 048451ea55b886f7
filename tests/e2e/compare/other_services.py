"""Questions about identity pools, functions, the query for tags, and callers."""

import io
import zipfile

from asker import ACCOUNT, NO_POOL, ROLE

NO_IDENTITY_POOL = "us-east-1:00000000-0000-0000-0000-000000000000"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


def ask(asker):
    identity_pools(asker)
    functions(asker)
    tags(asker)
    callers(asker)


def identity_pools(asker):
    identity, call = asker.client("cognito-identity"), asker.call
    settings = {"IdentityPoolName": "n", "AllowUnauthenticatedIdentities": False}
    made = call("create identity pool", identity.create_identity_pool, **settings, IdentityPoolTags={"k": "v"})
    pool = {"IdentityPoolId": made["IdentityPoolId"]}
    call("describe identity pool", identity.describe_identity_pool, **pool)
    call("no identity pool", identity.describe_identity_pool, IdentityPoolId=NO_IDENTITY_POOL)
    call("no roles", identity.get_identity_pool_roles, **pool)
    roles = {"authenticated": ROLE}
    call("set roles", identity.set_identity_pool_roles, **pool, Roles=roles)
    call("read roles", identity.get_identity_pool_roles, **pool)
    rule = {"Claim": "tier", "MatchType": "Equals", "Value": "gold", "RoleARN": ROLE}
    rules = {"Type": "Rules", "AmbiguousRoleResolution": "Deny", "RulesConfiguration": {"Rules": [rule]}}
    unknown = {"graph.facebook.com": rules}
    call("rules of unknown provider", identity.set_identity_pool_roles, **pool, Roles=roles, RoleMappings=unknown)
    call("roles of no identity pool", identity.get_identity_pool_roles, IdentityPoolId=NO_IDENTITY_POOL)
    logins = {"accounts.google.com": "i"}
    changed = {"IdentityPoolName": "m", "AllowUnauthenticatedIdentities": True, "SupportedLoginProviders": logins}
    call("update identity pool", identity.update_identity_pool, **pool, **changed)
    call("describe updated identity pool", identity.describe_identity_pool, **pool)
    mapped = {"accounts.google.com": rules}
    call("set rules", identity.set_identity_pool_roles, **pool, Roles={}, RoleMappings=mapped)
    call("read rules", identity.get_identity_pool_roles, **pool)
    claims = {**pool, "IdentityProviderName": "accounts.google.com"}
    call("set claims", identity.set_principal_tag_attribute_map, **claims, PrincipalTags={"tier": "tier"})
    call("read claims", identity.get_principal_tag_attribute_map, **claims)
    call("update no identity pool", identity.update_identity_pool, IdentityPoolId=NO_IDENTITY_POOL, **settings)
    arn = f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{made['IdentityPoolId']}"
    call("tag identity pool", identity.tag_resource, ResourceArn=arn, Tags={"l": "w"})
    call("untag identity pool", identity.untag_resource, ResourceArn=arn, TagKeys=["k"])
    call("list tags of identity pool", identity.list_tags_for_resource, ResourceArn=arn)
    for name in ("o", "p"):
        identity.create_identity_pool(IdentityPoolName=name, AllowUnauthenticatedIdentities=False)
    every = identity.list_identity_pools
    asker.pages("list identity pools", every, "IdentityPools", "IdentityPoolName", "MaxResults")
    wrong = {"IdentityPoolName": "a/b", "AllowUnauthenticatedIdentities": False}
    call("identity pool with a bad name", identity.create_identity_pool, **wrong)
    call("delete identity pool", identity.delete_identity_pool, **pool)
    call("describe deleted identity pool", identity.describe_identity_pool, **pool)
    call("delete deleted identity pool", identity.delete_identity_pool, **pool)


def functions(asker):
    functions, call = asker.client("lambda"), asker.call
    if not asker.is_sandbox:
        asker.client("iam").create_role(RoleName="functions", AssumeRolePolicyDocument=TRUST)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w") as archive:
        archive.writestr(zipfile.ZipInfo("index.mjs"), "export const handler = async event => event;")
    code = {"ZipFile": package.getvalue()}
    made = {"Role": ROLE, "Runtime": "nodejs22.x", "Handler": "index.handler", "Code": code}
    greet = {"FunctionName": "greet"}
    call("create function", functions.create_function, **greet, **made, Tags={"k": "v"})
    asker.settle()
    call("the same function", functions.create_function, **greet, **made)
    call("get function", functions.get_function, **greet)
    call("no function", functions.get_function, FunctionName="nobody")
    call("configure function", functions.update_function_configuration, **greet, Timeout=4, Description="d")
    asker.settle()
    call("configure no function", functions.update_function_configuration, FunctionName="nobody", Timeout=4)
    call("upload function", functions.update_function_code, **greet, ZipFile=package.getvalue())
    asker.settle()
    call("get changed function", functions.get_function_configuration, **greet)
    permission = {
        "StatementId": "cognito",
        "Action": "lambda:InvokeFunction",
        "Principal": "cognito-idp.amazonaws.com",
        "SourceArn": f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{NO_POOL}",
        "SourceAccount": ACCOUNT,
    }
    call("no policy", functions.get_policy, **greet)
    call("add permission", functions.add_permission, **greet, **permission)
    call("the same permission", functions.add_permission, **greet, **permission)
    call("permission of no function", functions.add_permission, FunctionName="nobody", **permission)
    call("get policy", functions.get_policy, **greet)
    call("remove no permission", functions.remove_permission, **greet, StatementId="nobody")
    call("remove permission", functions.remove_permission, **greet, StatementId="cognito")
    call("policy without statements", functions.get_policy, **greet)
    arn = f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:greet"
    call("tag function", functions.tag_resource, Resource=arn, Tags={"l": "w"})
    call("untag function", functions.untag_resource, Resource=arn, TagKeys=["k"])
    call("list tags of function", functions.list_tags, Resource=arn)
    for name in ("audit", "check"):
        functions.create_function(FunctionName=name, **made)
    asker.pages("list functions", functions.list_functions, "Functions", "FunctionName", "MaxItems", "NextMarker")
    call("publish version", functions.publish_version, **greet)
    call("list versions", functions.list_versions_by_function, **greet)
    live = {"FunctionName": "greet", "Name": "live"}
    call("create alias", functions.create_alias, **live, FunctionVersion="1")
    call("the same alias", functions.create_alias, **live, FunctionVersion="1")
    call("get alias", functions.get_alias, **live)
    call("no alias", functions.get_alias, FunctionName="greet", Name="nobody")
    call("update alias", functions.update_alias, **live, Description="d")
    call("permission of alias", functions.add_permission, **greet, **permission, Qualifier="live")
    call("policy of alias", functions.get_policy, **greet, Qualifier="live")
    call("policy beside the alias", functions.get_policy, **greet)
    call("list aliases", functions.list_aliases, **greet)
    call("delete alias", functions.delete_alias, **live)
    call("get deleted alias", functions.get_alias, **live)
    call("delete deleted alias", functions.delete_alias, **live)
    call("publish no function", functions.publish_version, FunctionName="nobody")
    call("list versions of no function", functions.list_versions_by_function, FunctionName="nobody")
    call("list tags of no function", functions.list_tags, Resource=f"{arn}er")
    call("delete function", functions.delete_function, **greet)
    call("get deleted function", functions.get_function, **greet)
    call("delete deleted function", functions.delete_function, **greet)
    call("role that is none", functions.create_function, FunctionName="roleless", **(made | {"Role": "nobody"}))
    call("runtime that is none", functions.create_function, FunctionName="odd", **(made | {"Runtime": "cobol"}))
    call("no code", functions.create_function, FunctionName="empty", **(made | {"Code": {}}))


def tags(asker):
    query, call = asker.client("resourcegroupstaggingapi"), asker.call
    for name in ("one", "two", "three"):
        asker.idp.create_user_pool(PoolName=name, UserPoolTags={"made-by": "us", "name": name})
    asker.settle()
    by_us = {"Key": "made-by", "Values": ["us"]}
    user_pools = ["cognito-idp:userpool"]
    call("find by tag", query.get_resources, TagFilters=[by_us])
    one = {"Key": "name", "Values": ["one", "none"]}
    call("find by two tags", query.get_resources, TagFilters=[by_us, one])
    call("find by key", query.get_resources, TagFilters=[{"Key": "name"}], ResourceTypeFilters=user_pools)
    call("find nothing", query.get_resources, TagFilters=[{"Key": "made-by", "Values": ["nobody"]}])


def callers(asker):
    sts, call = asker.client("sts"), asker.call
    call("caller", sts.get_caller_identity)
    role = "arn:aws:iam::210987654321:role/deploy"
    call("assume role", sts.assume_role, RoleArn=role, RoleSessionName="test")
    call("assume no role", sts.assume_role, RoleArn="arn:aws:iam::1:role/short", RoleSessionName="test")

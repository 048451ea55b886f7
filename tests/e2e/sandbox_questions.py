"""What sandbox_emulators.py asks: the same calls in the same order, whoever answers.

A call that is refused leaves its error code as the answer. What is made by a refused call does not
exist, and whatever needs it is refused in turn, so that the questions always come to their end.
"""

import io
import json
import urllib.request
import zipfile

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/functions"
NO_POOL = "us-east-1_Nobody000"
NO_IDENTITY_POOL = "us-east-1:00000000-0000-0000-0000-000000000000"
TRUST = '{"Version": "2012-10-17", "Statement": []}'


class Questions:
    def __init__(self, url, is_sandbox):
        self.url = url
        self.is_sandbox = is_sandbox
        self.answers = {}
        self.idp = self.client("cognito-idp")

    def client(self, service):
        once = Config(retries={"total_max_attempts": 1})
        keys = {"aws_access_key_id": "sandbox", "aws_secret_access_key": "sandbox"}
        return boto3.client(service, endpoint_url=self.url, region_name="us-east-1", config=once, **keys)

    def ask(self):
        self.user_pools()
        pool = self.idp.create_user_pool(PoolName="children")["UserPool"]["Id"]
        self.clients(pool)
        self.groups_and_users(pool)
        self.resource_servers(pool)
        self.providers(pool)
        self.domains(pool)
        self.children_of_a_deleted_pool()
        self.identity_pools()
        self.functions()
        self.tags()
        self.callers()
        return self.answers

    def call(self, name, function, **arguments):
        try:
            answer = function(**arguments)
        except ClientError as error:
            answer = {"refused": error.response["Error"]["Code"]}
        answer.pop("ResponseMetadata", None)
        if len(answer) == 1 and isinstance(next(iter(answer.values())), dict):
            answer = next(iter(answer.values()))
        assert name not in self.answers, name
        self.answers[name] = answer
        return answer

    def pages(self, name, function, member, key, size, token="NextToken", **arguments):
        """Walks a list by twos: how long its pages are, what it has, whether its last page shows a token."""
        answer = {"sizes": {}, "items": []}
        more = {}
        try:
            for number in range(9):
                page = function(**arguments, **{size: 2}, **more)
                answer["sizes"][f"page {number}"] = len(page[member])
                answer["items"] += [item[key] for item in page[member]]
                if not page.get(token):
                    answer["last page has the member"] = token in page
                    break
                more = {"Marker" if token == "NextMarker" else token: page[token]}
        except ClientError as error:
            answer = {"refused": error.response["Error"]["Code"]}
        self.answers[name] = answer

    def settle(self):
        """Lets time pass where it is the sandbox's own: functions get ready, the index of tags catches up."""
        if self.is_sandbox:
            body = json.dumps({"advance": 60}).encode()
            urllib.request.urlopen(urllib.request.Request(f"{self.url}/_sandbox/clock", body, method="POST")).close()

    def user_pools(self):
        idp, call = self.idp, self.call
        pool = call("create pool", idp.create_user_pool, PoolName="a", UserPoolTags={"k": "v"})["Id"]
        call("describe pool", idp.describe_user_pool, UserPoolId=pool)
        call("no pool", idp.describe_user_pool, UserPoolId=NO_POOL)
        call("describe mfa", idp.get_user_pool_mfa_config, UserPoolId=pool)
        totp = {"Enabled": True}
        both = {"UserPoolId": pool, "SoftwareTokenMfaConfiguration": totp}
        call("mfa off with a factor", idp.set_user_pool_mfa_config, MfaConfiguration="OFF", **both)
        call("set mfa", idp.set_user_pool_mfa_config, MfaConfiguration="OPTIONAL", **both)
        call("describe set mfa", idp.get_user_pool_mfa_config, UserPoolId=pool)
        call("mfa of no pool", idp.get_user_pool_mfa_config, UserPoolId=NO_POOL)
        tier = [{"Name": "tier", "AttributeDataType": "String", "Mutable": True}]
        call("add attribute", idp.add_custom_attributes, UserPoolId=pool, CustomAttributes=tier)
        call("the same attribute", idp.add_custom_attributes, UserPoolId=pool, CustomAttributes=tier)
        call(
            "update pool",
            idp.update_user_pool,
            UserPoolId=pool,
            AutoVerifiedAttributes=["email"],
            DeletionProtection="ACTIVE",
            UserPoolTags={"k": "v", "l": "w"},
            Policies={"PasswordPolicy": {"MinimumLength": 12}},
        )
        call("describe updated pool", idp.describe_user_pool, UserPoolId=pool)
        call("update no pool", idp.update_user_pool, UserPoolId=NO_POOL)
        arn = f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{pool}"
        call("list tags", idp.list_tags_for_resource, ResourceArn=arn)
        call("tag", idp.tag_resource, ResourceArn=arn, Tags={"k": "other", "m": "x"})
        call("untag", idp.untag_resource, ResourceArn=arn, TagKeys=["l", "nowhere"])
        call("list changed tags", idp.list_tags_for_resource, ResourceArn=arn)
        nowhere = f"arn:aws:cognito-idp:us-east-1:{ACCOUNT}:userpool/{NO_POOL}"
        call("list tags of no pool", idp.list_tags_for_resource, ResourceArn=nowhere)
        call("unprotect pool", idp.update_user_pool, UserPoolId=pool, PoolName="b", DeletionProtection="INACTIVE")
        call("describe renamed pool", idp.describe_user_pool, UserPoolId=pool)
        call("delete pool", idp.delete_user_pool, UserPoolId=pool)
        call("describe deleted pool", idp.describe_user_pool, UserPoolId=pool)
        call("delete deleted pool", idp.delete_user_pool, UserPoolId=pool)
        for name in ("one", "two", "three"):
            idp.create_user_pool(PoolName=name)
        self.pages("list pools", idp.list_user_pools, "UserPools", "Name", "MaxResults")
        call("pages too long", idp.list_user_pools, MaxResults=61)
        call("no such page", idp.list_user_pools, MaxResults=2, NextToken="nonsense")
        guarded = idp.create_user_pool(PoolName="a", DeletionProtection="ACTIVE")["UserPool"]["Id"]
        call("delete protected pool", idp.delete_user_pool, UserPoolId=guarded)
        call("pool with a bad name", idp.create_user_pool, PoolName="a/b")
        kinds = {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}
        call("pool of two kinds", idp.create_user_pool, PoolName="a", **kinds)

    def clients(self, pool):
        idp, call = self.idp, self.call
        client = call("create client", idp.create_user_pool_client, UserPoolId=pool, ClientName="web")["ClientId"]
        call("describe client", idp.describe_user_pool_client, UserPoolId=pool, ClientId=client)
        call("no client", idp.describe_user_pool_client, UserPoolId=pool, ClientId="x" * 26)
        call("client of no pool", idp.create_user_pool_client, UserPoolId=NO_POOL, ClientName="web")
        both = {"UserPoolId": pool, "ClientId": client}
        oauth = {
            "AllowedOAuthFlows": ["code"],
            "AllowedOAuthFlowsUserPoolClient": True,
            "AllowedOAuthScopes": ["openid"],
        }
        urls = ["https://b.example.com/", "https://a.example.com/"]
        settings = {
            "CallbackURLs": urls,
            "ClientName": "site",
            "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
            "PreventUserExistenceErrors": "ENABLED",
            "ReadAttributes": ["email"],
            "RefreshTokenValidity": 7,
            "SupportedIdentityProviders": ["COGNITO"],
        }
        call("update client", idp.update_user_pool_client, **both, **oauth, **settings)
        call("describe updated client", idp.describe_user_pool_client, **both)
        call("bare update of client", idp.update_user_pool_client, **both)
        call("update no client", idp.update_user_pool_client, UserPoolId=pool, ClientId="x" * 26)
        app = {"UserPoolId": pool, "ClientName": "app"}
        call("create secret client", idp.create_user_pool_client, **app, GenerateSecret=True)
        call("create the name again", idp.create_user_pool_client, **app)
        all_of = {"UserPoolId": pool}
        self.pages("list clients", idp.list_user_pool_clients, "UserPoolClients", "ClientName", "MaxResults", **all_of)
        call("clients of no pool", idp.list_user_pool_clients, UserPoolId=NO_POOL)
        new = {"UserPoolId": pool, "ClientName": "wrong"}
        call("code flow to nowhere", idp.create_user_pool_client, **new, **oauth)
        unknown = oauth | {"AllowedOAuthScopes": ["a/b"], "CallbackURLs": urls}
        call("unknown scope", idp.create_user_pool_client, **new, **unknown)
        call("unknown provider", idp.create_user_pool_client, **new, SupportedIdentityProviders=["Google"])
        call("unknown attribute", idp.create_user_pool_client, **new, ReadAttributes=["custom:no"])
        call("delete client", idp.delete_user_pool_client, **both)
        call("describe deleted client", idp.describe_user_pool_client, **both)
        call("delete deleted client", idp.delete_user_pool_client, **both)

    def groups_and_users(self, pool):
        idp, call = self.idp, self.call
        group, user = {"UserPoolId": pool, "GroupName": "g"}, {"UserPoolId": pool, "Username": "u"}
        call("create group", idp.create_group, **group, Description="d", Precedence=2)
        call("the same group", idp.create_group, **group)
        call("no group", idp.get_group, UserPoolId=pool, GroupName="n")
        call("group of no pool", idp.create_group, UserPoolId=NO_POOL, GroupName="g")
        call("update group", idp.update_group, **group, Description="e")
        call("read updated group", idp.get_group, **group)
        call("update no group", idp.update_group, UserPoolId=pool, GroupName="n", Description="e")
        email = [{"Name": "email", "Value": "u@example.com"}]
        call("create user", idp.admin_create_user, **user, UserAttributes=email, MessageAction="SUPPRESS")
        call("the same user", idp.admin_create_user, **user, MessageAction="SUPPRESS")
        call("no user", idp.admin_get_user, UserPoolId=pool, Username="n")
        call("user of no pool", idp.admin_get_user, UserPoolId=NO_POOL, Username="u")
        call("join", idp.admin_add_user_to_group, **user, GroupName="g")
        call("join again", idp.admin_add_user_to_group, **user, GroupName="g")
        call("join no group", idp.admin_add_user_to_group, **user, GroupName="n")
        call("no user joins", idp.admin_add_user_to_group, **group, Username="n")
        call("members", idp.list_users_in_group, **group)
        call("groups of user", idp.admin_list_groups_for_user, **user)
        call("leave", idp.admin_remove_user_from_group, **user, GroupName="g")
        call("leave again", idp.admin_remove_user_from_group, **user, GroupName="g")
        call("leave no group", idp.admin_remove_user_from_group, **user, GroupName="n")
        call("groups of no user", idp.admin_list_groups_for_user, UserPoolId=pool, Username="n")
        call("members of no group", idp.list_users_in_group, UserPoolId=pool, GroupName="n")
        for other in ("v", "w"):
            idp.create_group(UserPoolId=pool, GroupName=other)
            idp.admin_create_user(UserPoolId=pool, Username=other, MessageAction="SUPPRESS")
        for other in ("u", "v", "w"):
            idp.admin_add_user_to_group(UserPoolId=pool, Username=other, GroupName="g")
            if other != "u":
                idp.admin_add_user_to_group(UserPoolId=pool, Username="u", GroupName=other)
        self.pages("list groups", idp.list_groups, "Groups", "GroupName", "Limit", UserPoolId=pool)
        self.pages("list users", idp.list_users, "Users", "Username", "Limit", "PaginationToken", UserPoolId=pool)
        self.pages("list members", idp.list_users_in_group, "Users", "Username", "Limit", **group)
        self.pages("list groups of user", idp.admin_list_groups_for_user, "Groups", "GroupName", "Limit", **user)
        call("find user", idp.list_users, UserPoolId=pool, Filter='email = "u@example.com"')
        call("users of no pool", idp.list_users, UserPoolId=NO_POOL)
        call("delete group", idp.delete_group, **group)
        call("read deleted group", idp.get_group, **group)
        call("delete deleted group", idp.delete_group, **group)
        call("groups after the delete", idp.admin_list_groups_for_user, **user)
        call("delete user", idp.admin_delete_user, **user)
        call("read deleted user", idp.admin_get_user, **user)
        call("delete deleted user", idp.admin_delete_user, **user)

    def resource_servers(self, pool):
        idp, call = self.idp, self.call
        server = {"UserPoolId": pool, "Identifier": "https://api.example.com"}
        scopes = [{"ScopeName": "read", "ScopeDescription": "Reads"}]
        call("create server", idp.create_resource_server, Name="api", Scopes=scopes, **server)
        call("the same server", idp.create_resource_server, Name="api", **server)
        call("describe server", idp.describe_resource_server, **server)
        more = [*scopes, {"ScopeName": "an", "ScopeDescription": "Another"}]
        call("update server", idp.update_resource_server, Name="new", Scopes=more, **server)
        call("describe updated server", idp.describe_resource_server, **server)
        call("update server without scopes", idp.update_resource_server, Name="new", **server)
        call("update no server", idp.update_resource_server, UserPoolId=pool, Identifier="n", Name="n")
        for other in ("b", "c"):
            idp.create_resource_server(UserPoolId=pool, Identifier=other, Name=other)
        all_of = {"UserPoolId": pool}
        self.pages("list servers", idp.list_resource_servers, "ResourceServers", "Identifier", "MaxResults", **all_of)
        call("delete server", idp.delete_resource_server, **server)
        call("describe deleted server", idp.describe_resource_server, **server)
        call("delete deleted server", idp.delete_resource_server, **server)

    def providers(self, pool):
        idp, call = self.idp, self.call
        google = {"UserPoolId": pool, "ProviderName": "Google"}
        details = {"client_id": "i", "client_secret": "s", "authorize_scopes": "email"}
        mapping = {"email": "email", "username": "sub"}
        made = {"ProviderType": "Google", "ProviderDetails": details, "AttributeMapping": mapping}
        call("create provider", idp.create_identity_provider, **google, **made, IdpIdentifiers=["google.example.com"])
        call("the same provider", idp.create_identity_provider, **google, **made)
        call("describe provider", idp.describe_identity_provider, **google)
        new = details | {"client_id": "j"}
        call("update provider", idp.update_identity_provider, **google, ProviderDetails=new)
        call("describe updated provider", idp.describe_identity_provider, **google)
        call("clear provider", idp.update_identity_provider, **google, IdpIdentifiers=[])
        nobody = {"UserPoolId": pool, "ProviderName": "Nobody"}
        call("no provider", idp.describe_identity_provider, **nobody)
        call("update no provider", idp.update_identity_provider, **nobody, ProviderDetails=new)
        call("list providers", idp.list_identity_providers, UserPoolId=pool)
        call("delete provider", idp.delete_identity_provider, **google)
        call("describe deleted provider", idp.describe_identity_provider, **google)
        call("delete deleted provider", idp.delete_identity_provider, **google)
        call("misnamed provider", idp.create_identity_provider, UserPoolId=pool, ProviderName="Other", **made)

    def domains(self, pool):
        idp, call = self.idp, self.call
        domain = {"UserPoolId": pool, "Domain": "a-prefix-of-ours"}
        call("create domain", idp.create_user_pool_domain, **domain)
        call("the same domain", idp.create_user_pool_domain, **domain)
        call("describe domain", idp.describe_user_pool_domain, Domain="a-prefix-of-ours")
        call("no domain", idp.describe_user_pool_domain, Domain="nobody-is-here")
        call("delete no domain", idp.delete_user_pool_domain, UserPoolId=pool, Domain="nobody-is-here")
        call("delete domain", idp.delete_user_pool_domain, **domain)
        call("describe deleted domain", idp.describe_user_pool_domain, Domain="a-prefix-of-ours")
        call("create domain again", idp.create_user_pool_domain, **domain)
        call("second domain", idp.create_user_pool_domain, UserPoolId=pool, Domain="another-prefix-of-ours")
        call("delete pool with domain", idp.delete_user_pool, UserPoolId=pool)

    def children_of_a_deleted_pool(self):
        idp, call = self.idp, self.call
        pool = {"UserPoolId": idp.create_user_pool(PoolName="gone")["UserPool"]["Id"]}
        client = idp.create_user_pool_client(**pool, ClientName="web")["UserPoolClient"]["ClientId"]
        idp.create_group(**pool, GroupName="g")
        idp.create_resource_server(**pool, Identifier="s", Name="s")
        idp.admin_create_user(**pool, Username="u", MessageAction="SUPPRESS")
        idp.delete_user_pool(**pool)
        call("client of deleted pool", idp.describe_user_pool_client, **pool, ClientId=client)
        call("group of deleted pool", idp.get_group, **pool, GroupName="g")
        call("groups of deleted pool", idp.list_groups, **pool)
        call("servers of deleted pool", idp.list_resource_servers, **pool, MaxResults=2)
        call("providers of deleted pool", idp.list_identity_providers, **pool)
        call("user of deleted pool", idp.admin_get_user, **pool, Username="u")
        call("mfa of deleted pool", idp.get_user_pool_mfa_config, **pool)

    def identity_pools(self):
        identity, call = self.client("cognito-identity"), self.call
        settings = {"IdentityPoolName": "n", "AllowUnauthenticatedIdentities": False}
        made = call("create identity pool", identity.create_identity_pool, **settings, IdentityPoolTags={"k": "v"})
        pool = {"IdentityPoolId": made["IdentityPoolId"]}
        call("describe identity pool", identity.describe_identity_pool, **pool)
        call("no identity pool", identity.describe_identity_pool, IdentityPoolId=NO_IDENTITY_POOL)
        call("no roles", identity.get_identity_pool_roles, **pool)
        roles = {"authenticated": ROLE}
        call("set roles", identity.set_identity_pool_roles, **pool, Roles=roles)
        call("read roles", identity.get_identity_pool_roles, **pool)
        call("roles of no identity pool", identity.get_identity_pool_roles, IdentityPoolId=NO_IDENTITY_POOL)
        logins = {"accounts.google.com": "i"}
        changed = {"IdentityPoolName": "m", "AllowUnauthenticatedIdentities": True, "SupportedLoginProviders": logins}
        call("update identity pool", identity.update_identity_pool, **pool, **changed)
        call("describe updated identity pool", identity.describe_identity_pool, **pool)
        call("update no identity pool", identity.update_identity_pool, IdentityPoolId=NO_IDENTITY_POOL, **settings)
        arn = f"arn:aws:cognito-identity:us-east-1:{ACCOUNT}:identitypool/{made['IdentityPoolId']}"
        call("tag identity pool", identity.tag_resource, ResourceArn=arn, Tags={"l": "w"})
        call("untag identity pool", identity.untag_resource, ResourceArn=arn, TagKeys=["k"])
        call("list tags of identity pool", identity.list_tags_for_resource, ResourceArn=arn)
        for name in ("o", "p"):
            identity.create_identity_pool(IdentityPoolName=name, AllowUnauthenticatedIdentities=False)
        every = identity.list_identity_pools
        self.pages("list identity pools", every, "IdentityPools", "IdentityPoolName", "MaxResults")
        call("delete identity pool", identity.delete_identity_pool, **pool)
        call("describe deleted identity pool", identity.describe_identity_pool, **pool)
        call("delete deleted identity pool", identity.delete_identity_pool, **pool)

    def functions(self):
        functions, call = self.client("lambda"), self.call
        if not self.is_sandbox:
            self.client("iam").create_role(RoleName="functions", AssumeRolePolicyDocument=TRUST)
        package = io.BytesIO()
        with zipfile.ZipFile(package, "w") as archive:
            archive.writestr(zipfile.ZipInfo("index.mjs"), "export const handler = async event => event;")
        code = {"ZipFile": package.getvalue()}
        made = {"Role": ROLE, "Runtime": "nodejs22.x", "Handler": "index.handler", "Code": code}
        greet = {"FunctionName": "greet"}
        call("create function", functions.create_function, **greet, **made, Tags={"k": "v"})
        self.settle()
        call("the same function", functions.create_function, **greet, **made)
        call("get function", functions.get_function, **greet)
        call("no function", functions.get_function, FunctionName="nobody")
        call("configure function", functions.update_function_configuration, **greet, Timeout=4, Description="d")
        self.settle()
        call("configure no function", functions.update_function_configuration, FunctionName="nobody", Timeout=4)
        call("upload function", functions.update_function_code, **greet, ZipFile=package.getvalue())
        self.settle()
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
        self.pages("list functions", functions.list_functions, "Functions", "FunctionName", "MaxItems", "NextMarker")
        call("delete function", functions.delete_function, **greet)
        call("get deleted function", functions.get_function, **greet)
        call("delete deleted function", functions.delete_function, **greet)

    def tags(self):
        query, call = self.client("resourcegroupstaggingapi"), self.call
        for name in ("one", "two", "three"):
            self.idp.create_user_pool(PoolName=name, UserPoolTags={"made-by": "us", "name": name})
        self.settle()
        by_us = {"Key": "made-by", "Values": ["us"]}
        user_pools = ["cognito-idp:userpool"]
        call("find by tag", query.get_resources, TagFilters=[by_us])
        one = {"Key": "name", "Values": ["one", "none"]}
        call("find by two tags", query.get_resources, TagFilters=[by_us, one])
        call("find by key", query.get_resources, TagFilters=[{"Key": "name"}], ResourceTypeFilters=user_pools)
        call("find nothing", query.get_resources, TagFilters=[{"Key": "made-by", "Values": ["nobody"]}])

    def callers(self):
        sts, call = self.client("sts"), self.call
        call("caller", sts.get_caller_identity)
        role = "arn:aws:iam::210987654321:role/deploy"
        call("assume role", sts.assume_role, RoleArn=role, RoleSessionName="test")
        call("assume no role", sts.assume_role, RoleArn="arn:aws:iam::1:role/short", RoleSessionName="test")

"""Questions about user pools and their clients."""

from asker import ACCOUNT, NO_POOL


def ask(asker):
    user_pools(asker)
    pool = asker.idp.create_user_pool(PoolName="children")["UserPool"]["Id"]
    clients(asker, pool)
    settings_of_pools(asker)


def user_pools(asker):
    idp, call = asker.idp, asker.call
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
    asker.pages("list pools", idp.list_user_pools, "UserPools", "Name", "MaxResults")
    call("pages too long", idp.list_user_pools, MaxResults=61)
    call("no such page", idp.list_user_pools, MaxResults=2, NextToken="nonsense")
    guarded = idp.create_user_pool(PoolName="a", DeletionProtection="ACTIVE")["UserPool"]["Id"]
    call("delete protected pool", idp.delete_user_pool, UserPoolId=guarded)
    call("pool with a bad name", idp.create_user_pool, PoolName="a/b")
    kinds = {"AliasAttributes": ["email"], "UsernameAttributes": ["email"]}
    call("pool of two kinds", idp.create_user_pool, PoolName="a", **kinds)


def clients(asker, pool):
    idp, call = asker.idp, asker.call
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
    call("create same client", idp.create_user_pool_client, **app)
    all_of = {"UserPoolId": pool}
    asker.pages("list clients", idp.list_user_pool_clients, "UserPoolClients", "ClientName", "MaxResults", **all_of)
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


def settings_of_pools(asker):
    idp, call = asker.idp, asker.call
    schema = [
        {"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True},
        {
            "Name": "tenant",
            "AttributeDataType": "String",
            "Mutable": False,
            "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "40"},
        },
        {
            "Name": "level",
            "AttributeDataType": "Number",
            "Mutable": True,
            "NumberAttributeConstraints": {"MinValue": "0", "MaxValue": "9"},
        },
    ]
    made = call(
        "create rich pool",
        idp.create_user_pool,
        PoolName="rich",
        AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
        DeviceConfiguration={"ChallengeRequiredOnNewDevice": True, "DeviceOnlyRememberedOnUserPrompt": False},
        LambdaConfig={"PreSignUp": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:check"},
        Schema=schema,
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        VerificationMessageTemplate={"DefaultEmailOption": "CONFIRM_WITH_CODE", "EmailSubject": "Code"},
    )
    call("describe rich pool", idp.describe_user_pool, UserPoolId=made["Id"])
    call("empty pool", idp.update_user_pool, UserPoolId=made["Id"], LambdaConfig={})
    call("describe emptied pool", idp.describe_user_pool, UserPoolId=made["Id"])
    wrong = {"Name": "flag", "AttributeDataType": "Boolean", "Required": True}
    call("required attribute", idp.add_custom_attributes, UserPoolId=made["Id"], CustomAttributes=[wrong])
    units = {"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"}
    new = {"UserPoolId": made["Id"], "ClientName": "times"}
    times = {"AccessTokenValidity": 15, "IdTokenValidity": 20, "RefreshTokenValidity": 2}
    call("create timed client", idp.create_user_pool_client, **new, **times, TokenValidityUnits=units)
    hours = {"AccessTokenValidity": 24, "RefreshTokenValidity": 60, "TokenValidityUnits": {"RefreshToken": "minutes"}}
    call("access outlives refresh", idp.create_user_pool_client, **new, **hours)
    mixed = ["ALLOW_USER_SRP_AUTH", "USER_PASSWORD_AUTH"]
    call("mixed flows", idp.create_user_pool_client, **new, ExplicitAuthFlows=mixed)
    new = {"PoolName": "wrong"}
    factors = {"SignInPolicy": {"AllowedFirstAuthFactors": ["WEB_AUTHN"]}}
    call("first factor without password", idp.create_user_pool, **new, Policies=factors)
    call("verified phone without SMS", idp.create_user_pool, **new, AutoVerifiedAttributes=["phone_number"])
    verified = {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    call("verified before update", idp.create_user_pool, **new, UserAttributeUpdateSettings=verified)
    ways = [{"Priority": 1, "Name": "admin_only"}, {"Priority": 2, "Name": "verified_email"}]
    call("admin not alone", idp.create_user_pool, **new, AccountRecoverySetting={"RecoveryMechanisms": ways})
    own = {"EmailSendingAccount": "DEVELOPER"}
    call("own email without an address", idp.create_user_pool, **new, EmailConfiguration=own)
    call("mfa without a factor", idp.set_user_pool_mfa_config, UserPoolId=made["Id"], MfaConfiguration="ON")
    short = {"Policies": {"PasswordPolicy": {"MinimumLength": 100}}}
    call("password too long", idp.create_user_pool, **new, **short)

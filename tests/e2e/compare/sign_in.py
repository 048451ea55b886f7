"""Questions about what else a user pool has: resource servers, providers, domains."""


def ask(asker):
    pool = asker.idp.create_user_pool(PoolName="sign-in")["UserPool"]["Id"]
    resource_servers(asker, pool)
    providers(asker, pool)
    other_providers(asker, pool)
    domains(asker, pool)
    children_of_a_deleted_pool(asker)


def resource_servers(asker, pool):
    idp, call = asker.idp, asker.call
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
    asker.pages("list servers", idp.list_resource_servers, "ResourceServers", "Identifier", "MaxResults", **all_of)
    call("delete server", idp.delete_resource_server, **server)
    call("describe deleted server", idp.describe_resource_server, **server)
    call("delete deleted server", idp.delete_resource_server, **server)


def providers(asker, pool):
    idp, call = asker.idp, asker.call
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
    call("read providers", idp.list_identity_providers, UserPoolId=pool)
    call("delete provider", idp.delete_identity_provider, **google)
    call("describe deleted provider", idp.describe_identity_provider, **google)
    call("delete deleted provider", idp.delete_identity_provider, **google)


def domains(asker, pool):
    idp, call = asker.idp, asker.call
    domain = {"UserPoolId": pool, "Domain": "a-prefix-of-ours"}
    call("create domain", idp.create_user_pool_domain, **domain)
    call("the same domain", idp.create_user_pool_domain, **domain)
    call("describe domain", idp.describe_user_pool_domain, Domain="a-prefix-of-ours")
    call("no domain", idp.describe_user_pool_domain, Domain="nobody-is-here")
    call("update domain", idp.update_user_pool_domain, **domain, ManagedLoginVersion=2)
    call("describe updated domain", idp.describe_user_pool_domain, Domain="a-prefix-of-ours")
    nobody = {"UserPoolId": pool, "Domain": "nobody-is-here"}
    call("delete no domain", idp.delete_user_pool_domain, **nobody)
    call("update no domain", idp.update_user_pool_domain, **nobody, ManagedLoginVersion=2)
    call("reserved domain", idp.create_user_pool_domain, UserPoolId=pool, Domain="our-aws-prefix")
    call("delete domain", idp.delete_user_pool_domain, **domain)
    call("describe deleted domain", idp.describe_user_pool_domain, Domain="a-prefix-of-ours")
    call("create domain again", idp.create_user_pool_domain, **domain)
    call("second domain", idp.create_user_pool_domain, UserPoolId=pool, Domain="another-prefix-of-ours")
    call("delete pool with domain", idp.delete_user_pool, UserPoolId=pool)


def children_of_a_deleted_pool(asker):
    idp, call = asker.idp, asker.call
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


def other_providers(asker, pool):
    idp, call = asker.idp, asker.call
    facebook = {"client_id": "i", "client_secret": "s", "authorize_scopes": "email", "api_version": "v17.0"}
    both = {"UserPoolId": pool, "ProviderName": "Facebook", "ProviderType": "Facebook"}
    call("create Facebook provider", idp.create_identity_provider, **both, ProviderDetails=facebook)
    details = {"client_id": "i", "client_secret": "s", "authorize_scopes": "profile"}
    both = {"UserPoolId": pool, "ProviderName": "LoginWithAmazon", "ProviderType": "LoginWithAmazon"}
    call("create Amazon provider", idp.create_identity_provider, **both, ProviderDetails=details)
    amazon = {"UserPoolId": pool, "ProviderName": "LoginWithAmazon"}
    call("identify Amazon provider", idp.update_identity_provider, **amazon, IdpIdentifiers=["amazon.example.com"])
    urls = ("authorize_url", "token_url", "attributes_url", "jwks_uri")
    oidc = {
        "client_id": "i",
        "client_secret": "s",
        "authorize_scopes": "openid",
        "attributes_request_method": "GET",
        "oidc_issuer": "https://idp.example.com",
        **{name: f"https://idp.example.com/{name}" for name in urls},
    }
    both = {"UserPoolId": pool, "ProviderName": "Company", "ProviderType": "OIDC"}
    call("create OIDC provider", idp.create_identity_provider, **both, ProviderDetails=oidc)
    mapping = {"email": "mail"}
    company = {"UserPoolId": pool, "ProviderName": "Company"}
    call("map OIDC provider", idp.update_identity_provider, **company, AttributeMapping=mapping)
    call("describe OIDC provider", idp.describe_identity_provider, **company)
    unknown = {"custom:no": "mail"}
    call("map to nowhere", idp.update_identity_provider, **company, AttributeMapping=unknown)
    find = idp.get_identity_provider_by_identifier
    call("find Amazon provider", find, UserPoolId=pool, IdpIdentifier="amazon.example.com")
    call("find no provider", find, UserPoolId=pool, IdpIdentifier="nobody")
    every = idp.list_identity_providers
    asker.pages("list providers", every, "Providers", "ProviderName", "MaxResults", UserPoolId=pool)
    new = {"UserPoolId": pool, "ClientName": "social"}
    call("create social client", idp.create_user_pool_client, **new, SupportedIdentityProviders=["Facebook", "COGNITO"])
    wrong = {"UserPoolId": pool, "ProviderType": "Google", "ProviderDetails": details}
    call("misnamed provider", idp.create_identity_provider, **wrong, ProviderName="Other")
    wrong["ProviderDetails"] = {"client_id": "i"}
    call("provider without scopes", idp.create_identity_provider, **wrong, ProviderName="Google")

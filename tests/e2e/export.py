"""Makes an estate with boto3, as people and other tools do: pools of all shapes with what lives in them.

Arguments: the endpoint. Prints the secrets of the identity providers as JSON, by user pool and provider.
"""

import json
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]
ACCOUNT = "123456789012"
REGION = "us-east-1"


def client(service):
    once = Config(retries={"total_max_attempts": 1})
    keys = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
    return boto3.client(service, endpoint_url=URL, region_name=REGION, config=once, **keys)


idp, identity = client("cognito-idp"), client("cognito-identity")


def role(name):
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def quick_start():
    """What the console's first page makes."""
    pool = idp.create_user_pool(
        PoolName="User pool - th7n0",
        UsernameAttributes=["email"],
        UsernameConfiguration={"CaseSensitive": False},
        AutoVerifiedAttributes=["email"],
        DeletionProtection="ACTIVE",
        AccountRecoverySetting={"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_email"}]},
        Schema=[{"Name": "email", "AttributeDataType": "String", "Required": True, "Mutable": True}],
    )["UserPool"]["Id"]
    idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="My web app - th7n0",
        GenerateSecret=True,
        ExplicitAuthFlows=["ALLOW_USER_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        SupportedIdentityProviders=["COGNITO"],
        CallbackURLs=["https://d84l1y8p4kdic.cloudfront.net"],
        AllowedOAuthFlows=["code"],
        AllowedOAuthScopes=["email", "openid", "phone"],
        AllowedOAuthFlowsUserPoolClient=True,
        RefreshTokenValidity=5,
        AccessTokenValidity=60,
        IdTokenValidity=60,
        TokenValidityUnits={"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
        PreventUserExistenceErrors="ENABLED",
    )
    return pool


def amplify():
    """A pool as Amplify makes it, with a client for web and one for native apps, and an identity pool."""
    pool = idp.create_user_pool(
        PoolName="amplify_shop_userpool_4fa3-dev",
        Policies={
            "PasswordPolicy": {
                "MinimumLength": 12,
                "RequireUppercase": True,
                "RequireLowercase": False,
                "RequireNumbers": True,
                "RequireSymbols": False,
                "TemporaryPasswordValidityDays": 3,
            }
        },
        AutoVerifiedAttributes=["email"],
        EmailVerificationMessage="Your verification code is {####}",
        EmailVerificationSubject="Your verification code",
        VerificationMessageTemplate={
            "EmailMessage": "Hello,\n\nyour code is {####}.\n",
            "EmailSubject": "Code: {####} # now",
            "DefaultEmailOption": "CONFIRM_WITH_CODE",
        },
        SmsConfiguration={"SnsCallerArn": role("sns"), "ExternalId": "shop_role_external_id"},
        UserPoolTags={"user:Stack": "dev", "user:Application": "shop"},
        Schema=[
            {"Name": "tenant", "AttributeDataType": "String", "StringAttributeConstraints": {"MaxLength": "64"}},
            {"Name": "level", "AttributeDataType": "Number", "Mutable": False},
        ],
    )["UserPool"]["Id"]
    for name in ["shop_app_client", "shop_app_clientWeb", "shop_app_client"]:
        made = idp.create_user_pool_client(
            UserPoolId=pool, ClientName=name, RefreshTokenValidity=30, GenerateSecret=name == "shop_app_client"
        )
    pool_of = identity.create_identity_pool(
        IdentityPoolName="shop_identitypool_4fa3__dev",
        AllowUnauthenticatedIdentities=False,
        CognitoIdentityProviders=[
            {
                "ProviderName": f"cognito-idp.{REGION}.amazonaws.com/{pool}",
                "ClientId": made["UserPoolClient"]["ClientId"],
                "ServerSideTokenCheck": False,
            }
        ],
        SupportedLoginProviders={"accounts.google.com": "1234.apps.googleusercontent.com"},
    )["IdentityPoolId"]
    identity.set_identity_pool_roles(
        IdentityPoolId=pool_of, Roles={"authenticated": role("auth"), "unauthenticated": role("unauth")}
    )
    return pool


def everything():
    """A pool with all kinds inside of it."""
    pool = idp.create_user_pool(PoolName="Everything, in one = 1")["UserPool"]["Id"]
    idp.create_user_pool_domain(UserPoolId=pool, Domain="everything-in-one")
    secrets = {}
    for name, of_type, details in [
        ("Google", "Google", {"client_id": "1234.apps", "client_secret": "google-hush-hush", "authorize_scopes": "email openid"}),
        (
            "Partner",
            "OIDC",
            {
                "client_id": "0123",
                "client_secret": "partner-hush-hush",
                "authorize_scopes": "openid",
                "attributes_request_method": "GET",
                "oidc_issuer": "https://issuer.example.com",
                "authorize_url": "https://issuer.example.com/authorize",
                "token_url": "https://issuer.example.com/token",
                "attributes_url": "https://issuer.example.com/me",
                "jwks_uri": "https://issuer.example.com/keys",
            },
        ),
        (
            "Company",
            "SAML",
            {"MetadataFile": '<EntityDescriptor>\r\n\t<IDPSSODescriptor x="y"/>\r\n</EntityDescriptor>', "IDPSignout": "true"},
        ),
    ]:
        idp.create_identity_provider(
            UserPoolId=pool,
            ProviderName=name,
            ProviderType=of_type,
            ProviderDetails=details,
            AttributeMapping={"email": "email"},
        )
        if "client_secret" in details:
            secrets[name] = details["client_secret"]
    idp.create_resource_server(
        UserPoolId=pool,
        Identifier="https://api.example.com",
        Name="api",
        Scopes=[{"ScopeName": "write", "ScopeDescription": "Write: all"}, {"ScopeName": "read", "ScopeDescription": "Read"}],
    )
    for number, name in enumerate(["admins", "null", "a/b", "yes"]):
        idp.create_group(UserPoolId=pool, GroupName=name, Description=f"Group {number}\nof four", Precedence=number)
    idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="machine",
        GenerateSecret=True,
        AllowedOAuthFlows=["client_credentials"],
        AllowedOAuthScopes=["https://api.example.com/read"],
        AllowedOAuthFlowsUserPoolClient=True,
    )
    idp.create_user_pool_client(
        UserPoolId=pool,
        ClientName="web",
        SupportedIdentityProviders=["COGNITO", "Google", "Partner", "Company"],
        CallbackURLs=["https://shop.example.com/", "http://localhost:3000/"],
        LogoutURLs=["https://shop.example.com/bye?x=1&y=2"],
        AllowedOAuthFlows=["implicit", "code"],
        AllowedOAuthScopes=["openid", "https://api.example.com/write"],
        AllowedOAuthFlowsUserPoolClient=True,
        ReadAttributes=["email", "name"],
        WriteAttributes=["email"],
        EnableTokenRevocation=False,
        AuthSessionValidity=5,
    )
    idp.set_user_pool_mfa_config(
        UserPoolId=pool, MfaConfiguration="OPTIONAL", SoftwareTokenMfaConfiguration={"Enabled": True}
    )
    return pool, secrets


def main():
    quick_start()
    amplify()
    pool, secrets = everything()
    for number in range(12):
        idp.create_user_pool(PoolName=f"bulk {number:02}")
    try:
        idp.tag_resource(
            ResourceArn=f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{pool}", Tags={"Name": "x: y", "team": ""}
        )
    except ClientError:
        pass
    json.dump({"pool": pool, "secrets": secrets}, sys.stdout)


main()

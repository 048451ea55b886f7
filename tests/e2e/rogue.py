"""Somebody else's app client in a pool, with the implicit flow, made with boto3."""
import sys

import boto3

endpoint, pool = sys.argv[1:]
idp = boto3.client("cognito-idp", endpoint_url=endpoint, region_name="us-east-1",
                   aws_access_key_id="test", aws_secret_access_key="test")
idp.create_user_pool_client(
    UserPoolId=pool, ClientName="rogue", AllowedOAuthFlowsUserPoolClient=True, AllowedOAuthFlows=["implicit"],
    AllowedOAuthScopes=["openid"], CallbackURLs=["https://elsewhere.example.com/"],
    SupportedIdentityProviders=["COGNITO"])

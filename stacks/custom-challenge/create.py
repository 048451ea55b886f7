"""Create auth challenge trigger: sends a code by email, and asks for the same one after a wrong answer."""

import os
import secrets

import boto3

ses = boto3.client("sesv2")


def handler(event, context):
    request, response = event["request"], event["response"]
    codes = [one["challengeMetadata"] for one in request["session"] if one.get("challengeMetadata")]
    code = codes[-1] if codes else f"{secrets.randbelow(10**6):06}"
    # Cognito asks for users that do not exist too, so that nobody can find out who does.
    if not codes and not request.get("userNotFound"):
        send(request["userAttributes"]["email"], code)
    response["publicChallengeParameters"] = {"medium": "email"}
    response["privateChallengeParameters"] = {"code": code}
    response["challengeMetadata"] = code  # seen by the triggers alone
    return event


def send(address, code):
    text = {"Data": f"Your code is {code}."}
    ses.send_email(
        FromEmailAddress=os.environ["EMAIL_FROM"],
        Destination={"ToAddresses": [address]},
        Content={"Simple": {"Subject": {"Data": "Your code"}, "Body": {"Text": text}}},
    )

"""Verify auth challenge response trigger: whether the answer is the code."""

import hmac


def handler(event, context):
    request = event["request"]
    code, answer = request["privateChallengeParameters"]["code"], request["challengeAnswer"]
    is_code = hmac.compare_digest(code.encode(), answer.strip().encode())
    event["response"]["answerCorrect"] = is_code and not request.get("userNotFound")
    return event

"""Define auth challenge trigger: a right answer signs in, three wrong ones end the sign-in."""

ATTEMPTS = 3


def handler(event, context):
    rounds = event["request"]["session"]
    # A sign-in may begin with other rounds, where the result says nothing about an answer to ours.
    ours = [one for one in rounds if one["challengeName"] == "CUSTOM_CHALLENGE"]
    right = bool(ours) and ours[-1] is rounds[-1] and ours[-1]["challengeResult"] is True
    response = event["response"]
    response["issueTokens"] = right
    response["failAuthentication"] = not right and len(ours) >= ATTEMPTS
    if not right and not response["failAuthentication"]:
        response["challengeName"] = "CUSTOM_CHALLENGE"
    return event

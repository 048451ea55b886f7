"""Pre sign-up trigger: confirms the user, and takes what was given to reach them as verified."""


def handler(event, context):
    attributes = event["request"]["userAttributes"]
    event["response"]["autoConfirmUser"] = True
    event["response"]["autoVerifyEmail"] = "email" in attributes
    event["response"]["autoVerifyPhone"] = "phone_number" in attributes
    return event

"""Pre token generation trigger (V2_0): tells the tenant and the role in both tokens."""


def handler(event, context):
    request = event["request"]
    tenant = request["userAttributes"].get("custom:tenant")
    if not tenant:
        raise ValueError("This user belongs to no tenant.")  # and gets no token
    groups = request["groupConfiguration"].get("groupsToOverride") or []
    claims = {"tenant": tenant, "role": "admin" if "admins" in groups else "member"}
    event["response"]["claimsAndScopeOverrideDetails"] = {
        "idTokenGeneration": {"claimsToAddOrOverride": claims},
        "accessTokenGeneration": {"claimsToAddOrOverride": claims},
    }
    return event

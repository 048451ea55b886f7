"""Questions about who is in a user pool: groups and users."""

from asker import NO_POOL


def ask(asker):
    pool = asker.idp.create_user_pool(PoolName="members")["UserPool"]["Id"]
    groups_and_users(asker, pool)
    names_that_are_addresses(asker)


def groups_and_users(asker, pool):
    idp, call = asker.idp, asker.call
    group, user = {"UserPoolId": pool, "GroupName": "g"}, {"UserPoolId": pool, "Username": "u"}
    call("create group", idp.create_group, **group, Description="d", Precedence=2)
    call("the same group", idp.create_group, **group)
    call("no group", idp.get_group, UserPoolId=pool, GroupName="n")
    call("group of no pool", idp.create_group, UserPoolId=NO_POOL, GroupName="g")
    call("update group", idp.update_group, **group, Description="e")
    call("read updated group", idp.get_group, **group)
    call("rank group", idp.update_group, **group, Precedence=0)
    call("read ranked group", idp.get_group, **group)
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
    asker.pages("list groups", idp.list_groups, "Groups", "GroupName", "Limit", UserPoolId=pool)
    asker.pages("list users", idp.list_users, "Users", "Username", "Limit", "PaginationToken", UserPoolId=pool)
    asker.pages("list members", idp.list_users_in_group, "Users", "Username", "Limit", **group)
    asker.pages("list groups of user", idp.admin_list_groups_for_user, "Groups", "GroupName", "Limit", **user)
    call("find user", idp.list_users, UserPoolId=pool, Filter='email = "u@example.com"')
    call("users of no pool", idp.list_users, UserPoolId=NO_POOL)
    call("delete group", idp.delete_group, **group)
    call("read deleted group", idp.get_group, **group)
    call("delete deleted group", idp.delete_group, **group)
    call("groups after the delete", idp.admin_list_groups_for_user, **user)
    call("delete user", idp.admin_delete_user, **user)
    call("read deleted user", idp.admin_get_user, **user)
    call("delete deleted user", idp.admin_delete_user, **user)


def names_that_are_addresses(asker):
    idp, call = asker.idp, asker.call
    made = idp.create_user_pool(PoolName="addresses", UsernameAttributes=["email"])["UserPool"]
    pool = {"UserPoolId": made["Id"]}
    call("create by address", idp.admin_create_user, **pool, Username="a@example.com", MessageAction="SUPPRESS")
    call("read by address", idp.admin_get_user, **pool, Username="a@example.com")
    call("the same address", idp.admin_create_user, **pool, Username="a@example.com", MessageAction="SUPPRESS")
    call("not an address", idp.admin_create_user, **pool, Username="a", MessageAction="SUPPRESS")
    call("find by address", idp.list_users, **pool, Filter='email = "a@example.com"')
    call("find by start", idp.list_users, **pool, Filter='email ^= "a@"', AttributesToGet=["email"])
    call("find nobody", idp.list_users, **pool, Filter='email = "b@example.com"')
    call("delete by address", idp.admin_delete_user, **pool, Username="a@example.com")

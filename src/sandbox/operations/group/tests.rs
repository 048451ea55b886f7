use serde_json::{Value, json};

use super::super::fixture::{INVALID, MISSING, POOL, change_pool, done, recorded, refused, sandbox};

const ROLE: &str = "arn:aws:iam::123456789012:role/readers";

#[tokio::test]
async fn a_group_of_a_name_alone_is_as_aws_shows_it() {
    let sandbox = sandbox();
    let mut group = done(&sandbox, "CreateGroup", json!({"GroupName": "secret-reader"})).await["Group"].take();
    let mut real = recorded("102-CreateGroup")["Group"].take();
    assert_eq!(group["CreationDate"], group["LastModifiedDate"]);
    for (own, other) in [(&mut group, &mut real)] {
        for member in ["CreationDate", "LastModifiedDate", "UserPoolId"] {
            assert!(own[member].take() != Value::Null && other[member].take() != Value::Null, "{member}");
        }
    }
    assert_eq!(group, real);
}

#[tokio::test]
async fn an_update_keeps_what_it_does_not_say() {
    let sandbox = sandbox();
    let all = json!({"GroupName": "a/b", "Description": "d", "RoleArn": ROLE, "Precedence": 0});
    done(&sandbox, "CreateGroup", all.clone()).await;
    done(&sandbox, "UpdateGroup", json!({"GroupName": "a/b"})).await;
    let group = done(&sandbox, "GetGroup", json!({"GroupName": "a/b"})).await["Group"].take();
    for member in ["Description", "RoleArn", "Precedence"] {
        assert_eq!(group[member], all[member]);
    }
    done(&sandbox, "UpdateGroup", json!({"GroupName": "a/b", "Description": "", "Precedence": 7})).await;
    let listed = done(&sandbox, "ListGroups", json!({})).await;
    assert_eq!(listed["Groups"][0]["Description"], "");
    assert_eq!(listed["Groups"][0]["Precedence"], 7);
    assert_eq!(listed["Groups"][0]["RoleArn"], ROLE);
}

#[tokio::test]
async fn who_is_in_a_group() {
    let sandbox = sandbox();
    for name in ["ann", "bob"] {
        done(&sandbox, "AdminCreateUser", json!({"Username": name})).await;
    }
    for name in ["one", "two"] {
        done(&sandbox, "CreateGroup", json!({"GroupName": name})).await;
        let member = json!({"Username": "ann", "GroupName": name});
        done(&sandbox, "AdminAddUserToGroup", member.clone()).await;
        done(&sandbox, "AdminAddUserToGroup", member).await;
    }
    done(&sandbox, "AdminAddUserToGroup", json!({"Username": "bob", "GroupName": "one"})).await;
    let members = done(&sandbox, "ListUsersInGroup", json!({"GroupName": "one"})).await;
    let members: Vec<&str> =
        members["Users"].as_array().expect("users").iter().filter_map(|user| user["Username"].as_str()).collect();
    assert_eq!(members, ["ann", "bob"]);
    done(&sandbox, "AdminRemoveUserFromGroup", json!({"Username": "ann", "GroupName": "one"})).await;
    let groups = done(&sandbox, "AdminListGroupsForUser", json!({"Username": "ann"})).await;
    assert_eq!(groups["Groups"].as_array().map(Vec::len), Some(1));
    assert_eq!(groups["Groups"][0]["GroupName"], "two");
    // Who is deleted is in no group, and a group that is deleted leaves its users.
    done(&sandbox, "AdminDeleteUser", json!({"Username": "bob"})).await;
    done(&sandbox, "AdminCreateUser", json!({"Username": "bob"})).await;
    assert_eq!(done(&sandbox, "AdminListGroupsForUser", json!({"Username": "bob"})).await["Groups"], json!([]));
    done(&sandbox, "DeleteGroup", json!({"GroupName": "two"})).await;
    done(&sandbox, "AdminGetUser", json!({"Username": "ann"})).await;
}

#[tokio::test]
async fn what_is_refused() {
    let sandbox = sandbox();
    done(&sandbox, "CreateGroup", json!({"GroupName": "one"})).await;
    done(&sandbox, "AdminCreateUser", json!({"Username": "ann"})).await;
    let foreign = json!({"GroupName": "two", "RoleArn": "arn:aws:iam::210987654321:role/readers"});
    let user = json!({"GroupName": "one", "RoleArn": "arn:aws:iam::123456789012:user/somebody"});
    let table = [
        ("CreateGroup", json!({"GroupName": "one"}), "GroupExistsException", "already exists"),
        ("CreateGroup", foreign, INVALID, "Role ARN"),
        ("UpdateGroup", user, INVALID, "Role ARN"),
        ("CreateGroup", json!({"GroupName": "one", "UserPoolId": "us-east-1_none"}), MISSING, "us-east-1_none"),
        ("GetGroup", json!({"GroupName": "none"}), MISSING, "Group not found."),
        ("UpdateGroup", json!({"GroupName": "none"}), MISSING, "Group not found."),
        ("DeleteGroup", json!({"GroupName": "none"}), MISSING, "Group not found."),
        ("ListUsersInGroup", json!({"GroupName": "none"}), MISSING, "Group not found."),
        ("AdminAddUserToGroup", json!({"GroupName": "none", "Username": "ann"}), MISSING, "Group not found."),
        ("AdminAddUserToGroup", json!({"GroupName": "one", "Username": "nobody"}), "UserNotFoundException", "User"),
    ];
    for (operation, input, code, words) in table {
        refused(&sandbox, operation, input, code, words).await;
    }
    assert_eq!(done(&sandbox, "ListGroups", json!({"UserPoolId": POOL})).await["Groups"][0].get("RoleArn"), None);
}

#[tokio::test]
async fn there_are_limits() {
    let sandbox = sandbox();
    done(&sandbox, "AdminCreateUser", json!({"Username": "ann"})).await;
    change_pool(&sandbox, |pool| {
        for number in 0..9_999 {
            let mut group = super::Group::default();
            group.body.insert("GroupName".into(), json!(format!("g{number}")));
            if number < 100 {
                group.members.insert("ann".into());
            }
            pool.groups.insert(format!("g{number}"), group);
        }
    });
    let limit = "LimitExceededException";
    let last = json!({"GroupName": "g9998", "Username": "ann"});
    refused(&sandbox, "AdminAddUserToGroup", last, limit, "groups").await;
    done(&sandbox, "AdminAddUserToGroup", json!({"GroupName": "g1", "Username": "ann"})).await;
    done(&sandbox, "CreateGroup", json!({"GroupName": "last"})).await;
    refused(&sandbox, "CreateGroup", json!({"GroupName": "more"}), limit, "groups").await;
}

#[tokio::test]
async fn groups_come_in_pages() {
    let sandbox = sandbox();
    for number in 0..65 {
        done(&sandbox, "CreateGroup", json!({"GroupName": format!("g{number:02}")})).await;
    }
    let first = done(&sandbox, "ListGroups", json!({})).await;
    assert_eq!(first["Groups"].as_array().map(Vec::len), Some(60));
    let rest = done(&sandbox, "ListGroups", json!({"NextToken": first["NextToken"]})).await;
    assert_eq!(rest["Groups"].as_array().map(Vec::len), Some(5));
    assert_eq!((&rest["Groups"][0]["GroupName"], rest.get("NextToken")), (&json!("g60"), None));
}

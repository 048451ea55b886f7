//! A group of a user pool. Its name is its key in the file. An absent precedence is the lowest of
//! all, 0 the highest, so the two are kept apart.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Spec, arn};

/// A group of users, in their tokens as `cognito:groups`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(deny_unknown_fields)]
pub struct Group {
    /// What the group is for. Up to 2048 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(max = 2048))]
    pub description: Option<String>,
    /// The ARN of an IAM role of the same account, in its members' ID tokens as `cognito:roles`. AWS has no way to
    /// take a role off a group again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(schema_with = "arn::role")]
    pub role_arn: Option<String>,
    /// Which group's role counts for a user in several groups: the lowest number. 0 is the highest precedence, an absent
    /// one comes last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0, max = 2_147_483_647))]
    pub precedence: Option<u32>,
}

impl Spec for Group {
    fn normalize(&mut self) {
        self.description.take_if(|text| text.is_empty());
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::kind::Kind;
    use crate::kind::testing::{assert_differ, assert_same};

    #[test]
    fn precedence_0_is_not_the_same_as_none() {
        assert_differ(Kind::Group, &json!({}), &json!({"precedence": 0}));
        assert_same(Kind::Group, &json!({}), &json!({"groupName": "secret-reader", "description": ""}));
    }
}

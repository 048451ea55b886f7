//! Triggers: functions, in the stack's region.

use serde_json::{Value, json};

use super::made::assert_found;

#[test]
fn triggers() {
    let triggers = |triggers: Value| json!({"region": "eu-west-1", "functions": {"f": {}}, "userPools": {"p": {"triggers": triggers}}});
    let pre_sign_up = |arn: &str| triggers(json!({"preSignUp": arn}));
    let key = |arn: &str| triggers(json!({"kmsKeyId": arn}));
    assert_found([
        (pre_sign_up("arn:aws:lambda:eu-west-1:999999999999:function:f:live"), ""),
        (
            pre_sign_up("arn:aws:lambda:us-east-1:123456789012:function:f"),
            "userPools.p.triggers.preSignUp: this is in the region `us-east-1`, and the stack is in `eu-west-1`",
        ),
        (
            triggers(json!({"customEmailSender": {"lambdaArn": "arn:aws:lambda:us-east-1:123456789012:function:f"}})),
            "userPools.p.triggers.customEmailSender.lambdaArn: this is in the region",
        ),
        (
            pre_sign_up("arn:aws:iam::123456789012:role/f"),
            "triggers.preSignUp: `arn:aws:iam::123456789012:role/f` is not",
        ),
        (pre_sign_up("arn:aws:lambda:eu-west-1:123456789012:layer:l:1"), "is not the ARN of a Lambda function"),
        (pre_sign_up("${functions.f.arn}"), ""),
        (pre_sign_up("${functions.f.arn}:live"), ""),
        (
            pre_sign_up("${functions.f.name}"),
            "triggers.preSignUp: `${functions.f.name}` is not the ARN of a function, which a trigger is",
        ),
        (
            triggers(json!({"preTokenGenerationConfig": {"lambdaArn": "${userPools.p.arn}"}})),
            "triggers.preTokenGenerationConfig.lambdaArn: `${userPools.p.arn}` is not",
        ),
        // What is not of the stack, and what has only a part of it, is not judged.
        (pre_sign_up("${var.function}"), ""),
        (pre_sign_up("arn:aws:lambda:us-east-1:123456789012:function:${functions.f.name}"), ""),
        (key("arn:aws:kms:eu-west-1:999999999999:key/1"), ""),
        (key("arn:aws:kms:us-east-1:123456789012:key/1"), "triggers.kmsKeyId: this is in the region `us-east-1`"),
        (key("arn:aws:lambda:eu-west-1:123456789012:function:f"), "is not the ARN of a KMS key"),
        (key("${functions.f.arn}"), "triggers.kmsKeyId: `${functions.f.arn}` is not the ARN of a KMS key"),
        (key("${var.key}"), ""),
    ]);
}

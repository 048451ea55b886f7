//! The model as the sandbox uses it: it loads whole, says what AWS says, and a value that it allows
//! anywhere is one that it allows everywhere.

use serde_json::{Value, json};

use super::{Service, Violation, operation};

fn check(service: Service, name: &str, input: &Value) -> Result<(), Violation> {
    operation(service, name).unwrap_or_else(|| panic!("{service} {name}")).check(input)
}

/// What AWS says of this request to user pools.
fn said(name: &str, input: &Value) -> String {
    check(Service::UserPools, name, input).expect_err("a violation").to_string()
}

#[test]
fn every_pattern_compiles() {
    for service in Service::ALL {
        for (name, shape) in service.model().shapes() {
            assert!(shape.pattern.as_ref().is_none_or(super::pattern::Pattern::compiles), "{service} {name}");
        }
    }
}

#[test]
fn violations_are_told_all_at_once_in_the_words_of_aws() {
    assert_eq!(
        said("CreateUserPool", &json!({"PoolName": "a".repeat(129), "MfaConfiguration": "MAYBE"})),
        format!(
            "2 validation errors detected: Value '{}' at 'poolName' failed to satisfy constraint: Member must have \
             length less than or equal to 128; Value 'MAYBE' at 'mfaConfiguration' failed to satisfy constraint: \
             Member must satisfy enum value set: [OFF, ON, OPTIONAL]",
            "a".repeat(129)
        )
    );
}

//! The schema: complete, and in the form that editors and the checker want.

use aws_sdk_cognitoidentityprovider::operation::create_user_pool::CreateUserPoolInput;
use aws_sdk_cognitoidentityprovider::operation::set_user_pool_mfa_config::SetUserPoolMfaConfigInput;
use aws_sdk_cognitoidentityprovider::operation::update_user_pool::UpdateUserPoolInput;
use aws_sdk_cognitoidentityprovider::types;
use serde_json::{Value, json};

use crate::kind::Kind;
use crate::kind::user_pool::{LEFT_OUT, MFA_PROPERTIES};

#[test]
fn the_schema_has_every_member_of_the_api() {
    let schema = Kind::UserPool.schema();
    for (members, at) in [
        (CreateUserPoolInput::SCHEMA.members(), ""),
        (UpdateUserPoolInput::SCHEMA.members(), ""),
        (SetUserPoolMfaConfigInput::SCHEMA.members(), ""),
        (types::UserPoolPolicyType::SCHEMA.members(), "/properties/policies"),
        (types::PasswordPolicyType::SCHEMA.members(), "/properties/policies/properties/passwordPolicy"),
        (types::SignInPolicyType::SCHEMA.members(), "/properties/policies/properties/signInPolicy"),
        (types::LambdaConfigType::SCHEMA.members(), "/properties/triggers"),
        (types::VerificationMessageTemplateType::SCHEMA.members(), "/properties/verificationMessageTemplate"),
        (types::UserAttributeUpdateSettingsType::SCHEMA.members(), "/properties/userAttributeUpdateSettings"),
        (types::DeviceConfigurationType::SCHEMA.members(), "/properties/deviceConfiguration"),
        (types::EmailConfigurationType::SCHEMA.members(), "/properties/emailConfiguration"),
        (types::SmsConfigurationType::SCHEMA.members(), "/properties/smsConfiguration"),
        (types::EumsSmsConfigurationType::SCHEMA.members(), "/properties/smsConfiguration/properties/eumsSms"),
        (types::AdminCreateUserConfigType::SCHEMA.members(), "/properties/adminCreateUserConfig"),
        (
            types::MessageTemplateType::SCHEMA.members(),
            "/properties/adminCreateUserConfig/properties/inviteMessageTemplate",
        ),
        (types::SchemaAttributeType::SCHEMA.members(), "/properties/schema/items"),
        (types::UserPoolAddOnsType::SCHEMA.members(), "/properties/userPoolAddOns"),
        (types::KeyConfigurationType::SCHEMA.members(), "/properties/keyConfiguration"),
        (types::IssuerConfigurationType::SCHEMA.members(), "/properties/issuerConfiguration"),
        (types::UsernameConfigurationType::SCHEMA.members(), "/properties/usernameConfiguration"),
        (types::WebAuthnConfigurationType::SCHEMA.members(), "/properties/webAuthnConfiguration"),
        (types::SmsMfaConfigType::SCHEMA.members(), "/properties/smsMfaConfiguration"),
        (types::EmailMfaConfigType::SCHEMA.members(), "/properties/emailMfaConfiguration"),
        (types::SoftwareTokenMfaConfigType::SCHEMA.members(), "/properties/softwareTokenMfaConfiguration"),
    ] {
        let properties = schema.pointer(&format!("{at}/properties")).and_then(Value::as_object).expect(at);
        assert!(!members.is_empty(), "{at}");
        for member in members {
            let name = member.member_name().expect("a member's name");
            let id = format!("{}${name}", member.shape_id().shape_name());
            let renamed = Kind::UserPool.api_names().iter().find(|(_, api)| *api == name).map(|(ours, _)| *ours);
            let known = properties.keys().any(|key| key.eq_ignore_ascii_case(renamed.unwrap_or(name)));
            let left_out = LEFT_OUT.iter().any(|(member, _)| *member == id);
            assert!(known != left_out, "{id} must be in the format or be left out for a reason");
        }
    }
    for name in MFA_PROPERTIES {
        assert!(schema["properties"].get(name).is_some(), "{name}");
    }
}

#[test]
fn the_schema_is_what_editors_and_the_checker_want() {
    fn walk(schema: &Value, at: &str) {
        if let Value::Object(map) = schema {
            assert!(!map.contains_key("$ref"), "{at}");
            assert!(map.get("default").is_none_or(|default| !default.is_null()), "{at}");
            assert!(map.contains_key("pattern") == map.contains_key("x-pattern-help"), "{at}");
            let pattern = map.get("pattern").and_then(Value::as_str);
            assert!(pattern.is_none_or(|pattern| regex::Regex::new(pattern).is_ok()), "{at}");
            for (name, property) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
                assert!(property.get("description").is_some(), "{at}.{name} is described");
                walk(property, &format!("{at}.{name}"));
            }
            for key in ["items", "additionalProperties"] {
                walk(map.get(key).unwrap_or(&Value::Null), &format!("{at}.{key}"));
            }
            for option in ["anyOf", "oneOf"].iter().filter_map(|key| map.get(*key)?.as_array()).flatten() {
                walk(option, &format!("{at}|"));
            }
        }
    }
    let schema = Kind::UserPool.schema();
    walk(schema, "");
    let password = &schema["properties"]["policies"]["properties"]["passwordPolicy"];
    assert_eq!(
        password["required"],
        json!(["requireLowercase", "requireUppercase", "requireNumbers", "requireSymbols"])
    );
    assert!(!schema.to_string().contains("\"null\""));
}

//! Multi-factor authentication: which settings follow which, and what is shown of them.

use serde_json::{Value, json};

use super::{ask, described, done, pool, sandbox, ses, sms, with};

const CODE: &str = "Your code is {####}.";

async fn set(sandbox: &crate::sandbox::Sandbox, id: &str, settings: &Value) -> Result<Value, (String, String)> {
    ask(sandbox, "SetUserPoolMfaConfig", &with(&json!({"UserPoolId": id}), settings)).await
}

async fn shown(sandbox: &crate::sandbox::Sandbox, id: &str) -> Value {
    done(sandbox, "GetUserPoolMfaConfig", &json!({"UserPoolId": id})).await
}

fn single_factor() -> Value {
    json!({"FactorConfiguration": "SINGLE_FACTOR"})
}

#[tokio::test]
async fn factors_are_replaced_as_a_whole() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({"EmailConfiguration": ses()})).await;
    assert_eq!(
        shown(&sandbox, &id).await,
        json!({"MfaConfiguration": "OFF", "WebAuthnConfiguration": single_factor()})
    );
    let both = json!({
        "MfaConfiguration": "OPTIONAL",
        "SoftwareTokenMfaConfiguration": {"Enabled": true},
        "EmailMfaConfiguration": {},
        "WebAuthnConfiguration": {"RelyingPartyId": "example.com"},
    });
    let answer = set(&sandbox, &id, &both).await.expect("two factors");
    let passkeys = json!({
        "RelyingPartyId": "example.com",
        "UserVerification": "preferred",
        "FactorConfiguration": "SINGLE_FACTOR",
    });
    assert_eq!(answer, with(&both, &json!({"WebAuthnConfiguration": passkeys})));
    assert_eq!(shown(&sandbox, &id).await, answer);
    assert_eq!(described(&sandbox, &id).await["MfaConfiguration"], "OPTIONAL");
    let one = json!({"MfaConfiguration": "ON", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    let answer = set(&sandbox, &id, &one).await.expect("one factor");
    assert_eq!(answer, with(&one, &json!({"WebAuthnConfiguration": single_factor()})));
    let answer = set(&sandbox, &id, &json!({})).await.expect("none");
    assert_eq!(answer, json!({"MfaConfiguration": "OFF", "WebAuthnConfiguration": single_factor()}));
}

#[tokio::test]
async fn what_text_messages_need_is_the_pools_and_outlives_the_factor() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({})).await;
    let factor = json!({"SmsAuthenticationMessage": CODE, "SmsConfiguration": sms()});
    let both = json!({
        "MfaConfiguration": "OPTIONAL",
        "SmsMfaConfiguration": factor,
        "SoftwareTokenMfaConfiguration": {"Enabled": true},
    });
    set(&sandbox, &id, &both).await.expect("two factors");
    let body = described(&sandbox, &id).await;
    assert_eq!((&body["SmsConfiguration"], &body["SmsAuthenticationMessage"]), (&sms(), &json!(CODE)));
    let one = json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    let answer = set(&sandbox, &id, &one).await.expect("one factor");
    assert_eq!(answer["SmsMfaConfiguration"], factor);
    // Text messages are no factor any more, so the pool can do without.
    done(&sandbox, "UpdateUserPool", &json!({"UserPoolId": id, "MfaConfiguration": "OPTIONAL"})).await;
    assert_eq!(shown(&sandbox, &id).await.get("SmsMfaConfiguration"), None);
}

#[tokio::test]
async fn the_region_of_text_messages_is_filled_in() {
    let sandbox = sandbox();
    let role = json!({"SnsCallerArn": sms()["SnsCallerArn"]});
    let id = pool(&sandbox, &json!({"SmsConfiguration": role})).await;
    assert_eq!(described(&sandbox, &id).await["SmsConfiguration"]["SnsRegion"], "us-east-1");
}

#[tokio::test]
async fn an_update_turns_factors_off_but_not_passkeys() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({})).await;
    let on = json!({
        "MfaConfiguration": "ON",
        "SoftwareTokenMfaConfiguration": {"Enabled": true},
        "WebAuthnConfiguration": {"UserVerification": "required"},
    });
    set(&sandbox, &id, &on).await.expect("a factor");
    done(&sandbox, "UpdateUserPool", &json!({"UserPoolId": id, "MfaConfiguration": "OFF"})).await;
    let passkeys = json!({"UserVerification": "required", "FactorConfiguration": "SINGLE_FACTOR"});
    assert_eq!(shown(&sandbox, &id).await, json!({"MfaConfiguration": "OFF", "WebAuthnConfiguration": passkeys}));
}

#[tokio::test]
async fn factors_that_do_not_fit_the_mode_or_the_pool_are_refused() {
    const TOGETHER: &str = "Invalid MFA configuration given, can't turn off MFA and configure an MFA together";
    let token = |enabled: bool| json!({"SoftwareTokenMfaConfiguration": {"Enabled": enabled}});
    let mode = |mode: &str| json!({"MfaConfiguration": mode});
    let on = with(&mode("ON"), &token(true));
    let optional = with(&mode("OPTIONAL"), &token(true));
    let first = |factor: &str| json!({"Policies": {"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", factor]}}});
    let phone =
        json!({"SmsConfiguration": sms(), "AutoVerifiedAttributes": ["phone_number"], "MfaConfiguration": "OPTIONAL"});
    let by_phone = json!({
        "SmsConfiguration": sms(),
        "AccountRecoverySetting": {"RecoveryMechanisms": [{"Priority": 1, "Name": "verified_phone_number"}]},
    });
    let several = json!({"WebAuthnConfiguration": {"FactorConfiguration": "MULTI_FACTOR_WITH_USER_VERIFICATION"}});
    let email = with(&mode("OPTIONAL"), &json!({"EmailMfaConfiguration": {}}));
    let lite = json!({"UserPoolTier": "LITE", "EmailConfiguration": ses()});
    let sms_factor = with(&mode("OPTIONAL"), &json!({"SmsMfaConfiguration": {}}));
    let cases = [
        (json!({}), with(&mode("OFF"), &token(true)), Err(TOGETHER)),
        (json!({}), with(&mode("OFF"), &token(false)), Err(TOGETHER)),
        (json!({}), token(true), Err(TOGETHER)),
        (json!({}), with(&mode("OFF"), &several), Ok(())),
        (json!({}), mode("ON"), Err("SMS MFA, Email MFA, or Software Token MFA must be enabled")),
        (
            json!({}),
            with(&mode("OPTIONAL"), &token(false)),
            Err("can't disable all MFAs with a required or optional configuration"),
        ),
        (first("EMAIL_OTP"), on.clone(), Err("Only PASSWORD and WEB_AUTHN")),
        (first("EMAIL_OTP"), optional.clone(), Ok(())),
        (first("WEB_AUTHN"), on.clone(), Err("MULTI_FACTOR_WITH_USER_VERIFICATION")),
        (first("WEB_AUTHN"), with(&on, &several), Ok(())),
        (phone.clone(), optional, Err("Can't turn off SMS_MFA when SMS configuration is set for the user pool")),
        (phone, mode("OFF"), Ok(())),
        (by_phone, sms_factor.clone(), Err("Account Recovery Setting cannot use verified_phone_number")),
        (json!({}), sms_factor, Err("SMS configuration is required")),
        (json!({}), email.clone(), Err("DEVELOPER")),
        (lite, email, Err("Email MFA requires the tier ESSENTIALS")),
    ];
    for (settings, request, expected) in cases {
        let sandbox = sandbox();
        let id = pool(&sandbox, &settings).await;
        let before = (described(&sandbox, &id).await, shown(&sandbox, &id).await);
        match (set(&sandbox, &id, &request).await, expected) {
            (Ok(_), Ok(())) => {}
            (Err((_, told)), Err(message)) => {
                assert!(told.contains(message), "{request} of {settings}: {told}");
                assert_eq!((described(&sandbox, &id).await, shown(&sandbox, &id).await), before, "{request}");
            }
            (answer, _) => panic!("{request} of a pool with {settings}: {answer:?}"),
        }
    }
}

#[tokio::test]
async fn a_token_alone_shows_as_a_real_pool_showed_it() {
    let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/corpus/110-GetUserPoolMfaConfig.json");
    let document: Value = serde_json::from_str(&std::fs::read_to_string(file).expect("a text")).expect("JSON");
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({})).await;
    set(&sandbox, &id, &document["response"]).await.expect("a factor");
    let mut own = shown(&sandbox, &id).await;
    // Passkeys are younger than the answer.
    own.as_object_mut().expect("an object").remove("WebAuthnConfiguration");
    assert_eq!(own, document["response"]);
}

#[tokio::test]
async fn text_messages_stay_a_factor_while_a_sign_in_begins_with_them() {
    let sandbox = sandbox();
    let policies = json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD", "SMS_OTP"]}});
    let id = pool(&sandbox, &json!({"SmsConfiguration": sms(), "Policies": policies})).await;
    let token = json!({"MfaConfiguration": "OPTIONAL", "SoftwareTokenMfaConfiguration": {"Enabled": true}});
    let both = with(&token, &json!({"SmsMfaConfiguration": {"SmsConfiguration": sms()}}));
    set(&sandbox, &id, &both).await.expect("two factors");
    let (_, told) = set(&sandbox, &id, &token).await.expect_err("one factor");
    assert!(told.contains("Can't turn off SMS_MFA"), "{told}");
    let passwords = json!({"SignInPolicy": {"AllowedFirstAuthFactors": ["PASSWORD"]}});
    let update = json!({
        "UserPoolId": id,
        "MfaConfiguration": "OPTIONAL",
        "SmsConfiguration": sms(),
        "Policies": passwords,
    });
    done(&sandbox, "UpdateUserPool", &update).await;
    set(&sandbox, &id, &token).await.expect("one factor");
}

#[tokio::test]
async fn passkeys_rely_on_a_bare_host_name() {
    let sandbox = sandbox();
    let id = pool(&sandbox, &json!({})).await;
    let passkeys = |host: &str| json!({"WebAuthnConfiguration": {"RelyingPartyId": host}});
    for host in ["https://example.com", "example.com/", "example.com:443", "exa mple.com", ".example.com", "*.com"] {
        let (code, told) = set(&sandbox, &id, &passkeys(host)).await.expect_err(host);
        assert!(code == "InvalidParameterException" && told.contains("RelyingPartyId"), "{host}: {code} {told}");
    }
    for host in ["localhost", "example.com", "Login.Example.com", "shop.auth.us-east-1.amazoncognito.com"] {
        set(&sandbox, &id, &passkeys(host)).await.expect(host);
        assert_eq!(shown(&sandbox, &id).await["WebAuthnConfiguration"]["RelyingPartyId"], host);
    }
}

//! AWS's rules across the properties of a pool that hold without asking AWS. Each names the
//! properties it rests on, so that none is judged before their values are known. What AWS does is
//! not documented or measured for some combinations: those are left to AWS.

use super::{
    AdvancedSecurityMode, AuthFactor, EmailConfiguration, EmailSendingAccount, KeyType, MfaConfiguration,
    PreTokenGenerationVersion, RecoveryName, SmsConfiguration, Tier, Triggers, UserPool, VerifiedAttribute,
    WebAuthnFactor, schema_rules,
};
use crate::diagnostic::Findings;
use crate::kind::tags;

const FIRST_FACTORS: &str = "policies.signInPolicy.allowedFirstAuthFactors";
const RECOVERY: &str = "accountRecoverySetting.recoveryMechanisms";
const ESSENTIALS: &str = "set userPoolTier to ESSENTIALS or PLUS";

/// Checks what a file declares of a pool.
pub(super) fn check(pool: &UserPool, findings: &mut Findings) {
    tags::check(&pool.tags, findings);
    schema_rules::check(&pool.schema, findings);
    names_and_verification(pool, findings);
    sms(pool, findings);
    email(pool, findings);
    key(pool, findings);
    first_factors(pool, findings);
    mfa(pool, findings);
    mfa_and_first_factors(pool, findings);
    recovery(pool, findings);
    tier(pool, findings);
    triggers(&pool.triggers, findings);
    authentication_levels(pool, findings);
}

fn names_and_verification(pool: &UserPool, findings: &mut Findings) {
    if !pool.alias_attributes.is_empty() && !pool.username_attributes.is_empty() {
        findings.rule_with_help(
            &["aliasAttributes", "usernameAttributes"],
            "`aliasAttributes` and `usernameAttributes` exclude each other",
            "with usernameAttributes users sign in with these instead of a user name; with aliasAttributes besides it",
        );
    }
    let verified_first = &pool.user_attribute_update_settings.attributes_require_verification_before_update;
    if !verified_first.is_subset(&pool.auto_verified_attributes) {
        findings.rule_with_help(
            &["userAttributeUpdateSettings.attributesRequireVerificationBeforeUpdate", "autoVerifiedAttributes"],
            "what requires verification before an update must be in `autoVerifiedAttributes`",
            "add it to autoVerifiedAttributes",
        );
    }
    let password_only = pool.policies.sign_in_policy.allowed_first_auth_factors.iter().eq([&AuthFactor::Password]);
    let invitation = pool.admin_create_user_config.invite_message_template.as_ref();
    let messages = invitation.map(|texts| [("smsMessage", &texts.sms_message), ("emailMessage", &texts.email_message)]);
    for (name, text) in messages.into_iter().flatten() {
        if password_only && text.as_ref().is_some_and(|text| !text.contains("{####}")) {
            let path = format!("adminCreateUserConfig.inviteMessageTemplate.{name}");
            findings.rule_with_help(
                &[&path, FIRST_FACTORS],
                format!("`{name}` must contain {{####}}, the temporary password"),
                "only users who can sign in without a password need none",
            );
        }
    }
}

fn sms(pool: &UserPool, findings: &mut Findings) {
    let inside = pool.sms_mfa_configuration.as_ref();
    let both = (pool.sms_configuration.as_ref(), inside.and_then(|sms| sms.sms_configuration.as_ref()));
    if let (Some(on_pool), Some(in_mfa)) = both
        && on_pool != in_mfa
    {
        findings.rule_with_help(
            &["smsMfaConfiguration.smsConfiguration", "smsConfiguration"],
            "`smsConfiguration` is given twice, here and on the pool, and differs: to AWS it is one thing",
            "give it on the pool alone",
        );
    }
    let both =
        (pool.sms_authentication_message.as_ref(), inside.and_then(|sms| sms.sms_authentication_message.as_ref()));
    if let (Some(on_pool), Some(in_mfa)) = both
        && on_pool != in_mfa
    {
        findings.rule_with_help(
            &["smsMfaConfiguration.smsAuthenticationMessage", "smsAuthenticationMessage"],
            "`smsAuthenticationMessage` is given twice, here and on the pool, and differs: to AWS it is one thing",
            "give it on the pool alone",
        );
    }

    let places = [
        ("smsConfiguration", pool.sms_configuration.as_ref()),
        ("smsMfaConfiguration.smsConfiguration", inside.and_then(|sms| sms.sms_configuration.as_ref())),
    ];
    for (path, sending) in places {
        if let Some(sending) = sending {
            sms_sender(path, sending, findings);
        }
    }

    let how = "add smsConfiguration: {snsCallerArn: <the role that sends>}";
    let sending = ["smsConfiguration", "smsMfaConfiguration"];
    if pool.sms_sending().is_none() {
        if pool.auto_verified_attributes.contains(&VerifiedAttribute::PhoneNumber) {
            let paths = ["autoVerifiedAttributes", sending[0], sending[1]];
            findings.rule_with_help(&paths, "verifying `phone_number` needs `smsConfiguration`", how);
        }
        if pool.policies.sign_in_policy.allowed_first_auth_factors.contains(&AuthFactor::SmsOtp) {
            let paths = [FIRST_FACTORS, sending[0], sending[1]];
            findings.rule_with_help(&paths, "the first factor SMS_OTP needs `smsConfiguration`", how);
        }
        let ways = &pool.account_recovery_setting.recovery_mechanisms;
        if !ways.is_empty() && ways.iter().all(|way| way.name == RecoveryName::VerifiedPhoneNumber) {
            let paths = [RECOVERY, sending[0], sending[1]];
            findings.rule_with_help(
                &paths,
                "`verified_phone_number` as the only way of recovery needs `smsConfiguration`",
                how,
            );
        }
        if pool.sms_mfa_configuration.is_some() && pool.mfa_configuration != MfaConfiguration::Off {
            let paths = [sending[1], sending[0], "mfaConfiguration"];
            findings.rule_with_help(&paths, "SMS as a factor needs `smsConfiguration`", how);
        }
    }
}

/// Who sends SMS, of a block at `path`.
pub(in crate::kind) fn sms_sender(path: &str, sending: &SmsConfiguration, findings: &mut Findings) {
    match (&sending.sns_caller_arn, &sending.eums_sms) {
        (Some(_), Some(_)) => {
            findings.rule(&[path], "`snsCallerArn` and `eumsSms` exclude each other: SMS are sent by one of the two");
        }
        (None, None) => findings.rule(&[path], "`snsCallerArn` or `eumsSms` is missing: who sends the SMS"),
        _ => {}
    }
}

/// Who sends email, of an `emailConfiguration`.
pub(in crate::kind) fn email_sender(email: &EmailConfiguration, findings: &mut Findings) {
    if email.email_sending_account == EmailSendingAccount::Developer && email.source_arn.is_none() {
        findings.rule_with_help(
            &["emailConfiguration.emailSendingAccount", "emailConfiguration.sourceArn"],
            "sending as DEVELOPER needs `sourceArn`",
            "give the ARN of the SES identity to send from",
        );
    }
}

fn email(pool: &UserPool, findings: &mut Findings) {
    let email = &pool.email_configuration;
    email_sender(email, findings);
    if pool.email_mfa_configuration.is_some() && email.email_sending_account != EmailSendingAccount::Developer {
        findings.rule_with_help(
            &["emailMfaConfiguration", "emailConfiguration.emailSendingAccount"],
            "codes by email as a factor need `emailConfiguration` with emailSendingAccount: DEVELOPER",
            "Cognito's own account sends no such codes: send through SES",
        );
    }
}

fn key(pool: &UserPool, findings: &mut Findings) {
    const PATHS: [&str; 2] = ["keyConfiguration.keyType", "keyConfiguration.kmsKeyArn"];
    let key = &pool.key_configuration;
    match (key.key_type, &key.kms_key_arn) {
        (KeyType::CustomerManagedKey, None) => {
            findings.rule_with_help(
                &PATHS,
                "`keyType: CUSTOMER_MANAGED_KEY` needs `kmsKeyArn`",
                "give the ARN of your KMS key",
            );
        }
        // Which key it is does not matter here, so it may be unknown.
        (KeyType::AwsOwnedKey, Some(_)) => findings.rule_with_help(
            &PATHS[..1],
            "`kmsKeyArn` is a key of your own, and `keyType` is AWS_OWNED_KEY, as it is where it is not given",
            "add keyType: CUSTOMER_MANAGED_KEY, or take kmsKeyArn out",
        ),
        _ => {}
    }
}

fn first_factors(pool: &UserPool, findings: &mut Findings) {
    let factors = &pool.policies.sign_in_policy.allowed_first_auth_factors;
    if !factors.contains(&AuthFactor::Password) {
        findings.rule(&[FIRST_FACTORS], "PASSWORD must be among the first factors");
    }
    if factors.contains(&AuthFactor::SoftwareToken) {
        findings.rule_with_help(
            &[FIRST_FACTORS],
            "AWS does not take SOFTWARE_TOKEN as a first factor",
            "as a second one: softwareTokenMfaConfiguration: {enabled: true}",
        );
    }
}

fn mfa(pool: &UserPool, findings: &mut Findings) {
    let declared = [
        ("softwareTokenMfaConfiguration", pool.has_software_token_factor()),
        ("smsMfaConfiguration", pool.has_sms_factor()),
        ("emailMfaConfiguration", pool.email_mfa_configuration.is_some()),
    ];
    if pool.mfa_configuration == MfaConfiguration::Off {
        for (path, _) in declared.into_iter().filter(|(_, declared)| *declared) {
            findings.rule_with_help(
                &[path, "mfaConfiguration"],
                format!("`{path}` is a factor, but `mfaConfiguration` is OFF"),
                "set mfaConfiguration to OPTIONAL or ON, or take the factor away",
            );
        }
    } else if pool.sms_mfa_configuration.is_none() && declared.iter().all(|(_, declared)| !declared) {
        findings.rule_with_help(
            &["mfaConfiguration", declared[0].0, declared[1].0, declared[2].0],
            "`mfaConfiguration` is on, but there is no factor",
            "add softwareTokenMfaConfiguration: {enabled: true}, smsMfaConfiguration or emailMfaConfiguration",
        );
    }
}

fn mfa_and_first_factors(pool: &UserPool, findings: &mut Findings) {
    if pool.mfa_configuration != MfaConfiguration::On {
        return;
    }
    let factors = &pool.policies.sign_in_policy.allowed_first_auth_factors;
    for (factor, name) in [(AuthFactor::EmailOtp, "EMAIL_OTP"), (AuthFactor::SmsOtp, "SMS_OTP")] {
        if factors.contains(&factor) {
            findings.rule_with_help(
                &[FIRST_FACTORS, "mfaConfiguration"],
                format!("{name} cannot be a first factor while `mfaConfiguration` is ON"),
                "with OPTIONAL it can",
            );
        }
    }
    if factors.contains(&AuthFactor::WebAuthn)
        && pool.web_authn_configuration.factor_configuration == WebAuthnFactor::SingleFactor
    {
        findings.rule_with_help(
            &[FIRST_FACTORS, "mfaConfiguration", "webAuthnConfiguration.factorConfiguration"],
            "WEB_AUTHN as a first factor while `mfaConfiguration` is ON needs passkeys that count as two factors",
            "set webAuthnConfiguration.factorConfiguration to MULTI_FACTOR_WITH_USER_VERIFICATION",
        );
    }
}

fn recovery(pool: &UserPool, findings: &mut Findings) {
    let mechanisms = &pool.account_recovery_setting.recovery_mechanisms;
    if mechanisms.len() > 1 && mechanisms.iter().any(|mechanism| mechanism.name == RecoveryName::AdminOnly) {
        findings.rule(&[RECOVERY], "`admin_only` must be the only way of recovery");
    }
    for (position, mechanism) in mechanisms.iter().enumerate() {
        let before = &mechanisms[..position];
        if before.iter().any(|earlier| earlier.priority == mechanism.priority) {
            let path = format!("{RECOVERY}[{position}].priority");
            findings.rule(&[&path, RECOVERY], format!("two ways of recovery have the priority {}", mechanism.priority));
        }
        if before.iter().any(|earlier| earlier.name == mechanism.name) {
            let path = format!("{RECOVERY}[{position}].name");
            findings.rule(&[&path, RECOVERY], "a way of recovery is given twice");
        }
    }
    let only_phone =
        !mechanisms.is_empty() && mechanisms.iter().all(|way| way.name == RecoveryName::VerifiedPhoneNumber);
    if only_phone && pool.has_sms_factor() && pool.mfa_configuration != MfaConfiguration::Off {
        findings.rule_with_help(
            &[RECOVERY, "mfaConfiguration"],
            "`verified_phone_number` cannot be the only way of recovery where SMS is a factor: the phone would do for both",
            "add verified_email",
        );
    }
}

fn tier(pool: &UserPool, findings: &mut Findings) {
    const TIER: &str = "userPoolTier";
    if pool.user_pool_tier == Tier::Lite {
        let mut needs = |path: &str, what: &str| {
            findings.rule_with_help(
                &[path, TIER],
                format!("{what} the tier ESSENTIALS or PLUS, and `userPoolTier` is LITE"),
                ESSENTIALS,
            );
        };
        if pool.policies.sign_in_policy.allowed_first_auth_factors.iter().any(|factor| *factor != AuthFactor::Password)
        {
            needs(FIRST_FACTORS, "first factors other than PASSWORD need");
        }
        if pool.policies.password_policy.password_history_size.is_some_and(|size| size > 0) {
            needs("policies.passwordPolicy.passwordHistorySize", "`passwordHistorySize` needs");
        }
        if pool.email_mfa_configuration.is_some() {
            needs("emailMfaConfiguration", "codes by email as a factor need");
        }
        if pool.web_authn_configuration.factor_configuration == WebAuthnFactor::MultiFactorWithUserVerification {
            needs("webAuthnConfiguration.factorConfiguration", "passkeys that count as two factors need");
        }
        if pool.acr_configuration.is_some() {
            needs("acrConfiguration", "`acrConfiguration` needs");
        }
        let token = pool.triggers.pre_token_generation_config.as_ref();
        if token.is_some_and(|config| config.lambda_version > PreTokenGenerationVersion::V1_0) {
            needs("triggers.preTokenGenerationConfig.lambdaVersion", "versions after V1_0 need");
        }
    }
    if pool.user_pool_tier != Tier::Plus {
        let add_ons = &pool.user_pool_add_ons;
        let flows = add_ons.advanced_security_additional_flows.as_ref();
        let modes = [
            ("userPoolAddOns.advancedSecurityMode", add_ons.advanced_security_mode != AdvancedSecurityMode::Off),
            (
                "userPoolAddOns.advancedSecurityAdditionalFlows.customAuthMode",
                flows.is_some_and(|flows| flows.custom_auth_mode.is_some()),
            ),
        ];
        if let Some((path, _)) = modes.into_iter().find(|(_, on)| *on) {
            findings.rule_with_help(
                &[path, TIER],
                "threat protection needs the tier PLUS",
                "set userPoolTier to PLUS; where it is not given it is ESSENTIALS",
            );
        }
    }
}

/// The functions of a `triggers` block.
pub(in crate::kind) fn triggers(triggers: &Triggers, findings: &mut Findings) {
    if triggers.kms_key_id.is_none() {
        for (path, sender) in [
            ("triggers.customSmsSender", &triggers.custom_sms_sender),
            ("triggers.customEmailSender", &triggers.custom_email_sender),
        ] {
            if sender.is_some() {
                findings.rule_with_help(
                    // Which function it is does not matter here, so it may be unknown.
                    &[&format!("{path}.lambdaVersion"), "triggers.kmsKeyId"],
                    "a custom sender needs `kmsKeyId`, the key that encrypts what it sends",
                    "add triggers.kmsKeyId, the ARN of a symmetric KMS key",
                );
            }
        }
    }
    if let (Some(legacy), Some(config)) = (&triggers.pre_token_generation, &triggers.pre_token_generation_config)
        && *legacy != config.lambda_arn
    {
        findings.rule_with_help(
            &["triggers.preTokenGeneration", "triggers.preTokenGenerationConfig.lambdaArn"],
            "`preTokenGeneration` and `preTokenGenerationConfig` must name the same function",
            "preTokenGenerationConfig alone is enough",
        );
    }
}

fn authentication_levels(pool: &UserPool, findings: &mut Findings) {
    let Some(levels) = &pool.acr_configuration else { return };
    let names: Vec<(usize, bool, String)> = levels
        .levels()
        .map(|(number, level)| {
            let name = level.map_or_else(|| format!("urn:cognito:loa:{number}"), |level| level.acr_value.clone());
            (number, level.is_some(), name)
        })
        .collect();
    for (number, declared, name) in &names {
        let twin = names
            .iter()
            .find(|(other, _, twin)| other != number && twin == name && (other < number || !names[other - 1].1));
        if let (true, Some((other, _, _))) = (declared, twin) {
            let path = format!("acrConfiguration.Level{number}.acrValue");
            findings.rule(
                &[&path, "acrConfiguration"],
                format!("Level{number} and Level{other} are both called `{name}`: each level needs a name of its own"),
            );
        }
    }
}

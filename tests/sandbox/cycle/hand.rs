//! The change that somebody else makes: read, one property laid over, and sent as a whole, by calls
//! that share nothing with the tool but the API.

use poolkeeper::kind::Kind;
use poolkeeper::path::{Path, Segment};
use poolkeeper::plan::work::Options;
use poolkeeper::sandbox::Reply;
use poolkeeper::sandbox::model::{self, Service};
use poolkeeper::sandbox::wire::Request;
use poolkeeper::stack::Stack;
use serde_json::{Map, Value, json};

use super::facet_hand;
use super::row::lay_over;
use crate::lab::Lab;

/// Names in the API that are not those of the file with a capital letter.
const NAMES: &[(&str, &str)] = &[
    ("callbackUrls", "CallbackURLs"),
    ("logoutUrls", "LogoutURLs"),
    ("defaultRedirectUri", "DefaultRedirectURI"),
    ("customSmsSender", "CustomSMSSender"),
    ("kmsKeyId", "KMSKeyID"),
    ("openIdConnectProviderArns", "OpenIdConnectProviderARNs"),
    ("samlProviderArns", "SamlProviderARNs"),
    ("triggers", "LambdaConfig"),
    ("css", "CSS"),
    ("blockedIpRangeList", "BlockedIPRangeList"),
    ("skippedIpRangeList", "SkippedIPRangeList"),
];

/// Objects whose keys are the user's, or AWS's own for values.
const MAPS: &[&str] = &[
    "providerDetails",
    "attributeMapping",
    "acrMapping",
    "supportedLoginProviders",
    "roles",
    "roleMappings",
    "principalTags",
    "links",
];

/// What is set by a call of its own.
const MFA: &[&str] = &[
    "mfaConfiguration",
    "smsMfaConfiguration",
    "softwareTokenMfaConfiguration",
    "emailMfaConfiguration",
    "webAuthnConfiguration",
];

/// What mirrors other members and is not sent back.
const MIRRORS: &[&str] = &["SmsVerificationMessage", "EmailVerificationMessage", "EmailVerificationSubject"];

/// What AWS derives from SAML metadata and does not take.
const DERIVED: &[&str] = &["ActiveEncryptionCertificate", "SSORedirectBindingURI", "SLORedirectBindingURI"];

/// Asks the sandbox something.
pub(crate) async fn call(lab: &Lab, service: Service, operation: &str, input: &Value) -> Result<Value, String> {
    call_in(lab, "us-east-1", service, operation, input).await
}

/// Asks the sandbox something in a region.
pub(crate) async fn call_in(
    lab: &Lab,
    region: &str,
    service: Service,
    operation: &str,
    input: &Value,
) -> Result<Value, String> {
    let prefix = service.target_prefix().expect("a service with targets");
    let target = ("x-amz-target".to_owned(), format!("{prefix}.{operation}"));
    let scope = format!("AWS4-HMAC-SHA256 Credential=AKIA123456789012/20260101/{region}/cognito-idp/aws4_request");
    let headers = vec![target, ("authorization".to_owned(), scope)];
    ask(lab, operation, Request { method: "POST".into(), path: "/".into(), headers, body: bytes(input) }).await
}

/// Asks Lambda something.
pub(crate) async fn lambda(lab: &Lab, method: &str, path: &str, input: &Value) -> Result<Value, String> {
    let scope = "AWS4-HMAC-SHA256 Credential=AKIA123456789012/20260101/us-east-1/lambda/aws4_request";
    let headers = vec![("authorization".to_owned(), scope.to_owned())];
    ask(lab, path, Request { method: method.into(), path: path.into(), headers, body: bytes(input) }).await
}

fn bytes(input: &Value) -> Vec<u8> {
    if input.is_null() { Vec::new() } else { input.to_string().into_bytes() }
}

async fn ask(lab: &Lab, what: &str, request: Request) -> Result<Value, String> {
    let Reply::Answer(answer) = lab.sandbox.answer(request).await else { return Err(format!("{what} was cut off")) };
    let body = if answer.body.is_empty() { Ok(Value::Null) } else { serde_json::from_slice(&answer.body) };
    let body: Value = body.map_err(|error| error.to_string())?;
    if answer.status < 300 { Ok(body) } else { Err(format!("{what}: {} {body}", answer.status)) }
}

/// Makes a property what a file says of it.
pub(crate) async fn set(lab: &Lab, file: &Value, at: &Path, property: &str) -> Result<(), String> {
    set_as_in(lab, lab.stack(&file.to_string()), at, property).await
}

/// Makes a property what a stack says of it.
pub(crate) async fn set_as_in(lab: &Lab, stack: Stack, at: &Path, property: &str) -> Result<(), String> {
    let (_, stack, survey) =
        lab.survey_stack(stack, &Options::default()).await.map_err(|error| format!("{error:?}"))?;
    let resource = stack.resource(at).ok_or("it is not declared")?;
    let known = &survey.planned.known;
    let path: Path = property.parse().map_err(|_| "not a path")?;
    let Some(Segment::Key(top)) = path.segments().first() else { return Err("not a path".into()) };
    let value = known.fill_in(&resource.declared).get(top).cloned().unwrap_or_default();
    let index = survey.planned.plan.items.iter().position(|item| item.address == *at).ok_or("it is not in the plan")?;
    let id = survey.planned.plan.items[index].id.clone().ok_or("it is not live")?;
    let key = resource.natural_key().to_owned();
    let id_of = |address: &Path| survey.planned.plan.items.iter().find(|item| item.address == *address)?.id.clone();
    let pool = resource.parent.as_ref().and_then(id_of);
    let client = resource.client().as_ref().and_then(id_of);
    let declared = known.fill_in(&resource.declared);
    let key = if resource.kind.is_facet() { resource.own_key().to_owned() } else { key };
    let change = Change { lab, top, value, declared, id, key, pool: pool.unwrap_or_default(), client };
    change.make(resource.kind).await
}

pub(super) struct Change<'a> {
    pub(super) lab: &'a Lab,
    /// The property at the top, and what it is to be.
    pub(super) top: &'a str,
    pub(super) value: Value,
    /// All that the file says of the resource.
    pub(super) declared: Value,
    pub(super) id: String,
    pub(super) key: String,
    pub(super) pool: String,
    pub(super) client: Option<String>,
}

impl Change<'_> {
    async fn make(&self, kind: Kind) -> Result<(), String> {
        use Service::UserPools;
        let pool = |mut ids: Value| {
            ids["UserPoolId"] = json!(self.pool);
            ids
        };
        match kind {
            Kind::UserPool => self.user_pool().await,
            Kind::IdentityPool => self.identity_pool().await,
            Kind::Function => self.function().await,
            Kind::Client => {
                let ids = pool(json!({"ClientId": self.id}));
                let name = if self.top == "name" { "ClientName" } else { "" };
                self.whole(UserPools, ["DescribeUserPoolClient", "UserPoolClient", "UpdateUserPoolClient"], ids, name)
                    .await
            }
            Kind::Domain => {
                let read = call(self.lab, UserPools, "DescribeUserPoolDomain", &json!({"Domain": self.key})).await?;
                let mut body = self.laid_over(&read["DomainDescription"], "");
                lay_over(&mut body, &pool(json!({"Domain": self.key})));
                self.send(UserPools, "UpdateUserPoolDomain", body).await
            }
            Kind::Group => {
                let ids = pool(json!({"GroupName": self.key}));
                self.whole(UserPools, ["GetGroup", "Group", "UpdateGroup"], ids, "").await
            }
            Kind::ResourceServer => {
                let ids = pool(json!({"Identifier": self.key}));
                let names = ["DescribeResourceServer", "ResourceServer", "UpdateResourceServer"];
                self.whole(UserPools, names, ids, "").await
            }
            Kind::IdentityProvider => {
                let ids = pool(json!({"ProviderName": self.key}));
                let names = ["DescribeIdentityProvider", "IdentityProvider", "UpdateIdentityProvider"];
                self.whole(UserPools, names, ids, "").await
            }
            Kind::UiCustomization
            | Kind::RiskConfiguration
            | Kind::LogConfigurations
            | Kind::ManagedLoginBranding
            | Kind::Terms
            | Kind::Replica => facet_hand::make(self, kind).await,
        }
    }

    /// Reads, lays over and sends.
    pub(super) async fn whole(&self, service: Service, names: [&str; 3], ids: Value, name: &str) -> Result<(), String> {
        let [read, member, write] = names;
        let answer = call(self.lab, service, read, &ids).await?;
        let live = if member.is_empty() { &answer } else { &answer[member] };
        let mut body = self.laid_over(live, name);
        lay_over(&mut body, &ids);
        self.send(service, write, body).await
    }

    pub(super) fn laid_over(&self, live: &Value, name: &str) -> Value {
        let mut body = live.clone();
        let name = if name.is_empty() { spelled(self.top) } else { name.to_owned() };
        let value = in_api(&self.value, self.top);
        lay_over(&mut body, &json!({name: value}));
        body
    }

    /// Sends what the operation takes of a body.
    async fn send(&self, service: Service, operation: &str, body: Value) -> Result<(), String> {
        self.send_in("us-east-1", service, operation, body).await
    }

    /// Sends what the operation takes of a body, in a region.
    pub(super) async fn send_in(
        &self,
        region: &str,
        service: Service,
        operation: &str,
        mut body: Value,
    ) -> Result<(), String> {
        let takes: Vec<&str> = model::operation(service, operation)
            .expect("the sandbox has it")
            .members()
            .map(|(name, _)| name)
            .chain(["AcrConfiguration", "AcrMapping"])
            .collect();
        let members = body.as_object_mut().expect("a body");
        members.retain(|name, _| takes.contains(&name.as_str()) && !MIRRORS.contains(&name.as_str()));
        if let Some(Value::Object(config)) = members.get_mut("AdminCreateUserConfig") {
            config.remove("UnusedAccountValidityDays");
        }
        if let Some(Value::Object(triggers)) = members.get_mut("LambdaConfig")
            && triggers.contains_key("PreTokenGenerationConfig")
        {
            // The older name of the same.
            triggers.remove("PreTokenGeneration");
        }
        if let Some(Value::Object(details)) = members.get_mut("ProviderDetails") {
            details.retain(|name, _| !DERIVED.contains(&name.as_str()));
        }
        call_in(self.lab, region, service, operation, &body).await.map(drop)
    }

    async fn user_pool(&self) -> Result<(), String> {
        let ids = json!({"UserPoolId": self.id});
        if self.top == "tags" {
            let arn = format!("arn:aws:cognito-idp:us-east-1:123456789012:userpool/{}", self.id);
            let input = json!({"ResourceArn": arn, "Tags": self.value});
            return call(self.lab, Service::UserPools, "TagResource", &input).await.map(drop);
        }
        if MFA.contains(&self.top) {
            return self.whole(Service::UserPools, ["GetUserPoolMfaConfig", "", "SetUserPoolMfaConfig"], ids, "").await;
        }
        let name = if self.top == "name" { "PoolName" } else { "" };
        let answer = call(self.lab, Service::UserPools, "DescribeUserPool", &ids).await?;
        let mut live = answer["UserPool"].clone();
        live["PoolName"] = live["Name"].clone();
        let mut body = self.laid_over(&live, name);
        lay_over(&mut body, &ids);
        if body["UserPoolTier"] == "LITE" {
            body.as_object_mut().expect("a body").remove("AcrConfiguration");
        }
        self.send(Service::UserPools, "UpdateUserPool", body).await
    }

    async fn identity_pool(&self) -> Result<(), String> {
        let ids = json!({"IdentityPoolId": self.id});
        let service = Service::IdentityPools;
        match self.top {
            "tags" => {
                let arn = format!("arn:aws:cognito-identity:us-east-1:123456789012:identitypool/{}", self.id);
                let input = json!({"ResourceArn": arn, "Tags": self.value});
                call(self.lab, service, "TagResource", &input).await.map(drop)
            }
            "roles" | "roleMappings" => {
                self.whole(service, ["GetIdentityPoolRoles", "", "SetIdentityPoolRoles"], ids, "").await
            }
            "principalTags" => {
                for (provider, map) in self.value.as_object().into_iter().flatten() {
                    let tags = map.get("principalTags").cloned().unwrap_or_else(|| json!({}));
                    let defaults = map.get("useDefaults").cloned().unwrap_or(json!(false));
                    let input = json!({"IdentityPoolId": self.id, "IdentityProviderName": provider,
                        "UseDefaults": defaults, "PrincipalTags": tags});
                    call(self.lab, service, "SetPrincipalTagAttributeMap", &input).await?;
                }
                Ok(())
            }
            top => {
                let name = if top == "name" { "IdentityPoolName" } else { "" };
                self.whole(service, ["DescribeIdentityPool", "", "UpdateIdentityPool"], ids, name).await
            }
        }
    }

    async fn function(&self) -> Result<(), String> {
        let name = self.id.rsplit(':').next().unwrap_or_default();
        let path = format!("/2015-03-31/functions/{name}");
        match self.top {
            "tags" => {
                let arn = self.id.replace(':', "%3A");
                lambda(self.lab, "POST", &format!("/2017-03-31/tags/{arn}"), &json!({"Tags": self.value})).await
            }
            "environment" => {
                let input = json!({"Environment": {"Variables": self.value}});
                lambda(self.lab, "PUT", &format!("{path}/configuration"), &input).await
            }
            // The call for it wants the code too.
            "architectures" => {
                self.lab.sandbox.meddle(|state| {
                    let mut regions = state.accounts.values_mut().flat_map(|regions| regions.values_mut());
                    let function = regions.find_map(|region| region.functions.get_mut(name));
                    function.expect("it is there").body.insert("Architectures".to_owned(), self.value.clone());
                });
                Ok(Value::Null)
            }
            top => {
                let input = json!({spelled(top): self.value});
                lambda(self.lab, "PUT", &format!("{path}/configuration"), &input).await
            }
        }
        .map(drop)
    }
}

fn spelled(name: &str) -> String {
    if let Some((_, other)) = NAMES.iter().find(|(own, _)| *own == name) {
        return (*other).to_owned();
    }
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
}

/// A value as the API writes it. `of` is the property that it is of.
fn in_api(value: &Value, of: &str) -> Value {
    match value {
        Value::Object(map) => {
            let named = map.iter().map(|(key, value)| {
                let name = match (of, key.as_str()) {
                    ("inviteMessageTemplate", "smsMessage") => "SMSMessage".to_owned(),
                    ("rules", "roleArn") => "RoleARN".to_owned(),
                    _ if MAPS.contains(&of) => key.clone(),
                    _ => spelled(key),
                };
                let inside = if MAPS.contains(&of) { "" } else { key };
                (name, in_api(value, inside))
            });
            Value::Object(named.collect::<Map<_, _>>())
        }
        Value::Array(items) => items.iter().map(|item| in_api(item, of)).collect(),
        other => other.clone(),
    }
}

//! The Lambda calls that functions and invoke permissions need. Lambda's API is REST and not the
//! JSON protocol of Cognito, so these go through the SDK's own types; the values are few.

use std::collections::HashMap;
use std::time::Duration;

use aws_sdk_lambda::primitives::Blob;
use aws_sdk_lambda::types::{Architecture, Environment, FunctionCode, Runtime};
use aws_smithy_types::timeout::TimeoutConfig;
use serde_json::{Map, Value, json};

use super::error::{Answer, explain};
use super::pace::Request;
use super::{Aws, found};
use crate::error::Error;

/// A live function: its ARN, the hash of its code and what the file may say of it.
#[derive(Clone)]
pub struct LiveFunction {
    /// Its ARN, without a version.
    pub arn: String,
    /// The base64 of the SHA-256 of its zip file.
    pub code_sha256: String,
    /// Its properties, in the spec's names, without `code`.
    pub spec: Value,
    /// All of its tags.
    pub tags: Vec<(String, String)>,
    /// Whether it can be changed and called now.
    pub settled: bool,
    /// Why it is not what was asked for, if AWS says so.
    pub trouble: Option<String>,
}

/// The settings of a function that go into a create or an update.
struct Settings<'a>(&'a Value);

impl Settings<'_> {
    fn text(&self, key: &str) -> Option<String> {
        self.0.get(key).and_then(Value::as_str).map(str::to_owned)
    }

    fn number(&self, key: &str) -> Option<i32> {
        self.0.get(key).and_then(Value::as_i64).and_then(|number| i32::try_from(number).ok())
    }

    fn texts(&self, key: &str) -> Vec<String> {
        let items = self.0.get(key).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn map(&self, key: &str) -> HashMap<String, String> {
        let entries = self.0.get(key).and_then(Value::as_object);
        entries
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect()
    }

    fn environment(&self) -> Environment {
        Environment::builder().set_variables(Some(self.map("environment"))).build()
    }

    fn architectures(&self) -> Vec<Architecture> {
        self.texts("architectures").iter().map(|name| Architecture::from(name.as_str())).collect()
    }

    fn runtime(&self) -> Option<Runtime> {
        self.text("runtime").map(|runtime| Runtime::from(runtime.as_str()))
    }
}

/// Sends one Lambda call about a function with the SDK's types.
macro_rules! send {
    ($aws:ident, $operation:literal, $function:expr, $call:expr) => {
        $aws.run(Request::of_function($operation, $function), || async {
            match $call.send().await {
                Ok(output) => Answer::Success(output, None),
                Err(error) => explain($operation, &error),
            }
        })
        .await
    };
}

/// For calls that carry code, which may take minutes to send.
fn unhurried() -> aws_sdk_lambda::config::Builder {
    aws_sdk_lambda::config::Builder::new()
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(Duration::from_mins(10)).build())
}

impl Aws {
    /// The function with this name or ARN, if there is one.
    pub async fn function(&self, name: &str) -> Result<Option<LiveFunction>, Error> {
        let answer = send!(self, "GetFunction", name, self.lambda.get_function().function_name(name));
        Ok(found(answer)?.map(|output| {
            let configuration =
                output.configuration.unwrap_or_else(|| aws_sdk_lambda::types::FunctionConfiguration::builder().build());
            let state = configuration.state().map_or("Active", aws_sdk_lambda::types::State::as_str).to_owned();
            let update = configuration.last_update_status().map_or("Successful", |status| status.as_str()).to_owned();
            let failed = state == "Failed" || update == "Failed";
            let reason = configuration.last_update_status_reason().or(configuration.state_reason());
            LiveFunction {
                arn: configuration.function_arn().unwrap_or_default().to_owned(),
                code_sha256: configuration.code_sha256().unwrap_or_default().to_owned(),
                settled: state != "Pending" && update != "InProgress",
                trouble: failed.then(|| reason.unwrap_or("AWS does not say why").to_owned()),
                spec: function_spec(&configuration),
                tags: output.tags.unwrap_or_default().into_iter().collect(),
            }
        }))
    }

    /// Makes a function.
    pub async fn create_function(&self, spec: &Value, zip: &[u8], tags: &[(String, String)]) -> Result<(), Error> {
        let settings = Settings(spec);
        let call = || {
            self.lambda
                .create_function()
                .set_function_name(settings.text("name"))
                .set_description(settings.text("description"))
                .set_runtime(settings.runtime())
                .set_handler(settings.text("handler"))
                .set_role(settings.text("role"))
                .set_architectures(Some(settings.architectures()))
                .set_memory_size(settings.number("memorySize"))
                .set_timeout(settings.number("timeout"))
                .environment(settings.environment())
                .set_layers(Some(settings.texts("layers")))
                .set_tags(Some(tags.iter().cloned().collect()))
                .code(FunctionCode::builder().zip_file(Blob::new(zip)).build())
                .customize()
                .config_override(unhurried())
        };
        send!(self, "CreateFunction", settings.text("name").as_deref().unwrap_or_default(), call()).map(drop)
    }

    /// Brings a function's settings into line.
    pub async fn update_function(&self, name: &str, spec: &Value) -> Result<(), Error> {
        let settings = Settings(spec);
        let call = || {
            self.lambda
                .update_function_configuration()
                .function_name(name)
                .description(settings.text("description").unwrap_or_default())
                .set_runtime(settings.runtime())
                .set_handler(settings.text("handler"))
                .set_role(settings.text("role"))
                .set_memory_size(settings.number("memorySize"))
                .set_timeout(settings.number("timeout"))
                .environment(settings.environment())
                .set_layers(Some(settings.texts("layers")))
        };
        send!(self, "UpdateFunctionConfiguration", name, call()).map(drop)
    }

    /// Puts new code into a function.
    pub async fn update_function_code(&self, name: &str, spec: &Value, zip: &[u8]) -> Result<(), Error> {
        let settings = Settings(spec);
        let call = || {
            self.lambda
                .update_function_code()
                .function_name(name)
                .set_architectures(Some(settings.architectures()))
                .zip_file(Blob::new(zip))
                .customize()
                .config_override(unhurried())
        };
        send!(self, "UpdateFunctionCode", name, call()).map(drop)
    }

    /// Deletes a function.
    pub async fn delete_function(&self, name: &str) -> Result<(), Error> {
        send!(self, "DeleteFunction", name, self.lambda.delete_function().function_name(name)).map(drop)
    }

    /// Sets and removes a function's tags.
    pub async fn tag_function(&self, arn: &str, set: &[(String, String)], remove: &[String]) -> Result<(), Error> {
        if !set.is_empty() {
            let tags: HashMap<String, String> = set.iter().cloned().collect();
            send!(self, "TagResource", arn, self.lambda.tag_resource().resource(arn).set_tags(Some(tags.clone())))?;
        }
        if !remove.is_empty() {
            let keys = remove.to_vec();
            send!(
                self,
                "UntagResource",
                arn,
                self.lambda.untag_resource().resource(arn).set_tag_keys(Some(keys.clone()))
            )?;
        }
        Ok(())
    }

    /// The statements of a function's policy; empty where it has none.
    pub async fn function_policy(&self, function: &str) -> Result<Vec<Value>, Error> {
        let (name, qualifier) = split_qualifier(function);
        let call = || self.lambda.get_policy().function_name(name).set_qualifier(qualifier.map(str::to_owned));
        let Some(output) = found(send!(self, "GetPolicy", name, call()))? else { return Ok(Vec::new()) };
        // A function without a policy has none to show; an answer without one says nothing.
        let policy = output.policy().and_then(|policy| serde_json::from_str::<Value>(policy).ok());
        match policy.as_ref().and_then(|policy| policy.get("Statement")) {
            Some(Value::Array(statements)) => Ok(statements.clone()),
            Some(statement @ Value::Object(_)) => Ok(vec![statement.clone()]),
            _ => Err(Error::refused(format!("AWS's answer to GetPolicy of {name} has no policy that can be read"))),
        }
    }

    /// Lets a user pool invoke a function.
    pub async fn add_permission(&self, function: &str, statement: &str, pool_arn: &str) -> Result<(), Error> {
        let (name, qualifier) = split_qualifier(function);
        let call = || {
            self.lambda
                .add_permission()
                .function_name(name)
                .set_qualifier(qualifier.map(str::to_owned))
                .statement_id(statement)
                .action("lambda:InvokeFunction")
                .principal("cognito-idp.amazonaws.com")
                .source_arn(pool_arn)
                .source_account(&self.place.account)
        };
        send!(self, "AddPermission", name, call()).map(drop)
    }

    /// Takes a statement out of a function's policy.
    pub async fn remove_permission(&self, function: &str, statement: &str) -> Result<(), Error> {
        let (name, qualifier) = split_qualifier(function);
        let call = || {
            let call = self.lambda.remove_permission().function_name(name).statement_id(statement);
            call.set_qualifier(qualifier.map(str::to_owned))
        };
        send!(self, "RemovePermission", name, call()).map(drop)
    }

    /// Waits until a function can be called.
    pub async fn settled_function(&self, name: &str) -> Result<LiveFunction, Error> {
        let function = self.idle_function(name).await?;
        match &function.trouble {
            Some(trouble) => Err(Error::refused(format!("AWS could not bring the function into use: {trouble}"))),
            None => Ok(function),
        }
    }

    /// Waits until a function can be changed.
    pub async fn idle_function(&self, name: &str) -> Result<LiveFunction, Error> {
        let mut pause = Duration::from_millis(200);
        let begin = tokio::time::Instant::now();
        loop {
            let function = self.function(name).await?;
            let function = function.ok_or_else(|| Error::refused("the function is gone again"))?;
            if function.settled {
                return Ok(function);
            }
            if begin.elapsed() > super::PATIENCE {
                return Err(Error::refused("the function was not ready after two minutes"));
            }
            tokio::time::sleep(pause).await;
            pause = (pause * 2).min(Duration::from_secs(5));
        }
    }
}

fn function_spec(live: &aws_sdk_lambda::types::FunctionConfiguration) -> Value {
    let mut spec = Map::new();
    let mut set = |key: &str, value: Value| {
        if !value.is_null() {
            spec.insert(key.to_owned(), value);
        }
    };
    set("name", json!(live.function_name()));
    set("description", json!(live.description().filter(|text| !text.is_empty())));
    set("runtime", json!(live.runtime().map(Runtime::as_str)));
    set("handler", json!(live.handler()));
    set("role", json!(live.role()));
    let architectures = live.architectures().iter().map(Architecture::as_str);
    set("architectures", architectures.collect());
    set("memorySize", json!(live.memory_size()));
    set("timeout", json!(live.timeout()));
    let environment = live.environment().and_then(|environment| environment.variables());
    set("environment", json!(environment));
    set("layers", live.layers().iter().filter_map(|layer| layer.arn()).collect());
    Value::Object(spec)
}

/// A function's name or ARN, and the version or alias behind it.
fn split_qualifier(function: &str) -> (&str, Option<&str>) {
    match function.rsplit_once(':') {
        Some((name, qualifier)) if function.starts_with("arn:") && function.matches(':').count() == 7 => {
            (name, Some(qualifier))
        }
        _ => (function, None),
    }
}

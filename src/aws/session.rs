//! Who we are in AWS: region, credentials (as the AWS CLI finds them), an assumed role, and the
//! account that they belong to, which is asked before anything else is read.

use std::sync::Arc;
use std::time::Duration;

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_sts::config::SharedCredentialsProvider;

use super::Aws;
use super::error::{Answer, explain};
use super::pace::{Pacer, Request};
use super::sandbox;
use crate::error::Error;
use crate::event::Events;
use crate::live::Place;
use crate::sandbox::Sandbox;

/// What says where a run works. What is absent comes from the environment and the profile.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The region.
    pub region: Option<String>,
    /// The profile of the AWS configuration files.
    pub profile: Option<String>,
    /// Where all services are, in place of AWS's own endpoints.
    pub endpoint_url: Option<String>,
    /// A role to assume, by its ARN.
    pub assume_role: Option<String>,
    /// The share of AWS's default request quotas to use, in percent; all of it where nothing is said.
    pub pace: Option<u8>,
    /// A sandbox in place of AWS, and the account that the caller has there.
    pub sandbox: Option<(Sandbox, String)>,
}

impl Settings {
    /// Whether both lead to the same place, as the same caller.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        let key = |settings: &Self| {
            let Self { region, profile, endpoint_url, assume_role, sandbox, pace } = settings.clone();
            // A run has one sandbox.
            (region, profile, endpoint_url, assume_role, pace, sandbox.map(|(_, account)| account))
        };
        key(self) == key(other)
    }
}

impl Aws {
    /// Connects, and asks AWS which account the credentials belong to.
    ///
    /// # Errors
    /// There is no region, or AWS does not accept the credentials.
    pub async fn connect(settings: &Settings, events: Events) -> Result<Self, Error> {
        let config = configure(settings).await?;
        let sts = aws_sdk_sts::config::Builder::from(&config).retry_config(RetryConfig::disabled());
        let sts = aws_sdk_sts::Client::from_conf(sts.build());
        let mut aws = Self::of(&config, settings.pace.unwrap_or(100), events);
        let identity = aws
            .run(Request::identity(), || async {
                match sts.get_caller_identity().send().await {
                    Ok(identity) => Answer::Success(identity.account.unwrap_or_default(), None),
                    Err(error) => explain("GetCallerIdentity", &error),
                }
            })
            .await?;
        if identity.len() != 12 || !identity.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::refused("AWS does not say which account these credentials are for"));
        }
        aws.place = Arc::new(Place { account: identity, ..Place::clone(&aws.place) });
        Ok(aws)
    }

    /// The clients of a configuration, for an account that is not known yet.
    pub(super) fn of(config: &SdkConfig, pace: u8, events: Events) -> Self {
        let region = config.region().map(ToString::to_string).unwrap_or_default();
        macro_rules! client {
            ($sdk:ident) => {
                // Who tries again is `run`, so that each attempt waits for its turn.
                $sdk::Client::from_conf(
                    $sdk::config::Builder::from(config).retry_config(RetryConfig::disabled()).build(),
                )
            };
        }
        Self {
            user_pools: client!(aws_sdk_cognitoidentityprovider),
            identity_pools: client!(aws_sdk_cognitoidentity),
            lambda: client!(aws_sdk_lambda),
            tagging: client!(aws_sdk_resourcegroupstagging),
            place: Arc::new(Place { partition: partition(&region).to_owned(), region, account: String::new() }),
            events,
            calls: Arc::default(),
            pacer: Pacer::new(f64::from(pace.clamp(1, 100)) / 100.0),
            elsewhere: Arc::default(),
            start: None,
        }
    }
}

async fn configure(settings: &Settings) -> Result<SdkConfig, Error> {
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .retry_config(RetryConfig::standard().with_max_attempts(4))
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(30)).build());
    if let Some(region) = &settings.region {
        loader = loader.region(Region::new(region.clone()));
    }
    if let Some(profile) = &settings.profile {
        // A profile that is named goes before credentials that happen to be in the environment.
        let provider = ProfileFileCredentialsProvider::builder().profile_name(profile).build();
        loader = loader.profile_name(profile).credentials_provider(provider);
    }
    if let Some(url) = &settings.endpoint_url {
        loader = loader.endpoint_url(url);
    }
    if let Some((within, account)) = &settings.sandbox {
        loader = loader.http_client(sandbox::client(within)).credentials_provider(sandbox::credentials(account));
    }
    let mut config = loader.load().await;
    if settings.sandbox.is_some() && config.region().is_none() {
        config = config.into_builder().region(Region::from_static("us-east-1")).build();
    }
    let help = "write `region:` in the stack file, or give --region, AWS_REGION or a profile that has one";
    match config.region().map(Region::as_ref) {
        None => return Err(Error::refused("no region is set").with_help(help)),
        Some(region) if !is_region(region) => {
            return Err(Error::refused(format!("`{}` is no region, such as `eu-west-1`", region.escape_debug()))
                .with_help(help));
        }
        Some(_) => {}
    }
    let Some(role) = &settings.assume_role else { return Ok(config) };
    let provider = AssumeRoleProvider::builder(role).configure(&config).session_name("poolkeeper").build().await;
    Ok(config.into_builder().credentials_provider(SharedCredentialsProvider::new(provider)).build())
}

fn is_region(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    parts.len() >= 3
        && parts[..parts.len() - 1].iter().all(word)
        && parts.last().is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The partition that a region belongs to.
fn partition(region: &str) -> &'static str {
    match region {
        _ if region.starts_with("cn-") => "aws-cn",
        _ if region.starts_with("us-gov-") => "aws-us-gov",
        _ if region.starts_with("eusc-") => "aws-eusc",
        _ => "aws",
    }
}

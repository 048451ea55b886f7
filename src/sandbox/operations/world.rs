//! What a function sees of the sandbox: the state from the caller's place, the time, and what makes
//! ids.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::Settings;
use super::super::refusal::Refusal;
use super::super::state::{IdentityPool, Indexed, Region, State, Tags, UserPool};
use super::super::wire::Call;

/// The state from where the caller stands.
pub(super) struct World<'a> {
    pub(super) state: &'a mut State,
    pub(super) call: &'a Call,
    /// Seconds since 1970.
    pub(super) now: f64,
    pub(super) settings: &'a Settings,
}

/// Small letters and digits.
pub(super) const SMALL: &[u8] = b"0123456789abcdefghijklmnopqrstuvwxyz";
/// Letters and digits.
pub(super) const MIXED: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl World<'_> {
    /// What the caller's account has in the caller's region.
    pub(super) fn region(&mut self) -> &mut Region {
        let account = self.state.accounts.entry(self.call.account.clone()).or_default();
        account.entry(self.call.region.clone()).or_default()
    }

    /// The user pool that the input names.
    pub(super) fn pool(&mut self) -> Result<&mut UserPool, Refusal> {
        let id = self.call.text("UserPoolId").unwrap_or_default().to_owned();
        let pool = self.region().user_pools.get_mut(&id);
        pool.ok_or_else(|| Refusal::missing(format!("User pool {id} does not exist.")))
    }

    /// The identity pool that the input names.
    pub(super) fn identity_pool(&mut self) -> Result<&mut IdentityPool, Refusal> {
        let id = self.call.text("IdentityPoolId").unwrap_or_default().to_owned();
        let pool = self.region().identity_pools.get_mut(&id);
        pool.ok_or_else(|| Refusal::missing(format!("IdentityPool '{id}' not found.")))
    }

    /// An ARN in the caller's place.
    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        let partition = match self.call.region.as_str() {
            region if region.starts_with("cn-") => "aws-cn",
            region if region.starts_with("us-gov-") => "aws-us-gov",
            _ => "aws",
        };
        format!("arn:{partition}:{service}:{}:{}:{resource}", self.call.region, self.call.account)
    }

    /// The time as answers show it: seconds with milliseconds.
    pub(super) fn date(&self) -> Value {
        json!((self.now * 1000.0).floor() / 1000.0)
    }

    /// A name that nothing has yet: `length` characters of an alphabet.
    pub(super) fn fresh(&mut self, alphabet: &[u8], length: usize) -> String {
        self.state.serial += 1;
        let mut text = String::new();
        for round in 0_u32.. {
            let digest = Sha256::digest(format!("{} {round}", self.state.serial));
            for byte in digest {
                if text.len() == length {
                    return text;
                }
                text.push(char::from(alphabet[usize::from(byte) % alphabet.len()]));
            }
        }
        text
    }

    /// A new GUID.
    pub(super) fn guid(&mut self) -> String {
        let hex = self.fresh(b"0123456789abcdef", 32);
        format!("{}-{}-4{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..])
    }

    /// Lets the tag query know of a resource's tags, after a while; none once it is gone.
    pub(super) fn index(&mut self, arn: &str, tags: Option<&Tags>) {
        let (now, from) = (self.now, self.now + self.settings.tag_index_lag.as_secs_f64());
        let entries = self.region().tag_index.entry(arn.to_owned()).or_default();
        // What holds now is the last that has begun; those before it never show again.
        let current = entries.iter().rposition(|entry| entry.from <= now).unwrap_or_default();
        entries.drain(..current);
        entries.push(Indexed { from, tags: tags.cloned() });
    }
}

/// The text of a member.
pub(super) fn text<'a>(input: &'a Value, member: &str) -> &'a str {
    input.get(member).and_then(Value::as_str).unwrap_or_default()
}

/// The bytes that a text stands for.
pub(super) fn bytes(sent: &str) -> Result<Vec<u8>, Refusal> {
    let expected = "A binary value was expected: a text in Base64, with its padding";
    STANDARD.decode(sent).map_err(|_| Refusal::of("SerializationException", expected))
}

//! What a function sees of the sandbox: the state from the caller's place, the time, and what makes
//! ids.

use std::borrow::Cow;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::super::Settings;
use super::super::refusal::Refusal;
use super::super::state::{IdentityPool, Indexed, Region, State, Tags, UserPool};
use super::super::wire::Call;
use super::replica;

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

    /// The user pool that the input names. Who stands where it has but a replica can read it there,
    /// and is refused to write.
    pub(super) fn pool(&mut self) -> Result<&mut UserPool, Refusal> {
        let id = self.call.text("UserPoolId").unwrap_or_default().to_owned();
        let home = self.home(&id)?.to_owned();
        if home != self.call.region && !super::is_read(&self.call.operation) {
            return Err(replica::not_enabled(&self.call.operation, &self.call.region, &home));
        }
        self.pool_of(&home, &id)
    }

    /// The user pool that the input names, as the caller's region shows it.
    pub(super) fn seen(&mut self) -> Result<Cow<'_, UserPool>, Refusal> {
        let arn = self.arn("cognito-idp", &format!("userpool/{}", self.call.text("UserPoolId").unwrap_or_default()));
        let call = self.call;
        let pool = self.pool()?;
        Ok(match pool.replicas.get(&call.region) {
            Some(replica) => Cow::Owned(replica::view(pool, replica, &arn)),
            None => Cow::Borrowed(pool),
        })
    }

    /// The region with a user pool itself: the caller's own, or another where the pool has a replica
    /// in the caller's.
    pub(super) fn home<'b>(&'b self, id: &'b str) -> Result<&'b str, Refusal> {
        let found = self.state.accounts.get(&self.call.account).and_then(|regions| {
            if regions.get(&self.call.region).is_some_and(|region| region.user_pools.contains_key(id)) {
                return Some(self.call.region.as_str());
            }
            let (home, _) = id.rsplit_once('_')?;
            let replica = regions.get(home)?.user_pools.get(id)?.replicas.get(&self.call.region)?;
            replica::is_there(replica, self.now).then_some(home)
        });
        found.ok_or_else(|| no_pool(id))
    }

    /// A user pool of the caller's account, wherever the caller stands.
    pub(super) fn pool_of(&mut self, home: &str, id: &str) -> Result<&mut UserPool, Refusal> {
        let regions = self.state.accounts.get_mut(&self.call.account);
        let pool = regions.and_then(|regions| regions.get_mut(home)?.user_pools.get_mut(id));
        pool.ok_or_else(|| no_pool(id))
    }

    /// The identity pool that the input names.
    pub(super) fn identity_pool(&mut self) -> Result<&mut IdentityPool, Refusal> {
        let id = self.call.text("IdentityPoolId").unwrap_or_default().to_owned();
        let pool = self.region().identity_pools.get_mut(&id);
        pool.ok_or_else(|| Refusal::missing(format!("IdentityPool '{id}' not found.")))
    }

    /// An ARN in the caller's place.
    pub(super) fn arn(&self, service: &str, resource: &str) -> String {
        self.arn_in(&self.call.region, service, resource)
    }

    /// An ARN of the caller's account in a region.
    pub(super) fn arn_in(&self, region: &str, service: &str, resource: &str) -> String {
        format!("arn:{}:{service}:{region}:{}:{resource}", partition(region), self.call.account)
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
        let region = self.call.region.clone();
        self.index_in(&region, arn, tags, self.now);
    }

    /// The same for what is in any region, and comes or goes at some time.
    pub(super) fn index_in(&mut self, region: &str, arn: &str, tags: Option<&Tags>, at: f64) {
        let (now, from) = (self.now, at + self.settings.tag_index_lag.as_secs_f64());
        let account = self.state.accounts.entry(self.call.account.clone()).or_default();
        let index = &mut account.entry(region.to_owned()).or_default().tag_index;
        let entries = index.entry(arn.to_owned()).or_default();
        // What holds now is the last that has begun; those before it never show again.
        let current = entries.iter().rposition(|entry| entry.from <= now).unwrap_or_default();
        entries.drain(..current);
        entries.push(Indexed { from, tags: tags.cloned() });
    }
}

/// Which of AWS's separate worlds a region is in.
pub(super) fn partition(region: &str) -> &'static str {
    match region {
        region if region.starts_with("cn-") => "aws-cn",
        region if region.starts_with("us-gov-") => "aws-us-gov",
        _ => "aws",
    }
}

fn no_pool(id: &str) -> Refusal {
    Refusal::missing(format!("User pool {id} does not exist."))
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

//! The script of what goes wrong: which call of which operation, and how. A throttle, an error
//! before or after the effect, a connection that is cut, an answer that is lost, late or garbled.
//!
//! A rule is written `OPERATION#CALLS=WHAT`: the operation's name, or `*` for any; which of its
//! calls (`2`, `2-4`, `2-`; all without `#`); and what happens.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::time::Duration;

use super::operations;
use super::refusal::Refusal;
use super::wire::Response;

/// Changes an answer, given the operation that it is of, into one that AWS would not give.
pub type Mangle = Box<dyn FnMut(&str, &mut Response) + Send>;

/// What goes wrong with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Too many requests; without an effect.
    Throttled,
    /// Another write is under way; without an effect.
    Conflict,
    /// A quota of the account is used up; without an effect.
    Quota,
    /// The caller may not do that; without an effect.
    Denied,
    /// The caller's token has expired; without an effect.
    Expired,
    /// A server error, without an effect.
    ErrorBefore,
    /// A server error, although the call had its effect.
    ErrorAfter,
    /// The connection ends before the call has an effect.
    CutBefore,
    /// The call has its effect, and the answer is lost.
    Lost,
    /// No answer ever comes, and there was no effect.
    HangBefore,
    /// No answer ever comes, although the call had its effect.
    HangAfter,
    /// The call has its effect, and the answer is no JSON.
    Garbled,
    /// The call has its effect, and the answer comes late.
    Slow(Duration),
}

/// The words for what needs no number.
const WORDS: &[(&str, Effect)] = &[
    ("throttled", Effect::Throttled),
    ("conflict", Effect::Conflict),
    ("quota", Effect::Quota),
    ("denied", Effect::Denied),
    ("expired", Effect::Expired),
    ("error-before", Effect::ErrorBefore),
    ("error-after", Effect::ErrorAfter),
    ("cut-before", Effect::CutBefore),
    ("lost", Effect::Lost),
    ("hang-before", Effect::HangBefore),
    ("hang-after", Effect::HangAfter),
    ("garbled", Effect::Garbled),
];

impl Effect {
    /// Whether the call has no effect.
    pub(super) fn is_instead(self) -> bool {
        !self.is_afterwards() && !matches!(self, Self::Slow(_))
    }

    /// Whether the call has its effect, and the answer suffers.
    pub(super) fn is_afterwards(self) -> bool {
        matches!(self, Self::ErrorAfter | Self::Lost | Self::HangAfter | Self::Garbled)
    }

    /// How late the answer comes.
    pub(super) fn delay(self) -> Duration {
        if let Self::Slow(time) = self { time } else { Duration::ZERO }
    }

    /// Whether no answer ever comes.
    pub(super) fn hangs(self) -> bool {
        matches!(self, Self::HangBefore | Self::HangAfter)
    }

    /// What AWS says, if it says anything.
    pub(super) fn refusal(self) -> Option<Refusal> {
        Some(match self {
            Self::Throttled => Refusal::throttled(),
            Self::Conflict => Refusal::conflict("user pool"),
            Self::Quota => Refusal::of("LimitExceededException", "You have reached the limit for this resource."),
            Self::Denied => Refusal::of("AccessDeniedException", "The caller is not authorized to perform this action"),
            Self::Expired => {
                Refusal::of("ExpiredTokenException", "The security token included in the request is expired")
            }
            Self::ErrorBefore | Self::ErrorAfter => Refusal::new(500, "InternalErrorException", "Something went wrong"),
            _ => return None,
        })
    }

    /// What comes in place of an answer, where one comes.
    pub(super) fn garble(self, mut answer: Response) -> Option<Response> {
        (self == Self::Garbled).then(|| {
            answer.body = b"{\"UserPool\": {\"Id\": \xff\xfe".to_vec();
            answer
        })
    }
}

impl FromStr for Effect {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, effect)) = WORDS.iter().find(|(word, _)| *word == text) {
            return Ok(*effect);
        }
        let seconds = text.strip_prefix("slow:").and_then(|seconds| seconds.parse::<f64>().ok());
        let time = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
        time.map(Self::Slow).ok_or_else(|| format!("`{text}` is none of {}, slow:SECONDS", words.join(", ")))
    }
}

/// One line of a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// The operation; none for any.
    operation: Option<String>,
    /// The first call that it is about, counted from 1, among those of the operation.
    first: usize,
    /// The last one.
    last: usize,
    effect: Effect,
}

impl Rule {
    /// About the calls from `first` to `last` of an operation, or of all, counted from 1.
    #[must_use]
    pub fn new(operation: Option<&str>, first: usize, last: usize, effect: Effect) -> Self {
        Self { operation: operation.map(str::to_owned), first, last, effect }
    }

    fn is_about(&self, operation: &str) -> bool {
        self.operation.as_ref().is_none_or(|own| own == operation)
    }
}

impl FromStr for Rule {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (which, what) = text.split_once('=').ok_or("write it as OPERATION#CALL=WHAT")?;
        let (operation, calls) = which.split_once('#').map_or((which, None), |(name, calls)| (name, Some(calls)));
        let number = |text: &str| {
            text.parse().ok().filter(|number| *number > 0).ok_or(format!("`{text}` is no number of a call"))
        };
        let (first, last) = match calls.map(|calls| calls.split_once('-').ok_or(calls)) {
            None => (1, usize::MAX),
            Some(Err(one)) => (number(one)?, number(one)?),
            Some(Ok((first, ""))) => (number(first)?, usize::MAX),
            Some(Ok((first, last))) => (number(first)?, number(last)?),
        };
        let operation = Some(operation).filter(|name| *name != "*");
        match operation {
            Some("") => return Err("the operation is missing; `*` is any".to_owned()),
            Some(name) if !operations::is_known(name) => {
                return Err(format!("`{name}` is no operation of the sandbox, such as CreateUserPool; `*` is any"));
            }
            _ => {}
        }
        if first > last {
            return Err(format!("`{first}-{last}` ends before it begins"));
        }
        Ok(Self::new(operation, first, last, what.parse()?))
    }
}

/// A script: the first rule that is about a call holds.
#[derive(Debug, Clone, Default)]
pub struct Script {
    rules: Vec<Rule>,
    /// Calls so far, by operation, and of all under an empty name.
    counts: BTreeMap<String, usize>,
}

impl Script {
    /// A script of these rules.
    #[must_use]
    pub fn new(rules: Vec<Rule>) -> Self {
        Self { rules, counts: BTreeMap::new() }
    }

    /// What goes wrong with the next call of an operation.
    pub(super) fn next(&mut self, operation: &str) -> Option<Effect> {
        let mut count = |name: &str| {
            let count = self.counts.entry(name.to_owned()).or_default();
            *count += 1;
            *count
        };
        let (own, all) = (count(operation), count(""));
        let rule = self.rules.iter().find(|rule| {
            let number = if rule.operation.is_some() { own } else { all };
            rule.is_about(operation) && (rule.first..=rule.last).contains(&number)
        });
        rule.map(|rule| rule.effect)
    }
}

#[cfg(test)]
mod tests {
    use super::super::model::Service;
    use super::*;

    #[test]
    fn a_rule_is_about_the_calls_that_it_names() {
        let rules = ["CreateGroup#2=lost", "CreateGroup#4-=throttled", "*#3=slow:1.5"];
        let mut script = Script::new(rules.iter().map(|rule| rule.parse().expect("a rule")).collect());
        let mut next = || script.next("CreateGroup");
        assert_eq!(
            [next(), next(), next(), next(), next()],
            [
                None,
                Some(Effect::Lost),
                Some(Effect::Slow(Duration::from_millis(1500))),
                Some(Effect::Throttled),
                Some(Effect::Throttled)
            ]
        );
        assert_eq!(script.next("DeleteGroup"), None);
    }

    #[test]
    fn what_is_no_rule_is_told() {
        let told = [
            ("", "OPERATION#CALL=WHAT"),
            ("CreateGroup", "OPERATION#CALL=WHAT"),
            ("CreateGroup#0=lost", "`0`"),
            ("CreateGroup#x=lost", "`x`"),
            ("#1=lost", "missing"),
            ("CreateGroup=sideways", "`sideways`"),
            ("CreateGroup=slow:-1", "`slow:-1`"),
            ("CreateGroup=slow:x", "`slow:x`"),
            // What would never happen.
            ("CreateGruop#1=lost", "`CreateGruop`"),
            ("createGroup=lost", "`createGroup`"),
            ("**=lost", "`**`"),
            ("CreateGroup#4-2=lost", "`4-2`"),
        ];
        for (text, what) in told {
            let why = text.parse::<Rule>().expect_err(text);
            assert!(why.contains(what), "{text}: {why}");
        }
    }

    #[test]
    fn every_operation_can_be_named() {
        for operation in Service::ALL.into_iter().flat_map(Service::operations) {
            let rule = format!("{}#2-2=lost", operation.name);
            assert!(rule.parse::<Rule>().is_ok(), "{rule}");
        }
    }
}

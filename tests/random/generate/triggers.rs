//! The functions that a pool calls: those of the stack and others, known by their ARNs alone.

use crate::parts::{Part, Property, object, one_of, whole};
use crate::stack_file::reference;

use super::pool::KEY;

/// The triggers that are a function and nothing more.
const PLAIN: [&str; 10] = [
    "preSignUp",
    "customMessage",
    "postConfirmation",
    "preAuthentication",
    "postAuthentication",
    "defineAuthChallenge",
    "createAuthChallenge",
    "verifyAuthChallengeResponse",
    "preTokenGeneration",
    "userMigration",
];

/// A function that the stack does not manage, in its account and region.
pub(crate) const FOREIGN: &str = "arn:aws:lambda:eu-west-1:123456789012:function:foreign";

/// A pool's triggers.
pub(super) fn triggers() -> Part {
    calling(KEY, &function)
}

/// A replica's triggers, whose functions are of its region, and none of the stack's.
pub(super) fn of_replica(region: &str) -> Part {
    let foreign = FOREIGN.replace("eu-west-1", region);
    calling(&KEY.replace("eu-west-1", region), &|| one_of([foreign.clone(), format!("{foreign}:live")]))
}

fn calling(key: &str, function: &dyn Fn() -> Part) -> Part {
    let mut properties: Vec<Property> = PLAIN.into_iter().map(|name| (name, function())).collect();
    properties.push(("preTokenGenerationConfig", versioned(&["V1_0", "V2_0", "V3_0"], function())));
    for name in ["customSmsSender", "customEmailSender", "inboundFederation"] {
        properties.push((name, versioned(&["V1_0"], function())));
    }
    properties.push(("kmsKeyId", one_of([format!("{key}sender"), format!("{key}sender-2")])));
    object(0.3, properties)
}

fn versioned(versions: &'static [&'static str], function: Part) -> Part {
    whole(vec![("lambdaVersion", one_of(versions.iter().copied())), ("lambdaArn", function)])
}

/// Mostly a function of the stack. One that the stack lacks is taken out when the file is settled.
fn function() -> Part {
    let of_stack = super::function::KEYS.map(|key| reference(&["functions", key], "arn"));
    let foreign = [FOREIGN.to_owned(), format!("{FOREIGN}:live"), format!("{FOREIGN}:7")];
    let [first, second] = &of_stack;
    let choices = [first, second, first, second, first].into_iter().cloned().chain(foreign);
    one_of(choices)
}

//! Changes of a function: each takes its time, and nothing else can be changed meanwhile.

use serde_json::Value;

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::world::World;
use super::name::{Named, named};
use super::{check_idle, check_revision, code, configuration, find, invalid, settings, version};

/// `UpdateFunctionConfiguration`. What is not given stays.
pub(in super::super) fn update_function_configuration(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = unqualified(world, input)?;
    let mut body = current(world, &named, input)?;
    settings::put(world, &mut body, input)?;
    begin(world, &named, body)
}

/// `UpdateFunctionCode`. Architectures that are not given stay.
pub(in super::super) fn update_function_code(world: &mut World<'_>, input: &Value) -> Result<Value, Refusal> {
    let named = unqualified(world, input)?;
    let mut body = current(world, &named, input)?;
    code::given(world, input, "UpdateFunctionCode")?.put(&mut body);
    settings::put_architectures(&mut body, input);
    let says = |member: &str| input.get(member).and_then(Value::as_bool).unwrap_or_default();
    if says("DryRun") {
        return Ok(Value::Object(body));
    }
    let answer = begin(world, &named, body)?;
    if says("Publish") { version::publish(world, &named, None) } else { Ok(answer) }
}

/// A function that is named without a version, since others cannot be changed.
fn unqualified(world: &World<'_>, input: &Value) -> Result<Named, Refusal> {
    let named = named(world, input)?;
    match named.qualifier {
        Some(_) => Err(invalid(
            "This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. Please specify either a function name or an unqualified function ARN.",
        )),
        None => Ok(named),
    }
}

/// The configuration that is to be changed, if it can be.
fn current(world: &mut World<'_>, named: &Named, input: &Value) -> Result<Body, Refusal> {
    let (arn, now) = (named.arn(world), world.now);
    let function = find(world, named)?;
    check_revision(input, function.body.get("RevisionId"))?;
    check_idle(function, &arn, now)?;
    Ok(function.body.clone())
}

fn begin(world: &mut World<'_>, named: &Named, mut body: Body) -> Result<Value, Refusal> {
    settings::touch(world, &mut body);
    let (now, ready) = (world.now, world.now + world.settings.function_delay.as_secs_f64());
    let function = find(world, named)?;
    function.body = body;
    "InProgress".clone_into(&mut function.work);
    function.ready = ready;
    Ok(configuration(function, now))
}

//! What a plan is made from and worked off with: the code of the functions, what is live, and the
//! plan itself.

use crate::aws::Aws;
use crate::engine::Packages;
use crate::error::Error;
use crate::kind::Kind;
use crate::kind::function::package::package;
use crate::live::Root;
use crate::plan::build::build;
use crate::plan::work::{Options, Planned};
use crate::read::{Scope, Shared, read};
use crate::stack::Stack;

/// A stack's plan, and what goes with it.
pub struct Survey {
    /// The plan.
    pub planned: Planned,
    /// The code of its functions.
    pub packages: Packages,
    /// Secrets that AWS shows in clear; they are never printed.
    pub secrets: Vec<String>,
}

/// Reads what is live for a stack, and plans.
///
/// # Errors
/// The code of a function cannot be packed, or a read failed; there is no plan then.
pub async fn survey(aws: &Aws, shared: &Shared, stack: &Stack, options: &Options) -> Result<Survey, Error> {
    let packages = if options.destroy { Packages::new() } else { packages(stack)? };
    let Options { create, take_over, destroy, drift, .. } = options;
    let scope = Scope { stack, create, take_over, destroy: *destroy, drift: *drift };
    let mut snapshot = read(aws, shared, &scope).await?;
    snapshot.code = packages.iter().map(|(address, package)| (address.clone(), package.sha256.clone())).collect();
    let mut planned = build(stack, &snapshot, aws.place(), options);
    planned.plan.calls = aws.calls();
    let roots = snapshot.roots.values().chain(snapshot.removed.iter().map(|(_, root)| root));
    Ok(Survey { planned, packages, secrets: live_secrets(roots) })
}

/// The code of a stack's functions.
fn packages(stack: &Stack) -> Result<Packages, Error> {
    let functions = stack.resources.iter().filter_map(|resource| {
        let code = resource.declared.get("code").filter(|_| resource.kind == Kind::Function)?;
        Some((resource, code.as_str()?))
    });
    functions
        .map(|(resource, code)| {
            let package = package(&stack.folder.join(code));
            let package = package.map_err(|why| Error::refused(why).at(&resource.address.key("code")))?;
            Ok((resource.address.clone(), package))
        })
        .collect()
}

/// Secrets that AWS shows in clear.
pub fn live_secrets<'a>(roots: impl IntoIterator<Item = &'a Root>) -> Vec<String> {
    let bodies = roots.into_iter().flat_map(|root| &root.children).map(|child| &child.body);
    let pointers = ["/ClientSecret", "/ProviderDetails/client_secret", "/ProviderDetails/private_key"];
    bodies
        .flat_map(|body| pointers.iter().filter_map(|pointer| body.pointer(pointer)?.as_str().map(str::to_owned)))
        .collect()
}

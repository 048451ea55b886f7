//! What a plan is made from and worked off with: what the files that the stack names hold, what is
//! live, and the plan itself.

use crate::aws::Aws;
use crate::engine::Packages;
use crate::error::Error;
use crate::kind::files;
use crate::live::Root;
use crate::plan::build::build;
use crate::plan::work::{Options, Planned};
use crate::read::{Scope, Shared, read};
use crate::stack::Stack;

/// A stack's plan, and what goes with it.
pub struct Survey {
    /// The plan.
    pub planned: Planned,
    /// What the files that it names hold.
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
    snapshot.hashes = packages.iter().map(|(path, package)| (path.clone(), package.sha256.clone())).collect();
    let mut planned = build(stack, &snapshot, aws.place(), options);
    planned.plan.calls = aws.calls();
    let roots = snapshot.roots.values().chain(snapshot.removed.iter().map(|(_, root)| root));
    Ok(Survey { planned, packages, secrets: live_secrets(roots) })
}

/// What the files that a stack names hold.
fn packages(stack: &Stack) -> Result<Packages, Error> {
    let mut packages = Packages::new();
    for resource in &stack.resources {
        for (property, file) in files::named(resource.kind, &resource.declared) {
            let at = resource.base().join(&property);
            let package = files::read(resource.kind, &stack.folder.join(file));
            packages.insert(at.clone(), package.map_err(|why| Error::refused(why).at(&at))?);
        }
    }
    Ok(packages)
}

/// Secrets that AWS shows in clear.
pub fn live_secrets<'a>(roots: impl IntoIterator<Item = &'a Root>) -> Vec<String> {
    let bodies = roots.into_iter().flat_map(|root| &root.children).map(|child| &child.body);
    let pointers = ["/ClientSecret", "/ProviderDetails/client_secret", "/ProviderDetails/private_key"];
    bodies
        .flat_map(|body| pointers.iter().filter_map(|pointer| body.pointer(pointer)?.as_str().map(str::to_owned)))
        .collect()
}

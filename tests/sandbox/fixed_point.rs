//! What is exported is a fixed point: a plan of the file adopts what was exported and changes
//! nothing, and once that is done there is nothing more to do.

use std::collections::BTreeMap;

use poolkeeper::aws::Aws;
use poolkeeper::engine::{self, Done};
use poolkeeper::export::{Export, export, read, read::Selection};
use poolkeeper::kind::Kind;
use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Plan};
use poolkeeper::read::Shared;
use poolkeeper::stack::{Inputs, Stack, load};
use poolkeeper::survey::{Survey, survey};
use poolkeeper::view::diagnostic;
use tokio_util::sync::CancellationToken;

use crate::lab::{Lab, show_plan, show_report};

/// What stands for a secret that AWS does not show.
const HIDDEN: &str = "-----BEGIN PRIVATE KEY-----\nhush\n-----END PRIVATE KEY-----";

/// Exports all there is in the lab.
pub(crate) async fn exported(lab: &Lab) -> Result<Export, String> {
    let aws = lab.connect().await.map_err(|error| format!("{error:?}"))?;
    let roots = read::read(&aws, &Selection::All).await.map_err(|error| format!("export: {error:?}"))?;
    Ok(export(&roots, None, aws.place()))
}

/// Loads an exported file, with the secrets that it reads, or as `validate` does without them.
fn loaded(lab: &Lab, export: &Export, lenient: bool) -> Result<Stack, String> {
    let secret = |secret: &poolkeeper::export::Secret| {
        (secret.variable.clone(), secret.value.clone().unwrap_or_else(|| HIDDEN.to_owned()))
    };
    let process = if lenient { BTreeMap::new() } else { export.secrets.iter().map(secret).collect() };
    let inputs = Inputs { environment: None, variables: BTreeMap::new(), process, lenient, without_secrets: false };
    let path = lab.file("exported.yaml", &export.text);
    for image in &export.images {
        let file = lab.folder.path().join(&image.file);
        std::fs::create_dir_all(file.parent().expect("it is in the folder")).expect("its folder");
        std::fs::write(file, &image.bytes).expect("it is written");
    }
    load::load(&path, &inputs)
        .map_err(|found| format!("it is not valid: {}\n{}", diagnostic::render(&found, false), export.text))
}

async fn planned(lab: &Lab, stack: &Stack) -> Result<(Aws, Survey), String> {
    let aws = lab.connect().await.map_err(|error| format!("{error:?}"))?;
    let survey = survey(&aws, &Shared::default(), stack, &Options::default()).await;
    Ok((aws, survey.map_err(|error| format!("plan: {error:?}"))?))
}

/// Whether a plan adopts, and allows functions to be called, and does nothing else.
fn only_adopts(plan: &Plan) -> bool {
    let fine = plan.items.iter().all(|item| match item.action {
        Action::Adopt => item.changes.is_empty(),
        Action::Create => item.kind.is_none(),
        _ => false,
    });
    fine && plan.unmanaged.is_empty()
}

/// Exports all there is, and holds it to its word.
pub(crate) async fn hold(lab: &Lab) -> Result<Export, String> {
    let export = exported(lab).await?;
    let text = &export.text;
    for secret in export.secrets.iter().filter_map(|secret| secret.value.as_ref()).filter(|value| value.len() > 5) {
        if text.contains(secret.as_str()) {
            return Err(format!("a secret stands in it: {secret}\n{text}"));
        }
    }
    for image in &export.images {
        lab.bytes(&image.file, &image.bytes);
    }
    loaded(lab, &export, true)?;
    let stack = loaded(lab, &export, false)?;
    let (aws, Survey { planned: plan, packages, .. }) = planned(lab, &stack).await?;
    if !only_adopts(&plan.plan) {
        return Err(format!("its plan does more than adopt: {}\n{text}", show_plan(&plan.plan)));
    }
    let Done { report, .. } = engine::execute(&aws, &stack, plan, packages, CancellationToken::new()).await;
    if !report.is_complete() {
        return Err(format!("its apply fails: {}\n{text}", show_report(&report)));
    }
    let (_, Survey { planned: plan, .. }) = planned(lab, &stack).await?;
    // A logo alone cannot be exported, and is come upon where another client with a look has that client's name.
    let others = plan.plan.unmanaged.iter().filter(|child| child.kind != Kind::UiCustomization).count();
    if plan.plan.has_changes() || others > 0 {
        return Err(format!("after its apply there is more to do: {}\n{text}", show_plan(&plan.plan)));
    }
    Ok(export)
}

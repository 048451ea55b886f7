//! What is about more than one property, or about how properties are compared.

use super::run::lab;

/// A stack that declares nearly everything.
const RICH: &str = include_str!("../../stacks/valid/rich.yaml");

#[tokio::test(start_paused = true)]
async fn a_rich_stack_is_applied_and_then_as_declared() {
    let lab = lab();
    lab.apply(RICH).await;
    lab.expect_no_changes(RICH).await;
}

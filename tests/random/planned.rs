//! What the planner makes of stacks made at random.

use poolkeeper::live::Snapshot;
use poolkeeper::plan::Action;
use poolkeeper::plan::build::build;
use poolkeeper::plan::graph::steps;
use poolkeeper::plan::work::{Options, Planned};
use poolkeeper::stack::Stack;
use proptest::prelude::*;

use crate::stack_file::StackFile;
use crate::{forbidden, generate, live, next};

fn plan(stack: &Stack, snapshot: &Snapshot, options: &Options) -> Planned {
    build(stack, snapshot, &live::place(), options)
}

/// The plan's items, but for those that are as declared, each as a person would be told.
fn told(planned: &Planned) -> Vec<String> {
    let items = planned.plan.items.iter().filter(|item| item.action != Action::Keep);
    items.map(|item| format!("{:?} {} {}", item.action, item.address, item.blocked.join("; "))).collect()
}

/// A stack, and one to which AWS lets it go.
pub(crate) fn two_stacks() -> impl Strategy<Value = (StackFile, next::Next)> {
    generate::stack().prop_flat_map(|first| {
        let next = next::next(&first);
        (Just(first), next)
    })
}

/// A stack, and one to which AWS does not let it go.
pub(crate) fn two_stacks_apart() -> impl Strategy<Value = (StackFile, forbidden::Forbidden)> {
    generate::stack().prop_flat_map(|first| {
        let forbidden = forbidden::forbidden(&first);
        (Just(first), forbidden)
    })
}

proptest! {
    #![proptest_config(crate::config())]

    #[test]
    fn where_nothing_is_live_everything_is_made(file in generate::stack()) {
        let (_folder, stack) = file.load();
        let planned = plan(&stack, &live::nothing(&stack), &Options::default());
        let others: Vec<String> = told(&planned).into_iter().filter(|item| !item.starts_with("Create")).collect();
        prop_assert!(others.is_empty(), "{:#?}", others);
        for resource in &stack.resources {
            prop_assert!(planned.plan.items.iter().any(|item| item.address == resource.address), "{}", resource.address);
        }
        prop_assert!(steps(&stack, &planned).len() >= planned.plan.items.len());
    }

    #[test]
    fn what_is_as_declared_is_kept(file in generate::stack()) {
        let (_folder, stack) = file.load();
        let planned = plan(&stack, &live::applied(&stack, &stack), &Options::default());
        prop_assert_eq!(told(&planned), Vec::<String>::new());
    }

    #[test]
    fn what_aws_allows_is_not_blocked((first, next) in two_stacks()) {
        let (_folder, before) = first.load();
        let (_folder, after) = next.stack.load();
        let planned = plan(&after, &live::applied(&before, &after), &next.options);
        let blocked: Vec<String> = told(&planned).into_iter().filter(|item| item.starts_with("Blocked")).collect();
        prop_assert!(blocked.is_empty(), "{:#?}\nwith {:?}", blocked, next.options);
    }

    #[test]
    fn what_aws_does_not_allow_is_blocked_where_it_stands((first, forbidden) in two_stacks_apart()) {
        let (_folder, before) = first.load();
        let (_folder, after) = forbidden.stack.load();
        let planned = plan(&after, &live::applied(&before, &after), &forbidden.options);
        let blocked: Vec<_> = planned.plan.items.iter().filter(|item| item.action == Action::Blocked).collect();
        let addresses: Vec<String> = blocked.iter().map(|item| item.address.to_string()).collect();
        prop_assert_eq!(addresses, vec![forbidden.address.to_string()]);
        if let Some(property) = &forbidden.property {
            let changed = blocked[0].changes.iter().any(|change| change.path.starts_with(property));
            prop_assert!(changed && blocked[0].blocked[0].contains(&format!("`{property}")), "{:?}", blocked[0].blocked);
        }
    }
}

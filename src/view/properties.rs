//! What must hold for every plan, whatever its texts are.

use std::time::Duration;

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use serde_json::Value;

use super::json::{Document, Stack};
use super::{Style, drift, markdown, report as reports, sample, text};
use crate::error::{AwsError, Error};
use crate::kind::Kind;
use crate::path::{Path, Segment};
use crate::plan::{Action, Cause, Change, Item, Outcome, Plan, Report, StepResult, UnmanagedChild};

/// Part of every secret value below, and of no other text.
const SECRET: &str = "Zq7#secret#7qZ";

/// A value that has no `Debug`, since it may hold secrets; what went wrong shows in what was drawn.
struct Hidden<T>(T);

impl<T> std::fmt::Debug for Hidden<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(std::any::type_name::<T>())
    }
}

fn texts() -> impl Strategy<Value = String> {
    let marks = "[\u{0}-\u{1f}\u{7f}-\u{9f}\u{202e}\u{200b}\u{2028}`@<>&\\[\\]{}\"'\\\\ …é漢a-c\n]{0,40}";
    prop_oneof![
        any::<String>(),
        marks,
        "(line [a-c]\n){0,6}",
        "[a-z]{0,8}",
        "[a-z ]{300,900}",
        Just(sample::open("userPools.customers.id")),
    ]
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        texts().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((texts(), inner), 0..4).prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn paths() -> impl Strategy<Value = Path> {
    let segment = prop_oneof![texts().prop_map(Segment::Key), (0..9_usize).prop_map(Segment::Index)];
    vec(segment, 0..4).prop_map(|segments| segments.into_iter().collect())
}

fn changes() -> impl Strategy<Value = Hidden<Change>> {
    let open = (paths(), option::of(values()), option::of(values()))
        .prop_map(|(path, live, declared)| Hidden(Change { path, live, declared, secret: false }));
    let secret = (paths(), option::of(texts()), texts()).prop_map(|(path, live, declared)| {
        Hidden(Change {
            path,
            live: live.map(|text| Value::from(format!("{SECRET}{text}"))),
            declared: Some(serde_json::json!({ "key": format!("{declared}{SECRET}") })),
            secret: true,
        })
    });
    prop_oneof![3 => open, 1 => secret]
}

fn actions() -> impl Strategy<Value = Action> {
    proptest::sample::select(vec![
        Action::Keep,
        Action::Create,
        Action::Update,
        Action::Adopt,
        Action::Replace,
        Action::Delete,
        Action::Release,
        Action::Blocked,
    ])
}

fn causes() -> impl Strategy<Value = Cause> {
    proptest::sample::select(vec![
        Cause::Pending,
        Cause::Follows,
        Cause::New,
        Cause::Drift,
        Cause::Both,
        Cause::DeletedLive,
        Cause::Interrupted,
        Cause::NotLive,
        Cause::Removed,
        Cause::Unmanaged,
        Cause::Unknown,
    ])
}

fn items() -> impl Strategy<Value = Hidden<Item>> {
    let kind = option::of(proptest::sample::select(Kind::ALL));
    let said = (vec(texts(), 0..3), vec(texts(), 0..3));
    let done = (actions(), option::of(causes()));
    (paths(), kind, done, option::of(texts()), vec(changes(), 0..4), said, any::<bool>()).prop_map(
        |(address, kind, (action, cause), id, changes, (blocked, warnings), with_parent)| {
            Hidden(Item {
                address,
                kind,
                action,
                cause,
                id,
                changes: changes.into_iter().map(|change| change.0).collect(),
                blocked,
                warnings,
                with_parent,
            })
        },
    )
}

fn plans() -> impl Strategy<Value = Hidden<Plan>> {
    let child = (paths(), texts(), vec(changes(), 0..3)).prop_map(|(address, id, properties)| {
        let properties = properties.into_iter().map(|change| change.0).collect();
        Hidden(UnmanagedChild { address, kind: Kind::Client, id, properties })
    });
    let left = vec((paths(), causes()), 0..3);
    (texts(), texts(), texts(), vec(items(), 0..5), vec(child, 0..3), (left, vec(texts(), 0..3)), any::<usize>())
        .prop_map(|(stack, region, account, items, unmanaged, (left, notes), calls)| {
            Hidden(Plan {
                stack,
                region,
                account,
                items: items.into_iter().map(|item| item.0).collect(),
                unmanaged: unmanaged.into_iter().map(|child| child.0).collect(),
                left: left.clone(),
                lost: left.into_iter().map(|(address, _)| address).collect(),
                notes,
                calls,
            })
        })
}

fn errors() -> impl Strategy<Value = Error> {
    let aws = (option::of(paths()), option::of(texts()), texts(), option::of(texts()), any::<bool>()).prop_map(
        |(address, code, message, request_id, ambiguous)| {
            let (operation, help) = ("UpdateUserPool", request_id.clone());
            Error::from(AwsError { address, operation, code, message, request_id, ambiguous, help })
        },
    );
    let refused = (option::of(paths()), texts(), option::of(texts()))
        .prop_map(|(address, message, help)| Error::Refused { address, message, help });
    prop_oneof![aws, refused]
}

fn reports() -> impl Strategy<Value = Report> {
    let result = prop_oneof![
        Just(StepResult::Done),
        errors().prop_map(StepResult::Failed),
        paths().prop_map(StepResult::NotTried),
        Just(StepResult::Interrupted),
    ];
    let outcome =
        (paths(), actions(), result).prop_map(|(address, action, result)| Outcome { address, action, result });
    vec(outcome, 0..4).prop_map(|outcomes| Report { outcomes, calls: 7 })
}

fn has_control(text: &str) -> bool {
    text.chars().any(|char| (char.is_control() && char != '\n') || ('\u{202a}'..='\u{202e}').contains(&char))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn no_text_of_a_plan_moves_the_cursor_or_tells_a_secret(
        Hidden(plan) in plans(),
        report in reports(),
        width in 0..200_usize,
        milliseconds in any::<u64>(),
    ) {
        let took = Duration::from_millis(milliseconds);
        let style = Style { color: false, width };
        let stack = Stack::of_plan(&plan, took).with_report(&report, took);
        let drifted = Stack::of_drift(&plan, took);
        let document = Document { stacks: vec![stack, drifted], ..Document::new("apply") }.render(&[]);
        let section = markdown::Section { plan: &plan, shown: markdown::Shown::Plan, took };
        let done = markdown::Section { shown: markdown::Shown::Report(&report), ..section };
        let drifted = markdown::Section { shown: markdown::Shown::Drift, ..section };
        let comment = markdown::document(&[section, done, drifted], std::slice::from_ref(&plan.stack));
        let colored = text::plan(&plan, took, &Style { color: true, width });
        let shown = [
            text::plan(&plan, took, &style),
            reports::report(&report, &plan, took, &style),
            comment,
            drift::drift(&plan, took, &style),
        ];
        for text in &shown {
            prop_assert!(!has_control(text), "{text:?}");
            prop_assert!(!text.contains(SECRET), "{text}");
        }
        prop_assert!(!document.contains(SECRET) && !colored.contains(SECRET));
        prop_assert!(shown[2].chars().count() < 65_536);
        prop_assert!(serde_json::from_str::<Value>(&document).is_ok());
        prop_assert_eq!(anstream::adapter::strip_str(&colored).to_string(), shown[0].as_str());
    }

    #[test]
    fn no_error_moves_the_cursor(error in errors(), width in 0..200_usize) {
        let text = reports::error(&error, &Style { color: false, width });
        prop_assert!(!has_control(&text), "{text:?}");
    }

    #[test]
    fn a_plan_for_80_columns_keeps_to_them_but_for_names(Hidden(change) in changes()) {
        let item = Item { changes: vec![change], ..sample::item(Action::Update, Kind::UserPool, "userPools.a", None, Vec::new()) };
        let plan = Plan { items: vec![item], ..sample::empty() };
        for line in text::plan(&plan, sample::TOOK, &Style::default()).lines() {
            let fits = unicode_width::UnicodeWidthStr::width(line) <= 80;
            prop_assert!(fits || line.ends_with(':') || line.ends_with("(secret)") || line.ends_with("(secret, changed)"), "{line}");
        }
    }

    #[test]
    fn a_comment_is_never_too_long(Hidden(plan) in plans(), times in 1..200_usize, stacks in 1..3_usize) {
        let mut plan = plan;
        plan.items = plan.items.iter().cycle().take(plan.items.len().min(1) * times * 5).cloned().collect();
        plan.notes = plan.notes.iter().cycle().take(plan.notes.len().min(1) * times).cloned().collect();
        let section = markdown::Section { plan: &plan, shown: markdown::Shown::Plan, took: sample::TOOK };
        let comment = markdown::document(&vec![section; stacks], &[]);
        prop_assert!(comment.chars().count() < 65_536);
    }
}

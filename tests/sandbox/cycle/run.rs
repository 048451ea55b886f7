//! The steps that a row goes through.

use poolkeeper::engine;
use poolkeeper::kind::{Kind, files};
use poolkeeper::path::{Path, Segment};
use poolkeeper::plan::work::Options;
use poolkeeper::plan::{Action, Cause, Plan};
use poolkeeper::survey::Survey;
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use super::footprint::{self, State};
use super::hand;
use super::row::{Means, Row, Shown, Table, Without};
use crate::lab::{Lab, show_plan, show_report, told, writes};

/// The folders with code that stacks may name.
const CODE: [(&str, &str); 2] = [
    ("code/one/index.py", "def handler(event, context):\n    return event  # one\n"),
    ("code/two/index.py", "def handler(event, context):\n    return event  # two\n"),
];

/// The images that stacks may name.
pub(crate) const IMAGES: [(&str, &[u8]); 4] = [
    ("images/one.png", b"\x89PNG\r\n\x1a\n one"),
    ("images/two.png", b"\x89PNG\r\n\x1a\n two"),
    ("images/one.svg", b"<svg>one</svg>"),
    ("images/two.svg", b"<svg>two</svg>"),
];

/// The hash that stands for an image in a plan.
pub(crate) fn hash(kind: Kind, name: &str) -> String {
    let (_, bytes) = IMAGES.iter().find(|(own, _)| *own == name).expect("an image");
    files::hash_of(kind, bytes)
}

/// A sandbox with the code and the images that stacks may name.
pub(crate) fn lab() -> Lab {
    let lab = Lab::new();
    for (name, text) in CODE {
        lab.file(name, text);
    }
    for (name, bytes) in IMAGES {
        lab.bytes(name, bytes);
    }
    lab
}

/// Runs the rows of a table; all that fail are told.
pub(crate) async fn run(table: &Table) {
    let mut failed = Vec::new();
    for row in &table.rows {
        let at = table.address(row);
        if let Err(why) = steps(table, row).await {
            failed.push(format!("{at} `{}`, {why}", row.path));
        }
    }
    assert!(failed.is_empty(), "{} of {} rows:\n\n{}", failed.len(), table.rows.len(), failed.join("\n\n"));
}

/// What holds resources by their ids or names in the sandbox's state.
const HOLDERS: [&str; 9] = [
    "user_pools",
    "identity_pools",
    "functions",
    "clients",
    "providers",
    "resource_servers",
    "groups",
    "domains",
    "replicas",
];

struct Stage<'a> {
    lab: &'a Lab,
    row: &'a Row,
    at: Path,
    step: &'static str,
}

type Outcome<T> = Result<T, String>;

impl Stage<'_> {
    fn fail<T>(&self, why: impl std::fmt::Display) -> Outcome<T> {
        Err(format!("{}: {why}", self.step))
    }

    async fn plan(&self, file: &Value) -> Outcome<Plan> {
        self.legal(file)?;
        self.lab.plan(&file.to_string()).await.or_else(|error| self.fail(format!("{error:?}")))
    }

    async fn apply(&self, file: &Value, options: &Options) -> Outcome<()> {
        self.legal(file)?;
        let surveyed = self.lab.survey(&file.to_string(), options).await;
        let (aws, stack, Survey { planned, packages, .. }) =
            surveyed.or_else(|error| self.fail(format!("{error:?}")))?;
        if planned.plan.is_blocked() {
            return self.fail(show_plan(&planned.plan));
        }
        let done = engine::execute(&aws, &stack, planned, packages, CancellationToken::new()).await;
        self.lab.catch_up();
        if done.report.is_complete() { Ok(()) } else { self.fail(show_report(&done.report)) }
    }

    fn legal(&self, file: &Value) -> Outcome<()> {
        self.lab.load(&file.to_string()).map(drop).or_else(|diagnostics| self.fail(told(&diagnostics)))
    }

    /// The plan has nothing to do, and nothing is written to find that out.
    async fn nothing_to_do(&self, file: &Value) -> Outcome<()> {
        self.lab.calls();
        let plan = self.plan(file).await?;
        let written = writes(&self.lab.calls());
        let stale = plan.notes.iter().any(|note| note.contains("ledger"));
        if plan.has_changes() || !plan.unmanaged.is_empty() || !written.is_empty() || stale {
            return self.fail(format!(
                "there is something to do still:\n{}\n{written:?} {:?}",
                show_plan(&plan),
                plan.notes
            ));
        }
        Ok(())
    }

    /// The plan shows these differences of the resource and no other, and who made them; of a secret
    /// nothing is remembered.
    async fn shows(&self, file: &Value, action: Action, cause: Cause, expected: &[Shown]) -> Outcome<()> {
        let plan = self.plan(file).await?;
        let items: Vec<_> = plan.items.iter().filter(|item| item.action != Action::Keep).collect();
        let [item] = items.as_slice() else {
            return self.fail(format!("not just one thing is done:\n{}", show_plan(&plan)));
        };
        let stand_ins = footprint::Names::of(self.lab);
        let mut shown: Vec<Shown> = item
            .changes
            .iter()
            .map(|change| {
                let named = |value: &Option<Value>| value.as_ref().map(|value| stand_ins.put_into_value(value));
                (stand_ins.put_into(&change.path.to_string()), named(&change.live), named(&change.declared))
            })
            .collect();
        let named = |value: &Option<Value>| value.as_ref().map(|value| stand_ins.put_into_value(value));
        let mut expected: Vec<Shown> =
            expected.iter().map(|(path, live, declared)| (path.clone(), named(live), named(declared))).collect();
        for list in [&mut shown, &mut expected] {
            list.sort_by(|one, other| one.0.cmp(&other.0));
        }
        let secret = item.changes.iter().all(|change| change.secret == self.row.secret);
        let cause = if self.row.secret && !self.row.remembered { Cause::Unknown } else { cause };
        if item.cause != Some(cause) {
            return self.fail(format!("the cause is {:?}, not {cause:?}:\n{}", item.cause, show_plan(&plan)));
        }
        if item.address != self.at || item.action != action || shown != expected || !secret {
            return self.fail(format!(
                "the plan is not what it should be (all secret or none: {secret}):\n{}\nexpected {action:?}: {expected:?}",
                show_plan(&plan)
            ));
        }
        let names_it = |blocked: &String| expected.iter().any(|(path, ..)| blocked.contains(&format!("`{path}`")));
        if action == Action::Blocked && !item.blocked.iter().any(names_it) {
            return self.fail(format!("the block does not name it: {:?}", item.blocked));
        }
        Ok(())
    }

    /// Nothing but the property differs.
    fn only_the_property(&self, before: &State, after: &State) -> Outcome<()> {
        let differing = footprint::differing(before, after);
        let own = |path: &str| -> Vec<String> {
            let path: Path = path.parse().expect("a path");
            path.segments().iter().map_while(Segment::key).map(str::to_owned).collect()
        };
        let mut members: Vec<Vec<String>> = vec![own(self.row.path)];
        members.extend(self.row.members.iter().map(|path| own(path)));
        let is_own = |path: &Vec<String>| members.iter().any(|members| footprint::leads_through(path, members));
        let container = |path: &Vec<String>| {
            let holds = |step: &String| HOLDERS.contains(&step.as_str());
            let end = path.iter().rposition(holds).map_or(0, |at| at + 2).min(path.len());
            path[..end].to_vec()
        };
        let one_resource = differing.windows(2).all(|pair| container(&pair[0]) == container(&pair[1]));
        if differing.is_empty() || !one_resource || !differing.iter().all(is_own) {
            return self.fail(format!("not the property alone is touched:\n{}", footprint::told(before, after)));
        }
        Ok(())
    }

    fn same(&self, before: &State, after: &State) -> Outcome<()> {
        if before == after {
            return Ok(());
        }
        self.fail(format!("something else is touched:\n{}", footprint::told(before, after)))
    }
}

/// All steps of a row.
async fn steps(table: &Table, row: &Row) -> Outcome<()> {
    let lab = lab();
    let at = table.address(row);
    let (one, two) = (table.file(row, &row.one), table.file(row, &row.two));
    let mut stage = Stage { lab: &lab, row, at, step: "made" };
    stage.apply(&one, &Options::default()).await?;
    stage.nothing_to_do(&one).await?;
    let first = footprint::state(&lab);

    stage.step = "changed in the file";
    let action = match row.means {
        Means::InPlace | Means::OneWay => Action::Update,
        Means::Blocked | Means::Replace => Action::Blocked,
    };
    let expected = row.expected();
    stage.shows(&two, action, Cause::Pending, &expected).await?;
    match row.means {
        Means::InPlace | Means::OneWay => stage.apply(&two, &Options::default()).await?,
        Means::Replace => {
            stage.apply(&two, &Options { replace: vec![stage.at.clone()], ..Options::default() }).await?;
        }
        Means::Blocked => {}
    }
    if row.means == Means::Blocked {
        stage.same(&first, &footprint::state(&lab))?;
    } else {
        stage.nothing_to_do(&two).await?;
    }
    if matches!(row.means, Means::InPlace | Means::OneWay) {
        stage.only_the_property(&first, &footprint::state(&lab))?;
    }
    if row.means == Means::InPlace && !row.no_hand {
        stage.step = "changed behind its back";
        let second = footprint::state(&lab);
        hand::set(&lab, &one, &stage.at, row.path).await.or_else(|why| stage.fail(why))?;
        lab.catch_up();
        lab.sandbox.clock().advance(std::time::Duration::from_mins(10));
        stage.shows(&two, Action::Update, Cause::Drift, &expected).await?;
        stage.apply(&two, &Options::default()).await?;
        stage.nothing_to_do(&two).await?;
        stage.same(&second, &footprint::state(&lab))?;
    }
    without(table, &mut stage).await
}

/// The property is taken out of the file.
async fn without(table: &Table, stage: &mut Stage<'_>) -> Outcome<()> {
    stage.step = "taken out of the file";
    let row = stage.row;
    let file = table.file(row, &Value::Null);
    match row.without {
        Without::Wrong => {
            if stage.lab.load(&file.to_string()).is_ok() {
                return stage.fail(format!("it can be left out: {file}"));
            }
            Ok(())
        }
        Without::Blocked => {
            let plan = stage.plan(&file).await?;
            let items = plan.items.iter().filter(|item| item.action != Action::Keep);
            let blocked: Vec<_> = items.map(|item| (&item.address, item.action)).collect();
            if blocked == [(&stage.at, Action::Blocked)] {
                return Ok(());
            }
            stage.fail(format!("it is not blocked:\n{}", show_plan(&plan)))
        }
        Without::Kept => {
            let before = footprint::state(stage.lab);
            // That it is declared no more is all there is to write.
            stage.apply(&file, &Options::default()).await?;
            stage.nothing_to_do(&file).await?;
            stage.same(&before, &footprint::state(stage.lab))
        }
        Without::Default => {
            stage.apply(&file, &Options::default()).await?;
            stage.nothing_to_do(&file).await?;
            let fresh = lab();
            fresh.apply(&file.to_string()).await;
            let (left, made) = (footprint::anonymous(stage.lab), footprint::anonymous(&fresh));
            stage.same(&made, &left)
        }
    }
}

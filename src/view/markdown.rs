//! Plans and reports as a comment on a pull request: a heading for each stack, and below it the
//! same lines as in [`text`], in a block in the language `diff`, where GitHub colours
//! lines by their first character. Whatever comes from a file or from AWS stands inside of such
//! blocks, whose fences are longer than any run of backticks in them, so that it stays plain text.

use std::time::Duration;

use super::line::{Line, draw};
use super::text::{self, Block};
use super::{Style, counted, drift, duration, report as reports, value};
use crate::plan::{Plan, Report};

/// A comment on GitHub holds 65,536 characters. Bytes are counted here, which are never fewer; the
/// rest is left for what others put around it.
const MOST_BYTES: usize = 65_000;

/// What is kept for the end of each section: closing the block, and saying what was left out.
const RESERVE: usize = 300;

/// Blocks of more lines than this are folded.
const FOLDED_FROM: usize = 60;

/// About as wide as a comment is shown; what is wider can be scrolled.
const STYLE: Style = Style { color: false, width: 110 };

/// One stack in a comment.
#[derive(Clone, Copy)]
pub struct Section<'a> {
    /// Its plan.
    pub plan: &'a Plan,
    /// What is told of it.
    pub shown: Shown<'a>,
    /// How long it took.
    pub took: Duration,
}

/// What a section tells of a stack.
#[derive(Clone, Copy)]
pub enum Shown<'a> {
    /// What would be done.
    Plan,
    /// What an apply or a destroy did.
    Report(&'a Report),
    /// What others did live.
    Drift,
}

/// The comment: the stacks, then all that went wrong, as it is told on a terminal.
/// It is cut between two resources where it would be too long, and says how many were left out.
#[must_use]
pub fn document(sections: &[Section<'_>], errors: &[String]) -> String {
    let mut text = String::new();
    if !errors.is_empty() {
        let mut block = Fenced::new("text");
        let mut left_out = 0;
        for error in errors {
            let lines: Vec<String> = error.lines().map(value::visible).collect();
            left_out += usize::from(!block.push(&lines, MOST_BYTES / 4));
        }
        text.push_str("### Errors\n\n");
        block.close(&mut text);
        left_out_note(&mut text, left_out, "error");
    }
    for (position, section) in sections.iter().enumerate() {
        let waiting = sections.len() - position;
        let room = MOST_BYTES.saturating_sub(text.len());
        if room < 4 * RESERVE {
            left_out_note(&mut text, waiting, "stack");
            break;
        }
        self::section(*section, room / waiting, &mut text);
    }
    text
}

fn section(section: Section<'_>, room: usize, text: &mut String) {
    let Section { plan, shown, took } = section;
    let (sums, calls) = match shown {
        Shown::Plan => (text::summary(plan), plan.calls),
        Shown::Report(report) => (reports::summary(report), report.calls),
        Shown::Drift => (drift::summary(plan), plan.calls),
    };
    let calls = counted(calls, "API call");
    if !text.is_empty() {
        text.push('\n');
    }
    let start = text.len();
    let (stack, region, account) = (code(&plan.stack), code(&plan.region), code(&plan.account));
    let head = format!("### {stack}: {sums}\n\n{region}, account {account}. {calls} in {}.\n", duration(took));
    text.push_str(&head);

    let (blocks, asides) = match shown {
        Shown::Plan => (
            text::blocks(plan, &STYLE),
            vec![text::unmanaged(plan), text::left(plan, &STYLE), text::notes(plan, &STYLE)],
        ),
        Shown::Report(report) => (reports::outcomes(report, plan, &STYLE), Vec::new()),
        Shown::Drift => (drift::blocks(plan, &STYLE), vec![drift::pending(plan, &STYLE), text::notes(plan, &STYLE)]),
    };
    let mut aside = Fenced::new("text");
    let mut items = Fenced::new("diff");
    let room = room.saturating_sub(text.len() - start + RESERVE);
    // What is around the items gets a quarter at most, so that the items are not lost behind it.
    let asides = asides.iter().filter(|lines| !lines.is_empty());
    let aside_left_out = asides.filter(|lines| !aside.push(&plain(lines), room / 4)).count();
    let left_out = fill(&mut items, &blocks, room.saturating_sub(aside.len()));

    let folded = items.lines.len() > FOLDED_FROM;
    if folded {
        let summary = format!("\n<details><summary>{} lines</summary>\n", items.lines.len());
        text.push_str(&summary);
    }
    items.close(text);
    if folded {
        text.push_str("\n</details>\n");
    }
    left_out_note(text, left_out, "item");
    aside.close(text);
    left_out_note(text, aside_left_out, "note");
}

/// Puts in as many items as there is room for; gives how many had to be left out. An item that
/// alone is too long is named without its details.
fn fill(fenced: &mut Fenced, blocks: &[Block], room: usize) -> usize {
    let mut left_out = 0;
    let mut last = 1;
    for block in blocks {
        let mut lines: Vec<String> = block.lines.iter().map(Line::draw_for_diff).collect();
        if !fenced.lines.is_empty() && (last > 1 || lines.len() > 1) {
            lines.insert(0, String::new());
        }
        last = block.lines.len();
        if left_out == 0 && !fenced.push(&lines, room) {
            let named = lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
            lines.truncate(named + 1);
            lines.push("    … too long to be shown here".to_owned());
            if block.items > 1 || lines.iter().map(String::len).sum::<usize>() > room / 2 || !fenced.push(&lines, room)
            {
                left_out += block.items;
            }
        } else if left_out > 0 {
            left_out += block.items;
        }
    }
    left_out
}

fn plain(lines: &[Line]) -> Vec<String> {
    draw(lines, &STYLE).lines().map(ToOwned::to_owned).collect()
}

fn left_out_note(text: &mut String, count: usize, noun: &str) {
    if count > 0 {
        let note = format!("\n_{} left out: the comment would be too long._\n", counted(count, noun));
        text.push_str(&note);
    }
}

/// A short text as code, in which nothing has a meaning.
fn code(text: &str) -> String {
    let shown = value::visible(text);
    let ticks = "`".repeat(longest_run(&shown) + 1);
    let pad = if ticks.len() > 1 || shown.trim().is_empty() { " " } else { "" };
    format!("{ticks}{pad}{}{pad}{ticks}", value::cut(&shown))
}

fn longest_run(text: &str) -> usize {
    text.split(|char| char != '`').map(str::len).max().unwrap_or(0)
}

/// A fenced block that knows how long it has become.
struct Fenced {
    language: &'static str,
    lines: Vec<String>,
    bytes: usize,
    ticks: usize,
}

impl Fenced {
    fn new(language: &'static str) -> Self {
        Self { language, lines: Vec::new(), bytes: 0, ticks: 3 }
    }

    /// How many bytes it will take.
    fn len(&self) -> usize {
        if self.lines.is_empty() { 0 } else { self.bytes + 2 * self.ticks + self.language.len() + 3 }
    }

    /// Takes in the lines if it then still fits into `room` bytes.
    fn push(&mut self, lines: &[String], room: usize) -> bool {
        let bytes = self.bytes + lines.iter().map(|line| line.len() + 1).sum::<usize>();
        let ticks = lines.iter().map(|line| longest_run(line) + 1).fold(self.ticks, usize::max);
        let fits = bytes + 2 * ticks + self.language.len() + 3 <= room;
        if fits {
            self.lines.extend_from_slice(lines);
            (self.bytes, self.ticks) = (bytes, ticks);
        }
        fits
    }

    fn close(self, text: &mut String) {
        if self.lines.is_empty() {
            return;
        }
        let fence = "`".repeat(self.ticks);
        let blank = if text.ends_with("\n\n") { "" } else { "\n" };
        let block = format!("{blank}{fence}{}\n{}\n{fence}\n", self.language, self.lines.join("\n"));
        text.push_str(&block);
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;
    use crate::kind::Kind;
    use crate::plan::Action;
    use serde_json::json;

    fn shown(plan: &Plan) -> String {
        document(&[Section { plan, shown: Shown::Plan, took: sample::TOOK }], &[])
    }

    #[test]
    fn a_plan_is_a_comment() {
        insta::assert_snapshot!(shown(&sample::full()), @r#"
        ### `shop/prod`: 2 to create, 1 to update, 1 to adopt, 1 to replace, 3 to delete, 1 to release, 1 blocked, 1 unchanged.

        `us-east-2`, account `123456789012`. 23 API calls in 1.2 s.

        ```diff
        ~ update   userPools.customers (us-east-2_AbCdEfGhI), drift: changed live, and the file changed
            warning: with MFA required, users without a second factor are asked to set one up at their next sign-in
            policies.passwordPolicy.minimumLength: live 8 → file 12
            mfaConfiguration: live OPTIONAL → file ON
            autoVerifiedAttributes:
        -       phone_number
        +       email
            emailVerificationMessage:
                your code is {####}.

        -       It is good for one hour.
        +       It is good for 24 hours.
                Greetings
                The shop
            tags.team: live shop → file identity
            userPoolAddOns.advancedSecurityMode: live AUDIT → file (not set)
            lambdaConfig.preSignUp: live (not set) → file ${functions.confirm.arn}
            smsAuthenticationMessage:
              live Your authentication code is {####}. Do not give it to anybody.
              file Your code for shop.example.com is {####}. We never ask you for it on the telephone.

        + create   userPools.customers.clients.web, the file changed
            name: web
            allowedOAuthFlows: [code]
            callbackUrls:
        +       http://localhost:8000/
        +       https://shop.example.com/callback
        +       https://shop.example.com/silent-refresh
            refreshTokenRotation.feature: ENABLED
            refreshTokenRotation.retryGracePeriodSeconds: 10
            analyticsConfiguration.applicationArn: ${functions.confirm.arn}
            clientSecret: (secret)

        + create   userPools.customers.groups.admins, drift: deleted live

        > adopt    userPools.customers.identityProviders.Google
            providerDetails.client_secret: (secret, changed)
            attributeMapping.name: live (not set) → file given_name

        ± replace  userPools.customers.clients.native (4nan7212tljtdmdjvp7e5ffmti)
            warning: tokens that this client was given are no longer good
            generateSecret: live true → file false

        ! blocked  userPools.staff (us-east-2_JkLmNoPqR), drift: changed live
            AWS cannot change `usernameAttributes` of a user pool once it exists; take the change back, or make
              another pool under another key and move the users
            usernameAttributes:
        +       phone_number

        - delete   userPools.old (us-east-2_StUvWxYzA), removed from the file
            warning: it holds 1,204 users, who are lost with it
        - delete   userPools.old.clients.web (6h2ttt1j8cnn), with its user pool
        - delete   userPools.old.domains.old-login, with its user pool

        < release  userPools.customers.groups.staff
        ```

        ```text
        Unmanaged, made by other hands and left alone:
            app client       userPools.customers.clients.legacy (1example23456789)
            resource server  userPools.customers.resourceServers["https://orders.example.com"]
        Note: The tag query was refused (AccessDeniedException), so resources that were removed from the file were
          not looked for.
        ```
        "#);
    }

    #[test]
    fn a_report_is_a_comment() {
        let plan = sample::full();
        let report = sample::report();
        let section = Section { plan: &plan, shown: Shown::Report(&report), took: sample::TOOK };
        insta::assert_snapshot!(document(&[section], &["shop.yaml:3:1: unknown key\n".to_owned()]), @r#"
        ### Errors

        ```text
        shop.yaml:3:1: unknown key
        ```

        ### `shop/prod`: 1 created, 1 updated, 1 failed, 1 not tried, 1 not started.

        `us-east-2`, account `123456789012`. 31 API calls in 1.2 s.

        ```diff
        ~ updated    userPools.customers (us-east-2_AbCdEfGhI)

        ! failed     userPools.customers.clients.web, to create
            CreateUserPoolClient failed with InvalidParameterException: 1 validation error detected: Value
              '[ALLOW_REFRESH_TOKEN_AUTH]' at 'explicitAuthFlows' cannot be used with refresh token rotation
            request id: f5b1a9d2-6a1e-4c0e-9f55-0c2f3e0b7a11
            help: take ALLOW_REFRESH_TOKEN_AUTH out, or turn `refreshTokenRotation` off

        + created    userPools.customers.groups.admins

        · not tried  identityPools.app, to update
            because userPools.customers.clients.web failed

        · not tried  userPools.old (us-east-2_StUvWxYzA), to delete: the run was interrupted
        ```
        "#);
    }

    #[test]
    fn no_value_gets_out_of_its_block() {
        let evil = "```\n</details>\n@everyone <img src=x> ````` [a](http://b)";
        let mut plan = sample::empty();
        plan.stack = format!("a`b\n# {evil}");
        plan.notes = vec![evil.to_owned()];
        plan.items = vec![sample::item(
            Action::Update,
            Kind::UserPool,
            "userPools.a",
            Some(evil),
            vec![sample::change("a", json!(evil), json!(format!("{evil}\nmore")))],
        )];
        let text = shown(&plan);
        let mut fence: Option<String> = None;
        for line in text.lines() {
            let ticks: String = line.chars().take_while(|char| *char == '`').collect();
            match &fence {
                Some(open) if ticks.len() >= open.len() && ticks == line => fence = None,
                Some(_) => {}
                None if ticks.len() > 5 && !line.ends_with('`') => fence = Some(ticks),
                None => assert!(!line.contains('@') || line.starts_with("### ``````"), "{line}"),
            }
        }
        assert_eq!(fence, None, "{text}");
    }

    #[test]
    fn a_huge_plan_is_cut_between_items() {
        let mut plan = sample::empty();
        let item = |number: usize| {
            let address = format!("userPools.customers.groups.g{number}");
            sample::item(Action::Create, Kind::Group, &address, None, vec![sample::change("a", None, json!("x"))])
        };
        plan.items = (0..5_000).map(item).collect();
        let text = shown(&plan);
        let there = text.matches("+ create").count();
        assert!(text.len() < 65_536 && text.len() > 60_000, "{}", text.len());
        assert!(text.contains(&format!("_{} items left out", 5_000 - there)));
        assert_eq!(text.matches("    a: x").count(), there);

        let section = Section { plan: &plan, shown: Shown::Plan, took: sample::TOOK };
        let many = document(&vec![section; 30], &vec!["x".repeat(10_000); 20]);
        assert!(many.len() < 65_536, "{}", many.len());
    }
}

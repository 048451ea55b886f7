//! A plan as a person reads it. A plan is its stack, one block per resource
//! that has something to do, what was made by other hands, notes, and the sums. What is as the
//! file says is only counted.

use std::time::Duration;

use super::change::{self, Way};
use super::line::{Line, Role, draw, paragraph};
use super::{Style, counted, duration, value};
use crate::path::Path;
use crate::plan::{Action, Cause, Item, Plan, UnmanagedChild};

/// A plan, with how long it took to read what is live.
#[must_use]
pub fn plan(plan: &Plan, took: Duration, style: &Style) -> String {
    let items = spaced(blocks(plan, style).into_iter().map(|block| block.lines).collect());
    joined(
        &[vec![head(plan)], items, unmanaged(plan), left(plan, style), notes(plan, style), sums(plan, took, style)],
        style,
    )
}

/// The stack, and where it was read.
pub(super) fn head(plan: &Plan) -> Line {
    let place = format!(" in {}, account {}", value::visible(&plan.region), value::visible(&plan.account));
    Line::default().push(Role::Name, value::visible(&plan.stack)).push(Role::Quiet, place)
}

/// Sections with an empty line between them.
pub(super) fn joined(sections: &[Vec<Line>], style: &Style) -> String {
    let texts = sections.iter().filter(|lines| !lines.is_empty()).map(|lines| draw(lines, style));
    texts.collect::<Vec<_>>().join("\n")
}

/// Blocks one below the other, with an empty line around those that have more than one line.
pub(super) fn spaced(blocks: Vec<Vec<Line>>) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut last = 1;
    for block in blocks {
        if !lines.is_empty() && (last > 1 || block.len() > 1) {
            lines.push(Line::default());
        }
        last = block.len();
        lines.extend(block);
    }
    lines
}

/// What is shown together: a resource, and what goes by itself with it.
pub(super) struct Block {
    /// How many resources it is about.
    pub(super) items: usize,
    pub(super) lines: Vec<Line>,
}

/// The resources of a plan that have something to do.
pub(super) fn blocks(plan: &Plan, style: &Style) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    for item in plan.items.iter().filter(|item| item.action != Action::Keep) {
        let lines = self::item(item, style);
        match blocks.last_mut() {
            Some(block) if item.with_parent => {
                block.items += 1;
                block.lines.extend(lines);
            }
            _ => blocks.push(Block { items: 1, lines }),
        }
    }
    blocks
}

/// One resource of a plan: what is done to it, what stands in the way, what must be known, what changes.
fn item(item: &Item, style: &Style) -> Vec<Line> {
    let (word, symbol) = item.action.word_and_symbol();
    let word = format!("{word:<7}");
    let suffix = if item.with_parent { "with its user pool" } else { cause(item) };
    let mut lines = title(symbol, &word, Role::of(item.action), &item.address, item.id.as_deref(), suffix, style);
    if item.with_parent {
        return lines;
    }
    lines.extend(item.blocked.iter().flat_map(|reason| paragraph(4, "", Role::Fault, reason, style)));
    lines.extend(item.warnings.iter().flat_map(|text| paragraph(4, "warning: ", Role::Warning, text, style)));
    if item.action != Action::Delete {
        lines.extend(change::lines(
            &item.changes,
            if item.action == Action::Create { Way::Create } else { Way::Change },
            style,
        ));
    }
    lines
}

/// Why a resource is not as declared, in words. What lives in a root that is not live goes without saying.
fn cause(item: &Item) -> &'static str {
    match item.cause {
        Some(Cause::NotLive) if item.kind.is_none_or(|kind| kind.parent().is_some()) => "",
        cause => cause.map_or("", Cause::told),
    }
}

/// Symbol, word, address, id and what there is to say. An id that is the address's last key says
/// nothing new; what does not fit stands on a line of its own, whole.
pub(super) fn title(
    symbol: char,
    word: &str,
    role: Role,
    address: &Path,
    id: Option<&str>,
    suffix: &str,
    style: &Style,
) -> Vec<Line> {
    let line = Line::default().mark(role, symbol).push(role, word).push(Role::Plain, "  ");
    let line = line.push(Role::Name, value::path(address));
    let id = id.filter(|id| Some(*id) != address.last_key()).map(value::visible);
    let mut lines = match &id {
        Some(id) => {
            let whole = line.clone().push(Role::Quiet, format!(" ({id})"));
            if whole.width() <= style.width {
                vec![whole]
            } else {
                vec![line, Line::at(4).push(Role::Quiet, format!("id {id}"))]
            }
        }
        None => vec![line],
    };
    if suffix.is_empty() {
        return lines;
    }
    let whole = lines[0].clone().push(Role::Plain, format!(", {suffix}"));
    if whole.width() <= style.width {
        lines[0] = whole;
    } else {
        lines.push(Line::at(4).push(Role::Plain, suffix));
    }
    lines
}

/// Children made by other hands. Those of a user pool that is deleted go with it, which AWS does not ask about.
pub(super) fn unmanaged(plan: &Plan) -> Vec<Line> {
    let (gone, left): (Vec<_>, Vec<_>) = plan.unmanaged.iter().partition(|child| goes_along(child, plan));
    let mut lines = children("Unmanaged, made by other hands and left alone:", Role::Plain, &left);
    lines.extend(children("Unmanaged, made by other hands and deleted with their user pool:", Role::Warning, &gone));
    lines
}

/// Whether a child made by other hands goes with its user pool.
pub(super) fn goes_along(child: &UnmanagedChild, plan: &Plan) -> bool {
    plan.items.iter().any(|item| item.action == Action::Delete && child.address.starts_with(&item.address))
}

fn children(title: &str, role: Role, children: &[&UnmanagedChild]) -> Vec<Line> {
    let Some(widest) = children.iter().map(|child| child.kind.title().len()).max() else { return Vec::new() };
    let child = children.iter().map(|child| {
        let line = Line::at(4)
            .push(Role::Quiet, format!("{:<widest$}  ", child.kind.title()))
            .push(Role::Plain, value::path(&child.address));
        if Some(child.id.as_str()) == child.address.last_key() {
            line
        } else {
            line.push(Role::Quiet, format!(" ({})", value::visible(&child.id)))
        }
    });
    std::iter::once(Line::default().push(role, title)).chain(child).collect()
}

/// What is left for another plan.
pub(super) fn left(plan: &Plan, style: &Style) -> Vec<Line> {
    let left = plan.left.iter().map(|(address, cause)| (address, *cause));
    waiting("Left for another apply:", left, style)
}

/// Resources below a title, each with why it is not as declared.
pub(super) fn waiting<'a>(
    title: &'static str,
    items: impl Iterator<Item = (&'a Path, Cause)>,
    style: &Style,
) -> Vec<Line> {
    let lines = items.flat_map(|(address, cause)| {
        let line = Line::at(4).push(Role::Plain, value::path(address));
        let whole = line.clone().push(Role::Quiet, format!(", {}", cause.told()));
        if whole.width() <= style.width { vec![whole] } else { vec![line, Line::at(6).push(Role::Quiet, cause.told())] }
    });
    let lines: Vec<Line> = lines.collect();
    let head = (!lines.is_empty()).then(|| Line::default().push(Role::Plain, title));
    head.into_iter().chain(lines).collect()
}

pub(super) fn notes(plan: &Plan, style: &Style) -> Vec<Line> {
    plan.notes.iter().flat_map(|note| paragraph(0, "Note: ", Role::Help, note, style)).collect()
}

fn sums(plan: &Plan, took: Duration, style: &Style) -> Vec<Line> {
    let mut lines = paragraph(0, "", Role::Plain, &summary(plan), style);
    if plan.is_blocked() {
        let text = "Nothing of this plan is applied while anything in it is blocked.";
        lines.push(Line::default().push(Role::Fault, text));
    }
    lines.push(calls(plan.calls, took));
    lines
}

/// What a plan comes to, in one sentence.
pub(super) fn summary(plan: &Plan) -> String {
    let kept = plan.count(Action::Keep);
    if !plan.has_changes() && !plan.left.is_empty() {
        let left = counted(plan.left.len(), "resource");
        return format!("Nothing to correct, and {left} left for another apply.");
    }
    if !plan.has_changes() {
        return match kept {
            0 => "No changes: what is live is as the file says.".to_owned(),
            kept => format!("No changes: what is live is as the file says ({}).", counted(kept, "resource")),
        };
    }
    let part = |action, words| match plan.count(action) {
        0 => None,
        count => Some(format!("{count} {words}")),
    };
    let parts = [
        part(Action::Create, "to create"),
        part(Action::Update, "to update"),
        part(Action::Adopt, "to adopt"),
        part(Action::Replace, "to replace"),
        part(Action::Delete, "to delete"),
        part(Action::Release, "to release"),
        part(Action::Blocked, "blocked"),
        part(Action::Keep, "unchanged"),
        (!plan.left.is_empty()).then(|| format!("{} left", plan.left.len())),
    ];
    format!("{}.", parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
}

pub(super) fn calls(calls: usize, took: Duration) -> Line {
    Line::default().push(Role::Quiet, format!("{} in {}.", counted(calls, "API call"), duration(took)))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn shown(plan: &Plan) -> String {
        super::plan(plan, sample::TOOK, &Style::default())
    }

    #[test]
    fn a_plan_shows_all_that_would_happen() {
        insta::assert_snapshot!(shown(&sample::full()), @r#"
        shop/prod in us-east-2, account 123456789012

        ~ update   userPools.customers (us-east-2_AbCdEfGhI)
            drift: changed live, and the file changed
            warning: with MFA required, users without a second factor are asked to set
              one up at their next sign-in
            policies.passwordPolicy.minimumLength: live 8 → file 12
            mfaConfiguration: live OPTIONAL → file ON
            autoVerifiedAttributes:
              - phone_number
              + email
            emailVerificationMessage:
                your code is {####}.

              - It is good for one hour.
              + It is good for 24 hours.
                Greetings
                The shop
            tags.team: live shop → file identity
            userPoolAddOns.advancedSecurityMode: live AUDIT → file (not set)
            lambdaConfig.preSignUp: live (not set) → file ${functions.confirm.arn}
            smsAuthenticationMessage:
              live Your authentication code is {####}. Do not give it to anybody.
              file Your code for shop.example.com is {####}. We never ask you for it on
                   the telephone.

        + create   userPools.customers.clients.web, the file changed
            name: web
            allowedOAuthFlows: [code]
            callbackUrls:
              + http://localhost:8000/
              + https://shop.example.com/callback
              + https://shop.example.com/silent-refresh
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
            AWS cannot change `usernameAttributes` of a user pool once it exists; take
              the change back, or make another pool under another key and move the users
            usernameAttributes:
              + phone_number

        - delete   userPools.old (us-east-2_StUvWxYzA), removed from the file
            warning: it holds 1,204 users, who are lost with it
        - delete   userPools.old.clients.web (6h2ttt1j8cnn), with its user pool
        - delete   userPools.old.domains.old-login, with its user pool

        < release  userPools.customers.groups.staff

        Unmanaged, made by other hands and left alone:
            app client       userPools.customers.clients.legacy (1example23456789)
            resource server  userPools.customers.resourceServers["https://orders.example.com"]

        Note: The tag query was refused (AccessDeniedException), so resources that
          were removed from the file were not looked for.

        2 to create, 1 to update, 1 to adopt, 1 to replace, 3 to delete, 1 to release,
          1 blocked, 1 unchanged.
        Nothing of this plan is applied while anything in it is blocked.
        23 API calls in 1.2 s.
        "#);
    }

    #[test]
    fn a_plan_without_changes_says_so() {
        insta::assert_snapshot!(shown(&sample::unchanged()), @r#"
        shop/prod in us-east-2, account 123456789012

        No changes: what is live is as the file says (2 resources).
        23 API calls in 1.2 s.
        "#);
    }

    #[test]
    fn what_others_made_is_lost_with_a_deleted_pool() {
        let mut plan = sample::full();
        plan.items.retain(|item| item.address.to_string() == "userPools.customers");
        plan.items[0].action = Action::Delete;
        assert!(
            shown(&plan).contains("Unmanaged, made by other hands and deleted with their user pool:\n    app client")
        );
    }
}

//! What others did live, as a person reads it: what was changed, deleted, is not live, or was made
//! by other hands; then what the file still wants, which is no drift.

use std::time::Duration;

use super::change::{self, Way};
use super::line::{Line, Role, paragraph};
use super::text::{Block, calls, head, joined, notes, spaced, title, waiting};
use super::{Style, counted};
use crate::plan::drift::Drift;
use crate::plan::{Cause, Item, Plan, UnmanagedChild};

/// What drifted of a stack, by its plan, with how long it took to read what is live.
#[must_use]
pub fn drift(plan: &Plan, took: Duration, style: &Style) -> String {
    let items = spaced(blocks(plan, style).into_iter().map(|block| block.lines).collect());
    let role = if Drift::of(plan).is_none() { Role::Plain } else { Role::Warning };
    let mut sums = paragraph(0, "", role, &summary(plan), style);
    sums.push(calls(plan.calls, took));
    joined(&[vec![head(plan)], items, pending(plan, style), notes(plan, style), sums], style)
}

/// What drifted, one block each.
pub(super) fn blocks(plan: &Plan, style: &Style) -> Vec<Block> {
    let Drift { changed, deleted, not_live, unknown, lost, unmanaged, .. } = Drift::of(plan);
    let suffix = |item: &Item| if item.cause == Some(Cause::Both) { "and the file changed too" } else { "" };
    let changed = changed.iter().map(|item| shown(item, ('~', "changed", Role::Changed), suffix(item), style));
    let deleted = deleted.iter().map(|item| shown(item, ('-', "deleted", Role::Removed), "", style));
    let gone = |item: &Item| if item.blocked.is_empty() { "never applied, or deleted" } else { "" };
    let not_live = not_live.iter().map(|item| shown(item, ('-', "not live", Role::Removed), gone(item), style));
    let lost = lost.iter().map(|address| {
        title('?', &format!("{:<9}", "lost"), Role::Warning, address, None, "its ledger is lost or damaged", style)
    });
    let cause = "and what was applied is not known";
    let unknown = unknown.iter().map(|item| shown(item, ('?', "differs", Role::Warning), cause, style));
    let unmanaged = unmanaged.iter().map(|child| self::unmanaged(child, style));
    let all = changed.chain(deleted).chain(not_live).chain(unknown).chain(lost).chain(unmanaged);
    all.map(|lines| Block { items: 1, lines }).collect()
}

fn shown(item: &Item, (symbol, word, role): (char, &str, Role), suffix: &str, style: &Style) -> Vec<Line> {
    let mut lines = title(symbol, &format!("{word:<9}"), role, &item.address, item.id.as_deref(), suffix, style);
    // What is not live has nothing to compare with; of a root it is told what stands there instead.
    if item.id.is_some() {
        lines.extend(change::lines(&item.changes, Way::Done, style));
    }
    // Where several are live that may be meant, nothing needs to differ.
    let of_several = item.cause == Some(Cause::Unknown) && item.changes.is_empty();
    if of_several || item.id.is_none() && item.cause == Some(Cause::NotLive) {
        lines.extend(item.blocked.iter().flat_map(|reason| paragraph(4, "", Role::Plain, reason, style)));
    }
    lines
}

fn unmanaged(child: &UnmanagedChild, style: &Style) -> Vec<Line> {
    let (id, word) = (Some(child.id.as_str()), format!("{:<9}", "unmanaged"));
    let mut lines = title('+', &word, Role::Warning, &child.address, id, "", style);
    lines.extend(change::lines(&child.properties, Way::Create, style));
    lines
}

/// What the file still wants.
pub(super) fn pending(plan: &Plan, style: &Style) -> Vec<Line> {
    let pending = Drift::of(plan).pending;
    let pending = pending.iter().filter_map(|item| Some((&item.address, item.cause?)));
    waiting("Not applied yet, which is no drift:", pending, style)
}

/// What it comes to, in one sentence.
pub(super) fn summary(plan: &Plan) -> String {
    let Drift { changed, deleted, not_live, unknown, lost, unmanaged, pending } = &Drift::of(plan);
    let part = |count: usize, words: &str| (count > 0).then(|| format!("{count} {words}"));
    let found = [
        part(changed.len(), "changed live"),
        part(deleted.len(), "deleted live"),
        part(not_live.len(), "not live"),
        part(unknown.len(), "of unknown cause"),
        (!lost.is_empty()).then(|| counted(lost.len(), "lost ledger")),
        part(unmanaged.len(), "unmanaged"),
    ];
    let found: Vec<String> = found.into_iter().flatten().collect();
    let waiting = part(pending.len(), "not applied yet").map(|waiting| format!("; {waiting}")).unwrap_or_default();
    if found.is_empty() {
        let resources = plan.items.iter().filter(|item| item.kind.is_some()).count();
        return format!("No drift in {}{waiting}.", counted(resources, "resource"));
    }
    format!("Drift: {}{waiting}.", found.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn drift_is_told_apart_from_what_waits() {
        insta::assert_snapshot!(drift(&sample::drifted(), sample::TOOK, &Style::default()), @r#"
        shop/prod in us-east-2, account 123456789012

        ~ changed    userPools.customers (us-east-2_AbCdEfGhI), and the file changed too
            policies.passwordPolicy.minimumLength: live 8 → file 12
            mfaConfiguration: live OPTIONAL → file ON
            autoVerifiedAttributes:
              - email
              + phone_number
            emailVerificationMessage:
                your code is {####}.

              - It is good for 24 hours.
              + It is good for one hour.
                Greetings
                The shop
            tags.team: live shop → file identity
            userPoolAddOns.advancedSecurityMode: live AUDIT → file (not set)
            lambdaConfig.preSignUp: live (not set) → file ${functions.confirm.arn}
            smsAuthenticationMessage:
              live Your authentication code is {####}. Do not give it to anybody.
              file Your code for shop.example.com is {####}. We never ask you for it on
                   the telephone.

        ~ changed    userPools.staff (us-east-2_JkLmNoPqR)
            usernameAttributes:
              - phone_number

        - deleted    userPools.customers.groups.admins
        - not live   identityPools.app, never applied, or deleted

        ? differs    userPools.customers.domains.shop-login
            and what was applied is not known
            managedLoginVersion: live 1 → file 2

        ? lost       userPools.staff, its ledger is lost or damaged

        + unmanaged  userPools.customers.clients.legacy (1example23456789)
            allowedOAuthFlows: [implicit]
            callbackUrls: [https://elsewhere.example.com/]

        + unmanaged  userPools.customers.resourceServers["https://orders.example.com"]

        Not applied yet, which is no drift:
            userPools.customers.clients.web, the file changed
            userPools.old, removed from the file

        Note: The tag query was refused (AccessDeniedException), so resources that
          were removed from the file were not looked for.

        Drift: 2 changed live, 1 deleted live, 1 not live, 1 of unknown cause, 1 lost
          ledger, 2 unmanaged; 2 not applied yet.
        23 API calls in 1.2 s.
        "#);
    }

    #[test]
    fn where_nothing_drifted_it_says_so() {
        insta::assert_snapshot!(drift(&sample::unchanged(), sample::TOOK, &Style::default()), @r#"
        shop/prod in us-east-2, account 123456789012

        No drift in 2 resources.
        23 API calls in 1.2 s.
        "#);
    }
}

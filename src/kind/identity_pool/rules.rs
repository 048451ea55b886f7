//! AWS's rules across the properties of an identity pool.

use super::{IdentityPool, MappingType, RoleMapping};
use crate::diagnostic::Findings;
use crate::kind::tags;
use crate::path::Path;

pub(super) fn check(pool: &IdentityPool, findings: &mut Findings) {
    tags::check(&pool.tags, findings);
    for (provider, mapping) in &pool.role_mappings {
        role_mapping(mapping, &Path::root().key("roleMappings").key(provider), findings);
    }
    for (provider, mapping) in &pool.principal_tags {
        if mapping.use_defaults && !mapping.principal_tags.is_empty() {
            let at = Path::root().key("principalTags").key(provider);
            findings.rule_at(
                &[at.key("useDefaults"), at.key("principalTags")],
                "`useDefaults: true` takes AWS's own mapping, so `principalTags` would have no effect",
                Some("take one of the two out".to_owned()),
            );
        }
    }
}

fn role_mapping(mapping: &RoleMapping, at: &Path, findings: &mut Findings) {
    let kind = at.key("type");
    let configuration = at.key("rulesConfiguration");
    let rules = mapping.rules_configuration.as_ref().map_or(0, |configuration| configuration.rules.len());
    match mapping.mapping_type {
        MappingType::Token if mapping.rules_configuration.is_some() => findings.rule_at(
            &[kind],
            "a role mapping of type Token has no `rulesConfiguration`",
            Some("make it `type: Rules`, or take the rules out".to_owned()),
        ),
        MappingType::Rules if rules == 0 => {
            findings.rule_at(&[kind, configuration], "a role mapping of type Rules needs at least one rule", None);
        }
        _ => {}
    }
    if mapping.ambiguous_role_resolution.is_none() {
        findings.rule_at(
            &[at.key("ambiguousRoleResolution")],
            "`ambiguousRoleResolution` is missing: AWS wants it for every role mapping",
            Some("`AuthenticatedRole` or `Deny`".to_owned()),
        );
    }
}

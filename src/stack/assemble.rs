//! From the values of a file to its resources: in the order of the file, each child behind its
//! parent, with names and tags filled in by the format's rules.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::schema::{RENAMED_FROM, can_be_renamed};
use super::values::Resolved;
use super::{Output, Resource, Stack, Unmanaged, ignore, renamed};
use crate::diagnostic::{Finding, Source};
use crate::kind::identity_provider::ProviderType;
use crate::kind::managed_login_branding;
use crate::kind::{Form, Kind, facet_key};
use crate::ownership::ledger::{self, TAGS as MOST_TAGS};
use crate::path::{Path, Segment};
use crate::reference;

/// Puts a stack together. Findings go to `findings`; where there are any, the stack is only good
/// for finding more.
pub fn assemble(
    resolved: &Resolved,
    environment: Option<&str>,
    source: &Arc<Source>,
    folder: PathBuf,
    findings: &mut Vec<Finding>,
) -> Stack {
    let document = &resolved.value;
    let chosen = environment.and_then(|name| document.get("environments")?.get(name));
    let place = |key: &str| {
        let value = chosen.and_then(|chosen| chosen.get(key)).or_else(|| document.get(key));
        value.and_then(Value::as_str).map(str::to_owned)
    };
    let name = document.get("stack").and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut tags = Map::new();
    check_tags(document.get("tags"), &Path::root().key("tags"), findings);
    extend(&mut tags, document.get("tags"));
    if let Some((name, chosen)) = environment.zip(chosen) {
        let at = Path::root().key("environments").key(name).key("tags");
        check_tags(chosen.get("tags"), &at, findings);
        extend(&mut tags, chosen.get("tags"));
    }
    let mut assembler = Assembler {
        resolved,
        prefix: environment.map_or_else(|| name.clone(), |environment| format!("{name}-{environment}")),
        tags,
        resources: Vec::new(),
        findings,
    };
    for section in document.as_object().into_iter().flatten() {
        if let Some(kind) = Kind::of_section(section.0).filter(|kind| kind.parent().is_none()) {
            assembler.section(kind, section.1, &Around::default());
        }
    }
    let mut resources = assembler.resources;
    renamed::check(&mut resources, findings);
    Stack {
        name,
        environment: environment.map(str::to_owned),
        region: place("region"),
        account: place("account"),
        assume_role: place("assumeRole"),
        resources,
        outputs: outputs(resolved),
        source: Arc::clone(source),
        folder,
        secrets: resolved.secret_texts.iter().cloned().collect(),
    }
}

struct Assembler<'a> {
    resolved: &'a Resolved,
    /// What the names of roots start with where they have no own.
    prefix: String,
    tags: Map<String, Value>,
    resources: Vec<Resource>,
    findings: &'a mut Vec<Finding>,
}

/// What a section stands in.
#[derive(Default)]
struct Around {
    /// The address of the entry.
    holder: Path,
    /// The address of the root, if the entry is one or is inside one.
    root: Option<Path>,
    /// The natural key of the client, if the entry is one.
    client: Option<String>,
}

impl Assembler<'_> {
    fn section(&mut self, kind: Kind, section: &Value, around: &Around) {
        let at = around.holder.key(kind.section());
        match (kind.form(), section) {
            (Form::ByKey, Value::Object(entries)) => {
                for (key, value) in entries {
                    if let Value::Object(map) = value {
                        self.entry(kind, key, map, &at.key(key), around);
                    }
                }
            }
            (Form::One, Value::Object(map)) => self.entry(kind, "", map, &at, around),
            // An empty list says the same as none.
            (Form::List, Value::Array(items)) if !items.is_empty() => {
                let map = Map::from_iter([(kind.section().to_owned(), section.clone())]);
                self.entry(kind, "", &map, &at, around);
            }
            _ => {}
        }
    }

    fn entry(&mut self, kind: Kind, key: &str, map: &Map<String, Value>, address: &Path, around: &Around) {
        let first = self.resources.len();
        let mut resource = self.resource(kind, key, map, address, around.root.as_ref());
        if kind.is_facet() {
            resource.key = facet_key(around.client.as_deref(), key);
        }
        let inside = Around {
            root: Some(around.root.clone().unwrap_or_else(|| address.clone())),
            client: (kind == Kind::Client).then(|| resource.natural_key().to_owned()),
            holder: address.clone(),
        };
        self.resources.push(resource);
        // Children stand in the order of the file too.
        for (name, section) in map {
            if let Some(child) = kind.held_as(name) {
                self.section(child, section, &inside);
            }
        }
        if let Some(ignored) = map.get("ignoreChanges").filter(|_| around.root.is_none()) {
            ignore::distribute(address, ignored, &mut self.resources[first..], self.findings);
        }
        if kind.parent().is_none() {
            self.count_tags(first);
        }
    }

    fn resource(
        &mut self,
        kind: Kind,
        key: &str,
        map: &Map<String, Value>,
        address: &Path,
        parent: Option<&Path>,
    ) -> Resource {
        if is_open_text(key) && refers_to_resources(key) {
            let finding = Finding::new(address.clone(), "the key of a resource must not depend on another resource");
            self.findings.push(finding.at_key());
        }
        let id = map.get("id").and_then(Value::as_str).map(str::to_owned);
        if id.as_deref().is_some_and(refers_to_resources) {
            let message = "`id` must not depend on another resource: it names one that exists already";
            self.findings.push(Finding::new(address.key("id"), message));
        }
        let renamed_from = self.renamed_from(kind, map, address);
        let mut declared: Map<String, Value> =
            map.iter().filter(|(name, _)| !is_about_keeping(kind, name)).map(|(k, v)| (k.clone(), v.clone())).collect();
        if !declared.contains_key("name")
            && let Some(name) = self.default_name(kind, key, address)
        {
            declared.insert("name".to_owned(), name.into());
        }
        if kind == Kind::IdentityProvider && ProviderType::SOCIAL.contains(&key) {
            declared.entry("providerType").or_insert_with(|| key.into());
        }
        if kind == Kind::ManagedLoginBranding {
            managed_login_branding::complete(&mut declared);
        }
        if is_taggable(kind) {
            check_tags(declared.get("tags"), &address.key("tags"), self.findings);
            let mut tags = self.tags.clone();
            extend(&mut tags, declared.get("tags"));
            if !tags.is_empty() {
                declared.insert("tags".to_owned(), tags.into());
            }
        }
        let mut resource = Resource {
            address: address.clone(),
            kind,
            key: key.to_owned(),
            parent: parent.cloned(),
            id,
            renamed_from,
            secrets: Vec::new(),
            ignore_changes: Vec::new(),
            unmanaged: match map.get("unmanaged").and_then(Value::as_str) {
                Some("ignore") => Unmanaged::Ignore,
                Some("delete") => Unmanaged::Delete,
                _ => Unmanaged::Report,
            },
            declared: Value::Object(declared),
        };
        let of_it = self.resolved.secrets.iter().filter(|path| path.starts_with(address));
        let secrets = of_it.filter_map(|path| path.strip_prefix(&resource.base()));
        let is_own = |path: &Path| {
            path.segments().first().and_then(Segment::key).is_some_and(|first| !is_about_keeping(kind, first))
        };
        resource.secrets = secrets.filter(is_own).collect();
        resource
    }

    /// `renamedFrom`, where it is an address of this kind. A function must keep its name.
    fn renamed_from(&mut self, kind: Kind, map: &Map<String, Value>, address: &Path) -> Option<Path> {
        let text = map.get(RENAMED_FROM).filter(|_| can_be_renamed(kind))?.as_str()?;
        if is_open_text(text) {
            if refers_to_resources(text) {
                let message = "`renamedFrom` must not depend on another resource: it is an address";
                self.findings.push(Finding::new(address.key(RENAMED_FROM), message).help("write it without `${…}`"));
            }
            return None;
        }
        let former = match renamed::parse(kind, text) {
            Ok(former) => former,
            Err((message, help)) => {
                self.findings.push(Finding { help, ..Finding::new(address.key(RENAMED_FROM), message) });
                return None;
            }
        };
        if kind == Kind::Function
            && !map.contains_key("name")
            && let Some(key) = former.last_key().filter(|key| Some(*key) != address.last_key())
        {
            let message = "AWS cannot rename a function, and its name follows its key where the file does not say it";
            let help = format!("write `name: {}-{key}` beside it, if that is its name", self.prefix);
            self.findings.push(Finding::new(address.key(RENAMED_FROM), message).help(help));
        }
        Some(former)
    }

    /// The name of a resource that has none of its own, for kinds that have names.
    fn default_name(&mut self, kind: Kind, key: &str, address: &Path) -> Option<String> {
        let most = match kind {
            Kind::Client => return Some(key.to_owned()),
            Kind::ResourceServer => {
                if is_open_text(key) || super::shape::matches(r"^[\w\s+=,.@-]+$", key) == Some(true) {
                    return Some(key.to_owned());
                }
                let finding = Finding::new(address.key("name"), "`name` is missing");
                self.findings.push(finding.help(
                    "a resource server's name defaults to its identifier, but this one has characters that a name may not have",
                ));
                return None;
            }
            Kind::UserPool | Kind::IdentityPool => 128,
            Kind::Function => 64,
            _ => return None,
        };
        let name = format!("{}-{key}", self.prefix);
        let length = name.chars().count();
        if length > most && !is_open_text(&name) {
            let message = format!(
                "the name that follows from this key, `{name}`, has {length} characters, and AWS allows {most}"
            );
            self.findings.push(Finding::new(address.clone(), message).at_key().help("give it a shorter `name`"));
        }
        Some(name)
    }

    /// Of a root and its children, which start at `first`: whether its tags leave room for ours.
    fn count_tags(&mut self, first: usize) {
        let [root, children @ ..] = &self.resources[first..] else { return };
        let own = root.declared.get("tags").and_then(Value::as_object).map_or(0, Map::len);
        let most = MOST_TAGS.saturating_sub(ledger::tags_for(children.len()));
        if own > most {
            let message = format!(
                "has {own} tags, and AWS's limit of {MOST_TAGS} leaves room for {most} beside poolkeeper's own"
            );
            self.findings.push(Finding::new(root.address.key("tags"), message));
        }
    }
}

/// Whether a property of a resource is not part of its spec: it says how it is kept, or holds children.
fn is_about_keeping(kind: Kind, name: &str) -> bool {
    ["id", RENAMED_FROM, "ignoreChanges", "unmanaged"].contains(&name) || kind.held_as(name).is_some()
}

fn is_taggable(kind: Kind) -> bool {
    kind.schema().pointer("/properties/tags").is_some()
}

fn is_open_text(text: &str) -> bool {
    reference::is_open(&Value::from(text))
}

fn refers_to_resources(text: &str) -> bool {
    reference::in_text(text).iter().any(|reference| match reference.0.segments() {
        [Segment::Key(section), ..] => Kind::of_section(section).is_some(),
        _ => false,
    })
}

fn extend(tags: &mut Map<String, Value>, more: Option<&Value>) {
    if let Some(Value::Object(more)) = more {
        tags.extend(more.clone());
    }
}

fn check_tags(tags: Option<&Value>, at: &Path, findings: &mut Vec<Finding>) {
    for (key, _) in tags.and_then(Value::as_object).into_iter().flatten() {
        for reserved in ["aws:", "poolkeeper:"] {
            if key.to_lowercase().starts_with(reserved) {
                let message = format!("tags that start with `{reserved}` are not for users");
                findings.push(Finding::new(at.key(key), message).at_key());
            }
        }
    }
}

fn outputs(resolved: &Resolved) -> Vec<Output> {
    let section = Path::root().key("outputs");
    let outputs = resolved.value.get("outputs").and_then(Value::as_object).into_iter().flatten();
    outputs
        .map(|(name, value)| Output {
            name: name.clone(),
            value: value.clone(),
            secret: resolved.secrets.contains(&section.key(name)),
        })
        .collect()
}

//! What is live, as a stack file: the other direction of a plan. The file says the least that makes
//! its own plan empty but for the adoption: what differs from AWS's defaults, with an `id` on what
//! has one, references between what is in the same file, and secrets as variables of the environment.
//!
//! ```text
//! AWS -> read -> roots -> least specs -> document -> YAML
//! ```
//!
//! All but [`read`] is a function from values to values.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::kind::Kind;
use crate::live::{Live, Place, Root};
use crate::ownership;
use crate::path::Path;
use crate::plan::build::made_by_aws;
use crate::stack::template;

mod facets;
mod least;
mod name;
mod notes;
pub mod read;
mod secret;
#[cfg(test)]
mod tests;
mod yaml;

use least::least;
pub use name::is_stack as is_stack_name;
use secret::Secrets;
use yaml::Document;

/// The schema that editors check a stack file with.
const EDITORS: &str = "yaml-language-server: $schema=schema.json";

/// A stack file made from what is live.
// No `Debug`: it holds secrets.
pub struct Export {
    /// The stack's name.
    pub stack: String,
    /// The file's text.
    pub text: String,
    /// The variables of the environment that it reads, in its order.
    pub secrets: Vec<Secret>,
    /// What the user should know of it.
    pub notes: Vec<String>,
    /// The files that it names.
    pub images: Vec<Image>,
}

/// An image that an exported file names.
#[derive(Clone)]
pub struct Image {
    /// Where it is looked for, relative to the stack file.
    pub file: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A variable of the environment that an exported file reads.
#[derive(Clone)]
pub struct Secret {
    /// Its name.
    pub variable: String,
    /// Where the file reads it.
    pub at: Path,
    /// Its value, where AWS shows it.
    pub value: Option<String>,
}

/// The text of a file that stands for a text of a user.
#[must_use]
pub fn literal(text: &str) -> String {
    template::escape(text)
}

/// Makes a stack file of roots, in their order. Without `name` the stack is called like the first.
#[must_use]
pub fn export(roots: &[Root], name: Option<&str>, place: &Place) -> Export {
    let first = roots.first().map_or("", |root| root.live.key.as_str());
    let stack = name.map_or_else(|| name::stack(first), str::to_owned);
    let mut exporter = Exporter {
        place,
        secrets: Secrets::default(),
        references: BTreeMap::new(),
        document: Document::default(),
        notes: Vec::new(),
        folder: format!("{stack}-images"),
        images: Vec::new(),
        taken: BTreeSet::new(),
        ignored: Vec::new(),
    };
    let mut whole = Map::new();
    whole.insert("stack".to_owned(), stack.clone().into());
    whole.insert("region".to_owned(), literal(&place.region).into());
    whole.insert("account".to_owned(), literal(&place.account).into());
    let mut taken = BTreeSet::new();
    for kind in [Kind::UserPool, Kind::IdentityPool] {
        let section = Path::root().key(kind.section());
        let mut entries = Map::new();
        for root in roots.iter().filter(|root| root.live.kind == kind) {
            let key = name::root(&root.live.key, &mut taken);
            let at = section.key(&key);
            let apart = !entries.is_empty();
            entries.insert(key, exporter.root(root, &at));
            let around = exporter.document.around(&at);
            (around.apart, around.by_line) = (apart, true);
        }
        if !entries.is_empty() {
            let around = exporter.document.around(&section);
            (around.apart, around.by_line) = (true, true);
            whole.insert(kind.section().to_owned(), Value::Object(entries));
        }
    }
    let Exporter { secrets, mut document, notes, images, .. } = exporter;
    // The stack's name and place are no place for references; what is inside the sections is.
    let hidden = |(key, value): (String, Value)| {
        let hidden = if value.is_object() { secrets.hidden(&value) } else { value };
        (key, hidden)
    };
    document.value = whole.into_iter().map(hidden).collect();
    let secrets = secrets.into_list();
    document.head = notes::head(place, &secrets);
    document.around(&Path::root().key("stack")).apart = true;
    Export { stack, text: document.render(), secrets, notes, images }
}

struct Exporter<'a> {
    place: &'a Place,
    secrets: Secrets,
    /// What identity pools may say of user pools: the text, and the reference in its place.
    references: BTreeMap<String, String>,
    document: Document,
    notes: Vec<String>,
    /// The folder of the images.
    folder: String,
    images: Vec<Image>,
    /// The names of images so far.
    taken: BTreeSet<String>,
    /// What of the pool at hand AWS does not show, and is not to be compared.
    ignored: Vec<Path>,
}

impl Exporter<'_> {
    fn root(&mut self, root: &Root, at: &Path) -> Value {
        let live = &root.live;
        let mut comments: Vec<String> = notes::facts(live).into_iter().collect();
        if let Some((owner, address)) = live.owner() {
            let whose = format!("belongs to stack {owner} as {address}");
            comments.push(format!("It {whose}, so a plan of this file is blocked without --take-over."));
            self.notes.push(format!(
                "{} ({}) {whose}: a plan of the exported file is blocked without --take-over",
                live.key, live.id
            ));
        }
        if ownership::users_tags(&live.spec).len() > notes::MOST_TAGS {
            comments.push("It has so many tags that there is no room for poolkeeper's own: take some out.".to_owned());
        }
        let properties = self.resource(live, at);
        let entry = if live.kind == Kind::UserPool {
            self.user_pool(root, at, properties, &mut comments)
        } else {
            self.referring(&Value::Object(properties)).as_object().cloned().unwrap_or_default()
        };
        self.document.around(at).comments = comments;
        // What a pool is called is nobody's id.
        let named = Map::from_iter([("name".to_owned(), literal(&live.key).into())]);
        Value::Object(id_first(&live.id, named.into_iter().chain(entry)))
    }

    /// A user pool with its children.
    fn user_pool(
        &mut self,
        root: &Root,
        at: &Path,
        mut entry: Map<String, Value>,
        comments: &mut Vec<String>,
    ) -> Map<String, Value> {
        self.refer(at, &root.live, &["id", "arn", "providerName"]);
        if entry.contains_key("smsMfaConfiguration") && least::has_other_factor(&root.live.spec) {
            self.document.around(&at.key("smsMfaConfiguration")).comments =
                vec!["AWS shows this after SMS was turned off as a factor too: take it out if it is none.".to_owned()];
        }
        let (sections, left_out) = self.children(root, at);
        if !left_out.is_empty() {
            comments.push(format!("Left out, since AWS made it: {}.", left_out.join(", ")));
        }
        if notes::needs_other_hands(&entry, &sections) {
            entry.insert("unmanaged".to_owned(), "ignore".into());
            let why = "something here names a provider, a scope or a domain that the pool does not have";
            self.document.around(&at.key("unmanaged")).comments = vec![format!("{}.", notes::sentence(why))];
            self.notes.push(format!("{at} has `unmanaged: ignore`, since {why}"));
        }
        entry.extend(self.facets(root, None, at));
        entry.extend(sections);
        let ignored = std::mem::take(&mut self.ignored).into_iter().filter_map(|path| path.strip_prefix(at));
        let ignored: Vec<Value> = ignored.map(|path| literal(&path.to_string()).into()).collect();
        if !ignored.is_empty() {
            entry.insert("ignoreChanges".to_owned(), ignored.into());
        }
        entry
    }

    /// The properties of a resource, as a file has them.
    fn resource(&mut self, live: &Live, at: &Path) -> Map<String, Value> {
        let spec = least(live, self.place);
        let written = self.secrets.take(&spec, live.kind.schema(), at);
        written.as_object().cloned().unwrap_or_default()
    }

    /// What lives inside a pool, by section, and the names of what is left out.
    fn children(&mut self, root: &Root, pool: &Path) -> (Map<String, Value>, Vec<String>) {
        let mut sections = Map::new();
        let mut left_out = Vec::new();
        for kind in Kind::UserPool.held().filter(|kind| !kind.is_facet()) {
            let mut children: Vec<&Live> = root.children.iter().filter(|child| child.kind == kind).collect();
            children.sort_by(|one, other| (&one.key, &one.id).cmp(&(&other.key, &other.id)));
            // A key that is some child's own is not given to another.
            let mut taken: BTreeSet<String> = children.iter().map(|child| child.key.clone()).collect();
            let mut given = BTreeSet::new();
            let section = pool.key(kind.section());
            let mut entries = Map::new();
            for live in children {
                if made_by_aws(live, root) {
                    left_out.push(format!("{} {}", kind.title(), live.key));
                    continue;
                }
                let key = if given.insert(live.key.clone()) {
                    live.key.clone()
                } else {
                    name::unique(&live.key, 128, &mut taken)
                };
                let at = section.key(literal(&key));
                entries.insert(literal(&key), self.child(root, live, &key, &at));
            }
            if !entries.is_empty() {
                let around = self.document.around(&section);
                (around.apart, around.by_line) = (true, true);
                sections.insert(kind.section().to_owned(), Value::Object(entries));
            }
        }
        (sections, left_out)
    }

    fn child(&mut self, root: &Root, live: &Live, key: &str, at: &Path) -> Value {
        let mut entry = self.resource(live, at);
        if entry.get("name").and_then(Value::as_str) == Some(key) {
            entry.shift_remove("name");
        }
        if live.kind == Kind::IdentityProvider && live.spec.get("providerType") == Some(&json!(key)) {
            // A social provider is named like its type.
            entry.shift_remove("providerType");
        }
        let by_line = matches!(live.kind, Kind::Client | Kind::IdentityProvider | Kind::ResourceServer);
        if by_line {
            self.document.around(at).by_line = true;
        }
        if live.kind == Kind::Client {
            self.refer(at, live, &["id"]);
            entry = id_first(&live.id, entry);
            entry.extend(self.facets(root, Some(live), at));
        }
        Value::Object(entry)
    }

    /// Lets identity pools refer to what these attributes say.
    fn refer(&mut self, at: &Path, live: &Live, attributes: &[&str]) {
        for attribute in attributes {
            if let Some(text) = live.attributes.get(attribute).filter(|text| !text.is_empty()) {
                self.references.insert(text.clone(), format!("${{{}}}", at.key(*attribute)));
            }
        }
    }

    /// A value with references where it names user pools and clients of this file.
    fn referring(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => self.reference(text).into(),
            Value::Array(items) => items.iter().map(|item| self.referring(item)).collect(),
            Value::Object(map) => {
                Value::Object(map.iter().map(|(key, value)| (self.reference(key), self.referring(value))).collect())
            }
            other => other.clone(),
        }
    }

    fn reference(&self, text: &str) -> String {
        if let Some(reference) = self.references.get(text) {
            return reference.clone();
        }
        // A role mapping goes by provider and client.
        match text.rsplit_once(':').map(|(provider, client)| (self.references.get(provider), client)) {
            Some((Some(provider), client)) => {
                format!("{provider}:{}", self.references.get(client).map_or(client, String::as_str))
            }
            _ => text.to_owned(),
        }
    }
}

/// The entries with the id before all others, and the name right behind it. Of two the first holds.
fn id_first(id: &str, entry: impl IntoIterator<Item = (String, Value)>) -> Map<String, Value> {
    let mut ordered = Map::from_iter([("id".to_owned(), literal(id).into())]);
    let (name, rest): (Vec<_>, Vec<_>) = entry.into_iter().partition(|(key, _)| key == "name");
    for (key, value) in name.into_iter().chain(rest) {
        ordered.entry(key).or_insert(value);
    }
    ordered
}

//! The stack file: from text to resources. `load` reads the text (`spans` remembers where each part
//! of it stands, `document` gives its values), `values` fills in variables and outside values and
//! leaves references to resources open, `check` compares with the `schema`, `assemble` makes
//! resources of it, `rules` compares with what AWS asks of resources together. All that is wrong
//! comes out at once, each fault with its place.

pub mod assemble;
pub mod attributes;
pub mod check;
pub mod cycles;
pub mod document;
pub mod ignore;
pub mod judge;
pub mod load;
pub mod mask;
pub mod not_given;
pub mod renamed;
pub mod rules;
pub mod schema;
pub mod secret;
pub mod shape;
pub mod spans;
pub mod suggest;
pub mod template;
pub mod values;
pub mod variables;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use crate::diagnostic::Source;
use crate::kind::{Form, Kind};
use crate::path::Path;

/// A stack file with its variables filled in, for one environment, found to be without fault.
#[derive(Clone)]
pub struct Stack {
    /// `stack:`, which with the environment is the identity of all it owns.
    pub name: String,
    /// The environment that was chosen, if the file has any.
    pub environment: Option<String>,
    /// `region:`; where absent, flags, environment and profile say.
    pub region: Option<String>,
    /// `account:`, the guard.
    pub account: Option<String>,
    /// `assumeRole:`.
    pub assume_role: Option<String>,
    /// What is declared, in the order of the file, each child behind its parent.
    pub resources: Vec<Resource>,
    /// What is printed after an apply, with references still open.
    pub outputs: Vec<Output>,
    /// The file.
    pub source: Arc<Source>,
    /// The folder that paths in the file are relative to.
    pub folder: PathBuf,
    /// Texts that came from a secret source, to be kept out of all output.
    pub secrets: Vec<String>,
}

/// A declared resource.
#[derive(Clone)]
pub struct Resource {
    /// Its path in the file.
    pub address: Path,
    /// Its kind.
    pub kind: Kind,
    /// Its key in the file: for a child its natural key in the pool (client name, domain, …). For a facet what
    /// tells it from others of its kind in the pool: [`crate::kind::facet_key`].
    pub key: String,
    /// The address of the root that it lives inside of.
    pub parent: Option<Path>,
    /// `id:`, what it is pinned to.
    pub id: Option<String>,
    /// `renamedFrom:`, the address that it had before. Of a client in a pool that was renamed too,
    /// with the pool's present address.
    pub renamed_from: Option<Path>,
    /// What the file declares, in the spec's names, with references still open. `name` and, on
    /// taggable kinds, `tags` (the stack's with its own on top) are filled in. Without children,
    /// `id`, `ignoreChanges` and `unmanaged`.
    pub declared: Value,
    /// Paths in `declared` of values that come from a secret source.
    pub secrets: Vec<Path>,
    /// Paths in `declared` that are used at create and not compared afterwards.
    pub ignore_changes: Vec<Path>,
    /// On a user pool, what happens to children that neither the file nor the ledger knows.
    pub unmanaged: Unmanaged,
}

impl Resource {
    /// The key by which a child is known in its pool: a client's name, else its key in the file.
    #[must_use]
    pub fn natural_key(&self) -> &str {
        match self.kind {
            Kind::Client => self.declared.get("name").and_then(Value::as_str).unwrap_or(&self.key),
            _ => &self.key,
        }
    }

    /// The address of the entry that it stands in: for what belongs to a client that client, else the
    /// parent.
    #[must_use]
    pub fn holder(&self) -> Option<Path> {
        let section = if self.kind.form() == Form::ByKey { self.address.parent()? } else { self.address.clone() };
        section.parent().filter(|holder| !holder.is_root())
    }

    /// The address of the client that it belongs to; none for what belongs to a pool.
    #[must_use]
    pub fn client(&self) -> Option<Path> {
        self.holder().filter(|holder| Some(holder) != self.parent.as_ref())
    }

    /// Its own key where its section has several, else nothing.
    #[must_use]
    pub fn own_key(&self) -> &str {
        if self.kind.form() == Form::ByKey { self.address.last_key().unwrap_or_default() } else { "" }
    }

    /// What the paths of its properties are relative to.
    #[must_use]
    pub fn base(&self) -> Path {
        match self.kind.form() {
            Form::List => self.address.parent().unwrap_or_default(),
            _ => self.address.clone(),
        }
    }

    /// The key by which a child was known in its pool before it was renamed.
    #[must_use]
    pub fn former_key(&self) -> Option<&str> {
        self.renamed_from.as_ref().filter(|_| self.parent.is_some())?.last_key()
    }
}

/// What happens to children that neither the file nor the ledger knows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Unmanaged {
    /// They are listed.
    #[default]
    Report,
    /// They are not mentioned.
    Ignore,
    /// They are deleted.
    Delete,
}

/// A named value that is printed after an apply.
#[derive(Clone)]
pub struct Output {
    /// Its name.
    pub name: String,
    /// Its value, with references still open.
    pub value: Value,
    /// Whether it comes from a secret source.
    pub secret: bool,
}

impl Stack {
    /// The value of the tag `poolkeeper:stack`: `<stack>` or `<stack>/<environment>`.
    #[must_use]
    pub fn identity(&self) -> String {
        match &self.environment {
            Some(environment) => format!("{}/{environment}", self.name),
            None => self.name.clone(),
        }
    }

    /// The resource at an address.
    #[must_use]
    pub fn resource(&self, address: &Path) -> Option<&Resource> {
        self.resources.iter().find(|resource| &resource.address == address)
    }

    /// The resources that live inside the root `parent`.
    pub fn inside<'a>(&'a self, parent: &'a Path) -> impl Iterator<Item = &'a Resource> {
        self.resources.iter().filter(move |resource| resource.parent.as_ref() == Some(parent))
    }

    /// The resources of a kind that live inside the root `parent`.
    pub fn children<'a>(&'a self, parent: &'a Path, kind: Kind) -> impl Iterator<Item = &'a Resource> {
        self.inside(parent).filter(move |resource| resource.kind == kind)
    }
}

/// What a run says besides the file.
#[derive(Clone, Default)]
pub struct Inputs {
    /// `--env`.
    pub environment: Option<String>,
    /// `--var`, by name.
    pub variables: BTreeMap<String, String>,
    /// Environment variables of the process (`POOLKEEPER_VAR_NAME` among them).
    pub process: BTreeMap<String, String>,
    /// Whether values from outside may be missing, as in `validate`. They stay open then.
    pub lenient: bool,
    /// Whether secrets may be missing, as in a plan that does without them. What needs one stays
    /// open then, and is not compared.
    pub without_secrets: bool,
}

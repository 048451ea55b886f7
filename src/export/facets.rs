//! Facets of pools and clients in an exported file, and the images that go along with it: AWS gives
//! those of managed login, and not that of the classic sign-in pages.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};

use super::{Exporter, Image, literal, name};
use crate::kind::{Form, Kind};
use crate::live::{Live, Root};
use crate::path::Path;

impl Exporter<'_> {
    /// The facets of a pool, or of a client by its id, by section. `at` is the entry that they stand in.
    pub(super) fn facets(&mut self, root: &Root, client: Option<&Live>, at: &Path) -> Map<String, Value> {
        let id = client.map(|client| client.id.as_str());
        let mut sections = Map::new();
        let holder = if client.is_some() { Kind::Client } else { Kind::UserPool };
        for kind in holder.held().filter(|kind| kind.is_facet()) {
            let section = at.key(kind.section());
            let mut entries = Map::new();
            let mut facets: Vec<&Live> =
                root.children.iter().filter(|live| live.kind == kind && live.client.as_deref() == id).collect();
            facets.sort_by(|one, other| one.own_key().cmp(other.own_key()));
            for live in facets {
                let entry = match kind.form() {
                    Form::ByKey => &section.key(live.own_key()),
                    Form::One => &section,
                    Form::List => at,
                };
                let Some(value) = self.facet(live, client, entry) else { continue };
                match kind.form() {
                    Form::ByKey => {
                        entries.insert(live.own_key().to_owned(), Value::Object(value));
                    }
                    Form::One => {
                        self.document.around(&section).by_line = true;
                        sections.insert(kind.section().to_owned(), Value::Object(value));
                    }
                    Form::List => sections.extend(value),
                }
            }
            if !entries.is_empty() {
                sections.insert(kind.section().to_owned(), Value::Object(entries));
            }
        }
        sections
    }

    /// What a file says of a facet; none where that would be nothing.
    fn facet(&mut self, live: &Live, client: Option<&Live>, at: &Path) -> Option<Map<String, Value>> {
        let mut entry = self.resource(live, at);
        match live.kind {
            Kind::UiCustomization if entry.shift_remove("imageFile").is_some() => {
                self.logo(live, client, at, entry.is_empty());
            }
            Kind::ManagedLoginBranding => self.images(live, client, &mut entry),
            _ => {}
        }
        (!entry.is_empty()).then_some(entry)
    }

    /// Tells of the logo of the classic pages, of which AWS only says where it is shown.
    fn logo(&mut self, live: &Live, client: Option<&Live>, at: &Path, alone: bool) {
        let url = live.text("ImageUrl").unwrap_or_default();
        let whose = client.map_or("the pool".to_owned(), |client| format!("client {}", client.key));
        self.notes.push(format!(
            "the logo of {whose} is not exported, since AWS gives no copy of it: save {url}, and declare it as `imageFile`"
        ));
        if !alone {
            self.document.around(at).comments = vec![
                format!("AWS gives no copy of the logo: save it, and declare it as imageFile. {url}"),
                "Take it out of ignoreChanges then, or it will not be compared.".to_owned(),
            ];
            self.ignored.push(at.key("imageFile"));
        }
    }

    /// Takes the images of a style along, each in a file of its own.
    fn images(&mut self, live: &Live, client: Option<&Live>, entry: &mut Map<String, Value>) {
        let sent = live.second.get("Assets").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for asset in entry.get_mut("assets").and_then(Value::as_array_mut).into_iter().flatten() {
            let text = |member: &str| asset.get(member).and_then(Value::as_str).unwrap_or_default().to_owned();
            let (category, mode, extension) = (text("category"), text("colorMode"), text("extension"));
            let is_it = |sent: &&Value| sent["Category"] == json!(category) && sent["ColorMode"] == json!(mode);
            let bytes = sent.iter().find(is_it).and_then(|sent| sent["Bytes"].as_str());
            let bytes = bytes.and_then(|bytes| STANDARD.decode(bytes).ok()).unwrap_or_default();
            let word = format!("{}-{category}-{mode}", client.map_or("", |client| &client.key)).to_lowercase();
            let word = name::root(&word.replace('_', "-"), &mut self.taken);
            let file = format!("{}/{word}.{}", self.folder, extension.to_lowercase());
            asset["bytes"] = json!(literal(&file));
            self.images.push(Image { file, bytes });
        }
    }
}

//! A stack file that is not on disk yet, in the file's own form.

use std::fs;
use std::io::Write as _;
use std::path::{Path as FilePath, PathBuf};

use poolkeeper::diff::value_at;
use poolkeeper::path::Path;
use poolkeeper::stack::{Inputs, Stack, load};
use poolkeeper::view::diagnostic;
use serde_json::Value;
use tempfile::TempDir;

/// Where generated stacks live; ARNs in them are of this account and region.
pub(crate) const REGION: &str = "eu-west-1";
/// The account's number.
pub(crate) const ACCOUNT: &str = "123456789012";

/// The folders of code that functions may name, each with a file for every runtime.
pub(crate) const CODE_FOLDERS: [&str; 2] = ["code/one", "code/two"];
/// The package that functions may name.
pub(crate) const CODE_PACKAGE: &str = "code/three.zip";

/// The images that facets may name, by what they begin with.
const IMAGES: [(&str, &[u8]); 16] = [
    ("a.png", b"\x89PNG\r\n\x1a\nfirst"),
    ("b.png", b"\x89PNG\r\n\x1a\nsecond"),
    ("a-png", b"\x89PNG\r\n\x1a\nfirst"),
    ("b-png", b"\x89PNG\r\n\x1a\nthird"),
    ("a.jpg", b"\xff\xd8\xff\xe0"),
    ("a-jpg", b"\xff\xd8\xff\xe0again"),
    ("a.ico", b"\x00\x00\x01\x00"),
    ("b.ico", b"\x00\x00\x01\x00another"),
    ("a.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>"),
    ("b.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><g/></svg>"),
    ("a.webp", b"RIFF\x04\x00\x00\x00WEBP"),
    ("a-webp", b"RIFF\x04\x00\x00\x00WEBP"),
    ("a-ico", b"\x00\x00\x01\x00third"),
    ("b-ico", b"\x00\x00\x01\x00"),
    ("a-svg", b"<svg></svg>"),
    ("b-svg", b"<svg> </svg>"),
];

/// A stack file.
#[derive(Clone, PartialEq)]
pub(crate) struct StackFile(pub(crate) Value);

// What failed is shown as the file that a person would write, not as Rust.
impl std::fmt::Debug for StackFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "\n{}", self.to_yaml())
    }
}

impl StackFile {
    /// Its text.
    pub(crate) fn to_yaml(&self) -> String {
        serde_yaml::to_string(&self.0).expect("JSON can be written as YAML")
    }

    /// Writes it into a folder, with the code and the images that it names, and gives the file's path.
    pub(crate) fn write(&self, folder: &FilePath) -> PathBuf {
        for (number, code) in CODE_FOLDERS.iter().enumerate() {
            let code = folder.join(code);
            fs::create_dir_all(&code).expect("a folder");
            fs::write(code.join("index.py"), format!("def handler(event, context):\n    return event  # {number}\n"))
                .expect("a file");
            fs::write(code.join("index.mjs"), format!("export const handler = async (event) => event; // {number}\n"))
                .expect("a file");
        }
        let mut package = zip::ZipWriter::new(fs::File::create(folder.join(CODE_PACKAGE)).expect("a file"));
        for name in ["index.py", "index.mjs"] {
            package.start_file(name, zip::write::SimpleFileOptions::default()).expect("an entry");
            package.write_all(b"# three\n").expect("an entry's text");
        }
        package.finish().expect("a package");
        let images = folder.join("images");
        fs::create_dir_all(&images).expect("a folder");
        for (name, bytes) in IMAGES {
            fs::write(images.join(name), bytes).expect("a file");
        }
        let path = folder.join("stack.yaml");
        fs::write(&path, self.to_yaml()).expect("the stack file");
        path
    }

    /// Loads it, as every command does. The folder is there as long as it is held on to.
    ///
    /// # Panics
    /// With what is drawn for a file that has faults.
    pub(crate) fn load(&self) -> (TempDir, Stack) {
        let folder = tempfile::tempdir().expect("a folder");
        match load::read(&self.write(folder.path()), &Inputs::default()).stack {
            Ok(stack) => (folder, stack),
            Err(diagnostics) => panic!("{}{self:?}", diagnostic::render(&diagnostics, false)),
        }
    }

    /// What is declared at an address.
    pub(crate) fn at(&self, address: &Path) -> Option<&Value> {
        value_at(&self.0, address)
    }
}

/// The entries of an object; none where there is none.
pub(crate) fn entries(value: Option<&Value>) -> Vec<(String, Value)> {
    let entries = value.and_then(Value::as_object).into_iter().flatten();
    entries.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// A reference to a resource's attribute, as a text of the file.
pub(crate) fn reference(address: &[&str], attribute: &str) -> String {
    let address = address.iter().fold(Path::root(), |address, key| address.key(*key));
    format!("${{{}}}", address.key(attribute))
}

/// The references in a text of the file, without what `$${` only quotes.
pub(crate) fn references(text: &str) -> Vec<Path> {
    let parts = text.split("${").zip(text.split("${").skip(1));
    parts
        .filter(|(before, _)| !before.ends_with('$'))
        .filter_map(|(_, rest)| rest.split_once('}')?.0.parse().ok())
        .collect()
}

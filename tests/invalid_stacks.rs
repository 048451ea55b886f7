//! What is said of stack files with faults in them. Beside each `tests/stacks/invalid/NAME.yaml`
//! stands `NAME.expected`, what is drawn for it; with `UPDATE_EXPECTED=1` it is written anew.

use std::path::{Path, PathBuf};

use poolkeeper::stack::{Inputs, load};
use poolkeeper::view::diagnostic;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stacks/invalid")
}

/// What is drawn for a file, with its path as seen from the folder of these files.
fn drawn(path: &Path, inputs: &Inputs) -> String {
    match load::load(path, inputs) {
        Ok(_) => "no fault was found\n".to_owned(),
        Err(diagnostics) => diagnostic::render(&diagnostics, false).replace(&format!("{}/", folder().display()), ""),
    }
}

/// What the run says for a file; one that is named for it has its environment chosen.
fn inputs(file: &Path) -> Inputs {
    Inputs {
        process: [("ANSWER".to_owned(), "42".to_owned())].into(),
        environment: file.ends_with("environment-chosen.yaml").then(|| "dev".to_owned()),
        ..Inputs::default()
    }
}

#[test]
fn each_invalid_stack_is_explained_as_expected() {
    let update = std::env::var_os("UPDATE_EXPECTED").is_some();
    let mut files = load::files(&[folder()]).unwrap_or_default();
    files.sort();
    assert!(files.len() > 10, "the files are there: {files:?}");
    for file in files {
        let drawn = drawn(&file, &inputs(&file));
        let expected = file.with_extension("expected");
        if update {
            std::fs::write(&expected, drawn).expect("the expected text can be written");
        } else {
            let text = std::fs::read_to_string(&expected).unwrap_or_default();
            assert!(drawn == text, "{}: expected\n{text}\nbut found\n{drawn}", file.display());
        }
    }
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("a file");
        path
    };
    let huge = vec![b' '; 1024 * 1024 + 1];
    let pipe = folder.path().join("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status();
    assert!(made.expect("mkfifo").success());
    for (path, message) in [
        (folder.path().join("none.yaml"), "1:1: error: there is no such file"),
        (folder.path().to_owned(), "1:1: error: this is a folder, not a file"),
        (file("latin1.yaml", b"stack: a\ndescription: caf\xE9\n"), "2:17: error: the file is not UTF-8"),
        (file("empty.yaml", b""), "1:1: error: the file is empty"),
        (file("comment.yaml", b"# nothing\n"), "1:1: error: the file is empty"),
        (file("huge.yaml", &huge), "1:1: error: the file is larger than 1 MiB"),
        (PathBuf::from("/dev/zero"), "1:1: error: this is a device or a pipe, not a file"),
        (pipe, "1:1: error: this is a device or a pipe, not a file"),
        (
            file("zero.yaml", b"stack: \"${file:/dev/zero}\"\n"),
            "1:8: error: the file `/dev/zero` cannot be read: this is a device or a pipe, not a file",
        ),
        (file("list.yaml", b"- a\n"), "1:1: error: the file must be a map, not a list"),
        (file("scalar.yaml", b"stack\n"), "1:1: error: the file must be a map, not a text"),
    ] {
        let drawn = drawn(&path, &inputs(&path));
        assert!(drawn.contains(&format!("{}:{message}", path.display())), "{drawn}");
    }
    let drawn_list = drawn(&folder.path().join("list.yaml"), &Inputs::default());
    assert!(drawn_list.contains("1 | - *\n  | ^"), "{drawn_list}");
    let empty = folder.path().join("empty");
    std::fs::create_dir(&empty).expect("a folder");
    let diagnostics = load::files(&[folder.path().to_owned(), empty]).err().unwrap_or_default();
    assert!(diagnostic::render(&diagnostics, false).contains("empty:1:1: error: this folder has no stack files"));
}

#[test]
fn nesting_without_end_is_refused_at_once() {
    for text in ["[".repeat(100_000), "{a: ".repeat(100_000), format!("a:\n{}", "- ".repeat(100_000))] {
        let loaded = load::load_text(Path::new("deep.yaml"), &text, &Inputs::default(), &|_| Err(String::new()));
        let diagnostics = loaded.stack.err().unwrap_or_default();
        assert_eq!(diagnostics.len(), 1);
        assert!(diagnostics[0].message.contains("nested deeper than 64 levels"), "{}", diagnostics[0].message);
    }
}

//! Whatever stands in a stack file, it is loaded, or explained: nothing panics. The files are right
//! ones and known wrong ones, changed by bytes and by structure.

use std::collections::BTreeMap;
use std::path::Path;

use poolkeeper::stack::{Inputs, load};
use poolkeeper::view::diagnostic;
use serde_json::{Value, json};

use crate::all_kinds::STACK;
use crate::fuzz::{Case, Random, seeds};
use crate::scenario::changed;

/// What means something in a stack file, or to YAML.
const TOKENS: &[&str] = &[
    "${",
    "}",
    "${var.a}",
    "${env:NAME}",
    "${file:stack.yaml}",
    "${userPools.customers.id}",
    "$${",
    "<<: ",
    "*a",
    "&a ",
    "!!binary ",
    "!x ",
    "|\n",
    ">-\n",
    "? ",
    ": ",
    "- ",
    "[",
    "]",
    "{",
    "}",
    "#",
    "\"",
    "'",
    "\t",
    "\r",
    "\u{feff}",
    "\u{0}",
    "\u{85}",
    "💥",
    "---\n",
    "...\n",
    "%YAML 9.9\n",
    "~",
    "null",
    "0x7fffffffffffffffff",
    "1e999",
    ".nan",
    "2001-01-01",
    "id: ",
    "ignoreChanges: ",
    "environments: ",
    "secret: true",
    "name: ",
    "    ",
];

fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folders = ["stacks", "tests/stacks/valid", "tests/stacks/invalid"].map(|folder| root.join(folder));
    let files = load::files(&folders).unwrap_or_default();
    assert!(files.len() > 20, "the files are there: {files:?}");
    let texts = files.iter().filter_map(|file| std::fs::read_to_string(file).ok());
    texts.chain([STACK.to_owned(), changed()]).collect()
}

#[test]
fn no_change_of_a_stack_file_makes_it_panic() {
    let (corpus, folder) = (corpus(), tempfile::tempdir().expect("a folder"));
    let path = folder.path().join("stack.yaml");
    for seed in seeds() {
        let case = Case::of(seed);
        let mut random = case.random();
        let bytes = if random.once_in(3) { structure(&mut random, &corpus) } else { text(&mut random, &corpus) };
        case.note(String::from_utf8_lossy(&bytes));
        std::fs::write(&path, &bytes).expect("it is written");
        let environment = random.once_in(2).then(|| random.one(&["dev", "prod", ""]).to_owned());
        let variables = BTreeMap::from([("a".to_owned(), "${var.b}".to_owned()), ("b".to_owned(), "[1".to_owned())]);
        let process = BTreeMap::from([("NAME".to_owned(), "a\nb: ${var.a}".to_owned())]);
        let (lenient, without_secrets) = (random.once_in(2), random.once_in(4));
        let inputs = Inputs { environment, variables, process, lenient, without_secrets };
        if let Err(diagnostics) = load::load(&path, &inputs) {
            let drawn = diagnostic::render(&diagnostics, random.once_in(2));
            assert!(!drawn.is_empty(), "it is refused, and nothing is said");
        }
    }
}

/// A file with some bytes changed.
fn text(random: &mut Random, corpus: &[String]) -> Vec<u8> {
    let mut bytes = corpus[random.below(corpus.len())].clone().into_bytes();
    for _ in 0..=random.below(4) {
        let (at, other) = (random.below(bytes.len()), random.below(bytes.len()));
        let (from, to) = (at.min(other), at.max(other).min(at.min(other) + 200));
        match random.below(7) {
            0 => bytes.truncate(at),
            1 => bytes.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << random.below(8)),
            2 => drop(bytes.drain(from..to)),
            3 => {
                let piece = bytes[from..to].repeat(1 + random.below(3));
                bytes.splice(at..at, piece);
            }
            4 => {
                let donor = corpus[random.below(corpus.len())].as_bytes();
                let start = random.below(donor.len());
                let piece = donor[start..donor.len().min(start + random.below(300))].to_vec();
                bytes.splice(at..at, piece);
            }
            5 => {
                let deep = random.one(&["[", "{a: ", "- ", "{? "]).repeat(random.below(2_000));
                bytes.splice(at..at, deep.into_bytes());
            }
            _ => {
                bytes.splice(at..at, random.one(TOKENS).bytes());
            }
        }
    }
    bytes
}

/// A file with some of its values changed, exchanged for others, or put elsewhere.
fn structure(random: &mut Random, corpus: &[String]) -> Vec<u8> {
    let parse = |text: &String| serde_yaml::from_str::<Value>(text).ok().filter(Value::is_object);
    let mut parsed = || (0..50).find_map(|_| parse(&corpus[random.below(corpus.len())])).expect("most are YAML");
    let (mut value, donor) = (parsed(), parsed());
    for _ in 0..=random.below(4) {
        let (places, pieces) = (places(&value), places(&donor));
        let piece = donor.pointer(&pieces[random.below(pieces.len())]).cloned().unwrap_or_default();
        let Some(target) = value.pointer_mut(&places[random.below(places.len())]) else { continue };
        match random.below(6) {
            0 => *target = piece,
            1 => target
                .clone_from(&[json!(null), json!(-1), json!(1e300), json!([]), json!({}), json!("")][random.below(6)]),
            2 => *target = Value::from(random.one(TOKENS).repeat(1 + random.below(3))),
            3 => *target = json!([target.take()]),
            4 => match target {
                Value::Object(members) => drop(members.insert(random.one(TOKENS).to_owned(), piece)),
                Value::Array(items) => items.push(piece),
                other => *other = json!({"default": other.take(), "secret": true}),
            },
            _ => match target {
                Value::Object(members) => {
                    let name = members.keys().nth(random.below(members.len())).cloned().unwrap_or_default();
                    members.shift_remove(&name);
                }
                Value::Array(items) => drop(items.pop()),
                other => *other = Value::from("${userPools.customers.clients.web.secret}"),
            },
        }
    }
    serde_yaml::to_string(&value).expect("YAML").into_bytes()
}

fn places(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    crate::garbage::pointers(value, String::new(), &mut found);
    found
}

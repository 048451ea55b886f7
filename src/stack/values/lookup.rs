//! What one text stands for: its references are taken out, looked up and put together again. What
//! is wrong with a reference is a finding where the text stands; what is wrong with a variable's
//! value is one where the variable is declared, once.

use serde_json::Value;

use super::{Filled, NO_FILE, Resolver, Scope};
use crate::diagnostic::{Finding, Part};
use crate::kind::Kind;
use crate::path::Path;
use crate::reference;
use crate::stack::template::{self, Piece};
use crate::stack::{attributes, not_given, suggest};

/// How many variables may refer to each other in a row.
const MAX_CHAIN: usize = 32;

/// How long a text may be once it is filled in, in bytes.
const LONGEST_TEXT: usize = 1024 * 1024;

impl Resolver<'_> {
    /// Fills in a text; what is wrong with it is a finding at `at`.
    pub(super) fn text(&mut self, text: &str, at: &Path, part: Part, scope: Scope) -> Filled {
        let pieces = match template::parse(text) {
            Ok(pieces) => pieces,
            Err(rest) => {
                let start: String = rest.chars().take(40).collect();
                let help = "close it with `}`; a plain `${` is written `$${`".to_owned();
                let message = format!("`{start}` is not closed");
                self.out.malformed.push(Finding { path: at.clone(), part, message, help: Some(help) });
                return Filled::unusable();
            }
        };
        let mut filled = match pieces.as_slice() {
            [Piece::Reference(inside)] => self.reference(inside, at, part, scope),
            _ => Filled::default(),
        };
        if filled.value.is_null() {
            let mut text = String::new();
            for piece in &pieces {
                match piece {
                    Piece::Text(plain) => text.push_str(plain),
                    Piece::Reference(inside) => {
                        let part_of_it = self.reference(inside, at, part, scope);
                        filled.secret |= part_of_it.secret;
                        text.push_str(&self.plain(&part_of_it));
                    }
                }
                if text.len() > LONGEST_TEXT {
                    let message = format!("is longer than {} KiB once it is filled in", LONGEST_TEXT / 1024);
                    return self.unusable(at, part, (message, None));
                }
            }
            filled.value = text.into();
        }
        self.take_room(filled, at, part)
    }

    /// Counts a text that was filled in. Once there is too much of it, nothing more is filled in.
    fn take_room(&mut self, filled: Filled, at: &Path, part: Part) -> Filled {
        let Value::String(text) = &filled.value else { return filled };
        let room = self.context.room.get();
        if room == 0 {
            return Filled::unusable();
        }
        self.context.room.set(room.saturating_sub(text.len()));
        if text.len() < room {
            return filled;
        }
        let message = "with this text the file holds more than 16 MiB once it is filled in";
        self.unusable(at, part, (message.to_owned(), None))
    }

    fn unusable(&mut self, at: &Path, part: Part, (message, help): (String, Option<String>)) -> Filled {
        self.out.findings.push(Finding { path: at.clone(), part, message, help });
        Filled::unusable()
    }

    fn reference(&mut self, inside: &str, at: &Path, part: Part, scope: Scope) -> Filled {
        let nested;
        let inside = if inside.contains("${") {
            nested = self.text(inside, at, part, Scope::Early);
            if reference::is_open(&nested.value) {
                if self.context.inputs.without_secrets && not_given::is_in(&nested.value) {
                    return self.unusable(at, part, not_given::fault());
                }
                return Filled::unusable();
            }
            &self.plain(&nested)
        } else {
            inside
        };
        if !template::is_reference(inside) || inside.parse::<Path>().is_err() && !inside.contains(':') {
            let (message, help) = self.unknown_form(inside);
            self.out.malformed.push(Finding { path: at.clone(), part, message, help });
            return Filled::unusable();
        }
        let filled = self.named(inside, scope);
        filled.unwrap_or_else(|fault| self.unusable(at, part, fault))
    }

    fn named(&mut self, inside: &str, scope: Scope) -> Result<Filled, (String, Option<String>)> {
        let inputs = self.context.inputs;
        if let Some((form, name)) = inside.split_once(':').filter(|(form, _)| is_word(form)) {
            return match form {
                "env" => match inputs.process.get(name).filter(|text| self.is_given(text)) {
                    Some(text) => outside_text(text, inside),
                    None if inputs.lenient || self.may_lack_secret() => {
                        Ok(Filled::open(Path::root().key("env").key(name)))
                    }
                    None => Err((format!("the environment variable `{name}` is not set"), None)),
                },
                "file" => match (self.context.files)(name) {
                    Ok(text) if self.is_given(&text) => outside_text(&text, inside),
                    Ok(_) => Ok(Filled::open(Path::root().key("file").key(name))),
                    Err(why) if why == NO_FILE && self.may_lack_secret() => {
                        Ok(Filled::open(Path::root().key("file").key(name)))
                    }
                    Err(why) => Err((format!("the file `{name}` cannot be read: {why}"), None)),
                },
                "ssm" | "secretsmanager" => {
                    let help = "use a variable with `secret: true`, or `${env:NAME}`".to_owned();
                    Err((format!("`${{{form}:…}}` is not supported yet"), Some(help)))
                }
                _ => Err(self.unknown_form(inside)),
            };
        }
        let path: Path = inside.parse().map_err(|_| self.unknown_form(inside))?;
        let words: Vec<&str> = inside.split('.').collect();
        match words.as_slice() {
            ["var", name] => self.context.variables.contains_key(*name).then(|| self.variable(name)).ok_or_else(|| {
                let names = self.context.variables.keys().map(String::as_str);
                (format!("there is no variable `{name}`"), self.hints().then(|| suggest::help(name, names)).flatten())
            }),
            ["stack", "name"] => Ok(known(self.context.stack)),
            ["stack", "environment"] => match self.context.environment {
                Some(name) => Ok(known(name)),
                None if inputs.lenient => Ok(Filled::open(path)),
                None => Err(("`${stack.environment}` has no value: this file has no environments".to_owned(), None)),
            },
            ["aws", "region" | "account" | "partition"] if scope != Scope::Early => Ok(Filled::open(path)),
            ["aws", "region" | "account" | "partition"] => Err(too_early(inside)),
            [section, ..] if is_root_section(section.split('[').next().unwrap_or_default()) => {
                let secret = attributes::check(&path, &self.declared, self.hints())?;
                if scope != Scope::Resource {
                    return Err(too_early(inside));
                }
                Ok(Filled { secret, ..Filled::open(path) })
            }
            _ => Err(self.unknown_form(inside)),
        }
    }

    /// Whether what is being filled in is a secret, and may do without its value.
    fn may_lack_secret(&self) -> bool {
        self.context.inputs.without_secrets && self.at_secret
    }

    /// Whether a text from outside is a value. A pipeline gives an empty text for a secret that it
    /// does not have.
    fn is_given(&self, text: &str) -> bool {
        !(text.is_empty() && self.may_lack_secret())
    }

    /// Whether what may have been meant is still looked for.
    fn hints(&self) -> bool {
        self.out.findings.len() + self.out.malformed.len() < suggest::MOST_HINTS
    }

    fn unknown_form(&self, inside: &str) -> (String, Option<String>) {
        let start: String = inside.chars().take(60).collect();
        let help = self.hints().then(|| self.meant(inside)).flatten().map_or_else(
            || {
                "references are `${var.NAME}`, `${env:NAME}`, `${file:PATH}`, `${stack.name}`, `${stack.environment}`, \
                    `${aws.region}`, `${aws.account}`, `${aws.partition}` and `${ADDRESS.ATTRIBUTE}`; a plain `${` is \
                    written `$${`"
                    .to_owned()
            },
            |meant| format!("did you mean `${{{meant}}}`?"),
        );
        (format!("`${{{start}}}` is not a reference"), Some(help))
    }

    /// The reference that somebody may have meant by one of no form.
    fn meant(&self, inside: &str) -> Option<String> {
        const SOURCES: [&str; 5] = ["var", "env", "file", "stack", "aws"];
        let variables = || self.context.variables.keys().map(String::as_str);
        let Some((source, rest)) = inside.split_once(['.', ':']) else {
            return variables().find(|name| *name == inside).map(|name| format!("var.{name}"));
        };
        let sections = Kind::ALL.iter().filter(|kind| kind.parent().is_none()).map(|kind| kind.section());
        Some(match suggest::nearest(source, SOURCES.into_iter().chain(sections))? {
            "var" => format!("var.{}", suggest::nearest(rest, variables()).unwrap_or(rest)),
            source @ ("env" | "file") => format!("{source}:{rest}"),
            "stack" => format!("stack.{}", suggest::nearest(rest, ["name", "environment"])?),
            "aws" => format!("aws.{}", suggest::nearest(rest, ["region", "account", "partition"])?),
            section if section != source => format!("{section}.{rest}"),
            _ => return None,
        })
    }

    /// A declared variable's value. What is wrong with it is found once, where it is declared.
    pub(super) fn variable(&mut self, name: &str) -> Filled {
        if let Some(filled) = self.known.get(name) {
            return filled.clone();
        }
        let Some(variable) = self.context.variables.get(name) else { return Filled::unusable() };
        if let Some(start) = self.open.iter().position(|open| open == name) {
            let mut way: Vec<String> = self.open[start..].iter().map(|name| format!("`{name}`")).collect();
            way.push(format!("`{name}`"));
            let at = variable.written.as_ref().map_or(&variable.declared_at, |(_, at)| at).clone();
            return self.unusable(&at, Part::Value, (format!("variables go in a circle: {}", way.join(" → ")), None));
        }
        if self.open.len() >= MAX_CHAIN {
            let fault = (format!("more than {MAX_CHAIN} variables refer to each other in a row"), None);
            return self.unusable(&variable.declared_at, Part::Key, fault);
        }
        self.open.push(name.to_owned());
        let around = std::mem::replace(&mut self.at_secret, variable.secret);
        let inputs = self.context.inputs;
        let outside = inputs.variables.get(name).or_else(|| inputs.process.get(&format!("POOLKEEPER_VAR_{name}")));
        let outside = outside.filter(|text| self.is_given(text));
        let mut filled = match (outside, &variable.written) {
            (Some(text), _) => {
                outside_text(text, name).unwrap_or_else(|fault| self.unusable(&variable.declared_at, Part::Key, fault))
            }
            (None, Some((Value::String(text), at))) if text.contains("${") => {
                self.text(text, at, Part::Value, Scope::Early)
            }
            // What is wrong with the form of a default the checker says.
            (None, Some((Value::Null | Value::Array(_) | Value::Object(_), _))) => Filled::unusable(),
            (None, Some((Value::String(text), _))) => known(text),
            (None, Some((value, at))) => {
                Filled { value: value.clone(), scalar_at: Some(at.clone()), ..Filled::default() }
            }
            (None, None) if inputs.lenient || self.may_lack_secret() => Filled::open(Path::root().key("var").key(name)),
            (None, None) => {
                let help = format!("--var {name}=…, or the environment variable POOLKEEPER_VAR_{name}");
                let fault = (format!("the variable `{name}` has no value"), Some(help));
                self.unusable(&variable.declared_at, Part::Key, fault)
            }
        };
        self.open.pop();
        self.at_secret = around;
        filled.secret |= variable.secret;
        if filled.secret && !reference::is_open(&filled.value) {
            let text = self.plain(&filled);
            if !text.is_empty() {
                self.out.secret_texts.insert(text);
            }
        }
        self.known.insert(name.to_owned(), filled.clone());
        filled
    }
}

fn known(text: &str) -> Filled {
    Filled { value: text.into(), ..Filled::default() }
}

fn outside_text(text: &str, name: &str) -> Result<Filled, (String, Option<String>)> {
    if reference::has_reserved(text) {
        return Err((format!("`{name}` holds the character U+FDD0 or U+FDD1, which no text may hold"), None));
    }
    Ok(Filled { value: text.into(), outside: true, ..Filled::default() })
}

fn too_early(inside: &str) -> (String, Option<String>) {
    (
        format!("`${{{inside}}}` is not known yet where it stands here"),
        Some("write it out, or use a variable".to_owned()),
    )
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphabetic())
}

fn is_root_section(word: &str) -> bool {
    Kind::of_section(word).is_some_and(|kind| kind.parent().is_none())
}

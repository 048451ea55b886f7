//! The folder that a sandbox is kept in between runs: one file, replaced as a whole, and a lock,
//! since two processes would overwrite each other. What is in it may be secret, so only its owner
//! may read it, and version control leaves it out. A folder that holds anything else is left as it
//! is: whoever names a project's own folder by mistake must not lose what is in it.

use std::fs::{self, File, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};

use super::state::State;

#[cfg(test)]
mod tests;

/// What is kept, and which version of it.
const FORMAT: &str = "poolkeeper-sandbox/1";
/// What is in the folder.
const STATE: &str = "state.json";
/// What takes its place when it is complete.
const FRESH: &str = "state.json.new";
/// Locked while the folder is open.
const LOCK: &str = "sandbox.lock";
/// Keeps version control out.
const IGNORE: &str = ".gitignore";

/// A state as it is kept.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept<T> {
    format: String,
    state: T,
}

/// What tells whether a file is a sandbox's, whatever else is in it.
#[derive(Deserialize)]
struct Head {
    format: Option<Format>,
}

/// A sandbox's format is a text; what belongs to others may be anything.
#[derive(Deserialize)]
#[serde(untagged)]
enum Format {
    Named(String),
    Other(IgnoredAny),
}

/// An open folder; closed, and free for others, when dropped.
pub struct Store {
    folder: PathBuf,
    /// Locked for as long as it is open.
    _lock: File,
}

impl Store {
    /// Opens a folder, and reads what is in it.
    pub(super) fn open(folder: &Path) -> Result<(Self, State), String> {
        let told = |what: &str, error: &std::io::Error| format!("{what} {}: {error}", folder.display());
        fs::create_dir_all(folder).map_err(|error| told("cannot make the sandbox's folder", &error))?;
        let names = names(folder).map_err(|error| told("cannot read", &error))?;
        // Before anything is written, since it may be somebody else's.
        if read(folder)?.is_none() && !names.is_empty() && !is_begun(&names) {
            return Err(format!(
                "{} is not empty, and no sandbox is kept in it: name a new folder, or an empty one",
                folder.display()
            ));
        }
        let lock = File::options().write(true).create(true).truncate(false).open(folder.join(LOCK));
        let lock = lock.map_err(|error| told("cannot write into", &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!("another run uses the sandbox in {} at this moment", folder.display()));
            }
            Err(TryLockError::Error(error)) => return Err(told("cannot lock", &error)),
        }
        if names.is_empty() {
            ignore(folder).map_err(|error| told("cannot write into", &error))?;
        }
        // Once more, since another run may have written until it gave the lock up.
        let state = read(folder)?.unwrap_or_default();
        Ok((Self { folder: folder.to_owned(), _lock: lock }, state))
    }

    /// Keeps a state: whole, or as it was before.
    pub(super) fn save(&self, state: &State) -> std::io::Result<()> {
        let fresh = self.folder.join(FRESH);
        match fs::remove_file(&fresh) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = private(&fresh)?;
        file.write_all(&serde_json::to_vec(&Kept { format: FORMAT.to_owned(), state })?)?;
        file.sync_all()?;
        fs::rename(fresh, self.folder.join(STATE))
    }
}

/// The names of all that is in a folder.
fn names(folder: &Path) -> std::io::Result<Vec<std::ffi::OsString>> {
    fs::read_dir(folder)?.map(|entry| Ok(entry?.file_name())).collect()
}

/// Whether a sandbox was opened in a folder, and nothing was kept so far.
fn is_begun(names: &[std::ffi::OsString]) -> bool {
    names.iter().any(|name| name == LOCK)
        && names.iter().all(|name| [LOCK, IGNORE, FRESH].iter().any(|own| name == own))
}

/// The state that is kept in a folder, if there is one. Says nothing of what is in it: secrets are.
fn read(folder: &Path) -> Result<Option<State>, String> {
    let path = folder.join(STATE);
    let told = |why: &str| format!("{} {why}", path.display());
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(told(&format!("cannot be read: {error}"))),
    };
    let place = |error: &serde_json::Error| format!("line {}, column {}", error.line(), error.column());
    let other = |why: &str| {
        told(&format!(
            "{why}; name another folder with --sandbox=DIR or --dir, or delete it if a sandbox of another version was kept there"
        ))
    };
    let head: Head = serde_json::from_slice(&bytes)
        .map_err(|error| other(&format!("is not a sandbox's state (at {})", place(&error))))?;
    match head.format {
        Some(Format::Named(format)) if format == FORMAT => {}
        _ => return Err(other(&format!("is not a sandbox's state: its `format` is not `{FORMAT}`"))),
    }
    let kept: Kept<State> = serde_json::from_slice(&bytes)
        .map_err(|error| other(&format!("is damaged, or of another version (at {})", place(&error))))?;
    Ok(Some(kept.state))
}

/// Has version control leave a new folder out.
fn ignore(folder: &Path) -> std::io::Result<()> {
    match File::create_new(folder.join(IGNORE)) {
        Ok(mut file) => file.write_all(b"*\n"),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error),
    }
}

/// A new file that only its owner may read. There must be none: one that is there may be readable by
/// others, or lead elsewhere.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

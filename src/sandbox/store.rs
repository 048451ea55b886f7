//! The folder that a sandbox is kept in between runs: one file, replaced as a whole, and a lock,
//! since two processes would overwrite each other. What is in it may be secret, so only its owner
//! may read it, and version control leaves it out.

use std::fs::{self, File, TryLockError};
use std::io::Write;
use std::path::{Path, PathBuf};

use super::state::State;

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
        let lock = File::create(folder.join("lock")).map_err(|error| told("cannot write into", &error))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(format!("another run uses the sandbox in {} at this moment", folder.display()));
            }
            Err(TryLockError::Error(error)) => return Err(told("cannot lock", &error)),
        }
        fs::write(folder.join(".gitignore"), "*\n").map_err(|error| told("cannot write into", &error))?;
        let state = match fs::read(folder.join("state.json")) {
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| {
                format!("{} is not a sandbox's state: {error}", folder.join("state.json").display())
            })?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => State::default(),
            Err(error) => return Err(told("cannot read", &error)),
        };
        Ok((Self { folder: folder.to_owned(), _lock: lock }, state))
    }

    /// Keeps a state: whole, or as it was before.
    pub(super) fn save(&self, state: &State) -> std::io::Result<()> {
        let fresh = self.folder.join("state.json.new");
        let mut file = private(&fresh)?;
        file.write_all(&serde_json::to_vec(state)?)?;
        fs::rename(fresh, self.folder.join("state.json"))
    }
}

/// A new file that only its owner may read.
fn private(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

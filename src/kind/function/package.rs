//! A function's package. A folder is zipped so that the same files make the same bytes, wherever
//! and whenever: names sorted, one time, one of two modes. Lambda reports the hash of the bytes, and
//! comparing it is how a change of the code is seen without keeping anything.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, System, ZipArchive, ZipWriter};

/// What Lambda takes in a call; larger packages go by way of S3.
const LARGEST: u64 = 50 * 1024 * 1024;

/// Folders and files that tools leave behind: they differ from machine to machine and do nothing.
const LEFT_OUT: [&str; 3] = ["__pycache__", ".DS_Store", ".git"];

/// A function's code, as it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Package {
    /// The zip file.
    pub zip: Vec<u8>,
    /// Its SHA-256 in base64, as Lambda's `CodeSha256`.
    pub sha256: String,
}

impl fmt::Debug for Package {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Package").field("bytes", &self.zip.len()).field("sha256", &self.sha256).finish()
    }
}

/// Makes the package of the folder or .zip file at `code`.
///
/// # Errors
/// Says what is wrong with the folder or file.
pub fn package(code: &Path) -> Result<Package, String> {
    let zip = if is_zip(code)? { read_zip(code)? } else { zip_folder(&files_of(code)?, code)? };
    if zip.len() as u64 > LARGEST {
        return Err(too_large(code, zip.len() as u64));
    }
    let sha256 = STANDARD.encode(Sha256::digest(&zip));
    Ok(Package { zip, sha256 })
}

/// The names of the files in the package of the folder or .zip file at `code`, with forward slashes.
///
/// # Errors
/// Says what is wrong with the folder or file.
pub fn file_names(code: &Path) -> Result<Vec<String>, String> {
    if is_zip(code)? {
        let bytes = read_zip(code)?;
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| failed(code, &error))?;
        archive.file_names().map(|name| name.map(Into::into).map_err(|error| failed(code, &error))).collect()
    } else {
        Ok(files_of(code)?.into_keys().collect())
    }
}

fn is_zip(code: &Path) -> Result<bool, String> {
    let metadata = fs::metadata(code).map_err(|error| failed(code, &error))?;
    let named_zip = code.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("zip"));
    match (metadata.is_dir(), named_zip) {
        (true, _) => Ok(false),
        (false, true) => Ok(true),
        (false, false) => Err(format!("`{}` is neither a folder nor a .zip file", code.display())),
    }
}

fn read_zip(code: &Path) -> Result<Vec<u8>, String> {
    let size = fs::metadata(code).map_err(|error| failed(code, &error))?.len();
    if size > LARGEST {
        return Err(too_large(code, size));
    }
    let bytes = fs::read(code).map_err(|error| failed(code, &error))?;
    if bytes.is_empty() {
        return Err(format!("`{}` is empty", code.display()));
    }
    Ok(bytes)
}

/// A file that goes into the package.
struct Entry {
    path: PathBuf,
    executable: bool,
}

/// The files of a folder by their names in the package, which is also the order of the package.
fn files_of(folder: &Path) -> Result<BTreeMap<String, Entry>, String> {
    let root = folder.canonicalize().map_err(|error| failed(folder, &error))?;
    let mut files = BTreeMap::new();
    collect(&root, &root, "", &mut vec![root.clone()], &mut files)?;
    if files.is_empty() {
        return Err(format!("the folder `{}` has no files to package", folder.display()));
    }
    Ok(files)
}

/// Adds what is in `folder` under the names that start with `prefix`. `inside` holds the real
/// folders that are being walked, to notice a link that leads back into one of them.
fn collect(
    root: &Path,
    folder: &Path,
    prefix: &str,
    inside: &mut Vec<PathBuf>,
    files: &mut BTreeMap<String, Entry>,
) -> Result<(), String> {
    for entry in fs::read_dir(folder).map_err(|error| failed(folder, &error))? {
        let path = entry.map_err(|error| failed(folder, &error))?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        let name = name.ok_or_else(|| format!("the name of `{}` is not Unicode", path.display()))?;
        if LEFT_OUT.contains(&name) || Path::new(name).extension().is_some_and(|extension| extension == "pyc") {
            continue;
        }
        let real = path.canonicalize().map_err(|error| failed(&path, &error))?;
        if !real.starts_with(root) {
            return Err(format!("`{}` is a link to `{}`, outside of the folder", path.display(), real.display()));
        }
        let metadata = fs::metadata(&real).map_err(|error| failed(&real, &error))?;
        let name = format!("{prefix}{name}");
        if metadata.is_dir() {
            if inside.contains(&real) {
                return Err(format!("`{}` is a link to a folder that it is in itself", path.display()));
            }
            inside.push(real.clone());
            collect(root, &real, &format!("{name}/"), inside, files)?;
            inside.pop();
        } else if metadata.is_file() {
            files.insert(name, Entry { path: real, executable: is_executable(&metadata) });
        } else {
            return Err(format!("`{}` is neither a file nor a folder", path.display()));
        }
    }
    Ok(())
}

#[cfg(unix)]
fn is_executable(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt;
    metadata.permissions().mode() & 0o111 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &fs::Metadata) -> bool {
    false
}

fn zip_folder(files: &BTreeMap<String, Entry>, folder: &Path) -> Result<Vec<u8>, String> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, entry) in files {
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .compression_level(Some(6))
            .last_modified_time(DateTime::DEFAULT)
            .system(System::Unix)
            .unix_permissions(if entry.executable { 0o755 } else { 0o644 });
        let content = fs::read(&entry.path).map_err(|error| failed(&entry.path, &error))?;
        writer.start_file(name, options).map_err(|error| failed(folder, &error))?;
        writer.write_all(&content).map_err(|error| failed(folder, &error))?;
    }
    let zip = writer.finish().map_err(|error| failed(folder, &error))?;
    Ok(zip.into_inner())
}

fn failed(path: &Path, error: &dyn fmt::Display) -> String {
    format!("`{}` cannot be packaged: {error}", path.display())
}

fn too_large(code: &Path, size: u64) -> String {
    const MEBIBYTE: u64 = 1024 * 1024;
    let size = size.div_ceil(MEBIBYTE);
    format!("the package of `{}` has {size} MiB; Lambda takes 50 MiB in a call", code.display())
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::*;

    fn write(folder: &Path, name: &str, text: &str) {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    #[test]
    fn the_same_files_make_the_same_bytes() {
        let [one, two] = [(); 2].map(|()| tempfile::tempdir().expect("a folder"));
        let files = [("index.py", "def handler(event, _): return event\n"), ("lib/a.py", "a"), ("lib/b.py", "b")];
        for (name, text) in files {
            write(one.path(), name, text);
        }
        for (name, text) in files.iter().rev() {
            write(two.path(), name, text);
        }
        write(two.path(), "__pycache__/index.cpython-313.pyc", "left by a test run");
        write(two.path(), "lib/a.pyc", "left by a test run");
        write(two.path(), ".git/HEAD", "ref");
        let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
        fs::File::options()
            .write(true)
            .open(two.path().join("index.py"))
            .and_then(|file| file.set_modified(long_ago))
            .expect("an older file");

        let package_of = |folder: &tempfile::TempDir| package(folder.path()).expect("a package");
        assert_eq!(package_of(&one), package_of(&two));
        assert_eq!(file_names(two.path()).expect("names"), ["index.py", "lib/a.py", "lib/b.py"]);

        write(two.path(), "lib/b.py", "B");
        assert_ne!(package_of(&one).sha256, package_of(&two).sha256);
    }

    #[test]
    fn a_zip_file_is_taken_as_it_is() {
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "code/index.py", "x");
        let made = package(&folder.path().join("code")).expect("a package");
        let zip = folder.path().join("code.zip");
        fs::write(&zip, &made.zip).expect("a file");
        assert_eq!(package(&zip).expect("a package"), made);
        assert_eq!(file_names(&zip).expect("names"), ["index.py"]);
        assert_eq!(made.sha256, STANDARD.encode(Sha256::digest(&made.zip)));
        assert!(!format!("{made:?}").contains(", 80, 75"), "the bytes are not for people");
    }

    #[test]
    fn what_cannot_be_packaged_says_why() {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path();
        fs::create_dir(root.join("empty")).expect("a folder");
        write(root, "index.py", "x");
        fs::write(root.join("none.zip"), []).expect("a file");
        fs::File::create(root.join("huge.zip")).and_then(|file| file.set_len(LARGEST + 1)).expect("a file");
        for (code, reason) in [
            ("empty", "has no files"),
            ("index.py", "neither a folder nor a .zip file"),
            ("missing", "cannot be packaged"),
            ("none.zip", "is empty"),
            ("huge.zip", "51 MiB"),
        ] {
            let error = package(&root.join(code)).expect_err(code);
            assert!(error.contains(reason), "{code}: {error}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_inside_of_the_folder_only() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "code/index.py", "x");
        write(folder.path(), "secret", "y");
        let code = folder.path().join("code");
        symlink("index.py", code.join("alias.py")).expect("a link");
        assert_eq!(file_names(&code).expect("names"), ["alias.py", "index.py"]);

        symlink("../secret", code.join("outside")).expect("a link");
        assert!(package(&code).expect_err("a link out").contains("outside of the folder"));
        fs::remove_file(code.join("outside")).expect("removed");

        symlink(".", code.join("loop")).expect("a link");
        assert!(package(&code).expect_err("a loop").contains("that it is in itself"));
    }

    #[cfg(unix)]
    #[test]
    fn of_the_mode_only_the_executable_bit_counts() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), "bootstrap", "#!/bin/sh\n");
        let hash = |mode| {
            let file = folder.path().join("bootstrap");
            fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("a mode");
            package(folder.path()).expect("a package").sha256
        };
        assert_eq!(hash(0o600), hash(0o664));
        assert_eq!(hash(0o700), hash(0o755));
        assert_ne!(hash(0o644), hash(0o755));
    }
}

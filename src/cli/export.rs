//! `export`: what is live, as a stack file.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path as FilePath;

use super::session::Trouble;
use super::{Exit, Exporting, Format, Place, Selecting, show};
use crate::aws::{Aws, Settings};
use crate::error::Error;
use crate::event::Events;
use crate::export::{Export, export, read, read::Selection};
use crate::sandbox;
use crate::survey::live_secrets;
use crate::view::printer::Printer;
use crate::view::{progress, report};

pub(super) async fn run(exporting: Exporting, printer: &Printer) -> Exit {
    let Exporting { selecting, stack, output, place } = exporting;
    let exported = match exported(selecting.into(), stack.as_deref(), &place, printer).await {
        Ok(exported) => exported,
        Err(error) => return show::trouble("export", &Trouble::from(error), Format::Text, printer),
    };
    let written = match output {
        None => {
            if !exported.images.is_empty() {
                printer.note(
                    "the images that the file names are only written with -o FOLDER; without them it has no plan",
                );
            }
            printer.exported(&exported).map_err(|error| Error::refused(error.to_string()))
        }
        Some(folder) => write(&folder, &exported, printer),
    };
    if let Err(error) = written {
        return show::trouble("export", &Trouble::from(error), Format::Text, printer);
    }
    for note in report::export(&exported) {
        printer.note(&note);
    }
    Exit::Ok
}

/// Reads what is selected, with progress, and makes a stack file of it.
async fn exported(
    selection: Selection,
    stack: Option<&str>,
    place: &Place,
    printer: &Printer,
) -> Result<Export, Error> {
    let settings = Settings {
        region: place.region.clone(),
        profile: place.profile.clone(),
        endpoint_url: place.endpoint_url.clone(),
        assume_role: None,
        sandbox: place.sandbox()?.map(|sandbox| (sandbox, sandbox::ACCOUNT.to_owned())),
        pace: Some(place.pace),
    };
    let (events, receiver) = Events::channel();
    let work = async {
        let aws = Aws::connect(&settings, events).await?;
        let roots = read::read(&aws, &selection).await?;
        printer.hide(&live_secrets(&roots));
        Ok(export(&roots, stack, aws.place()))
    };
    tokio::join!(work, progress::show(receiver, printer)).0
}

/// Writes the file into a folder, which is made where it is not there. A file that is there stays.
fn write(folder: &FilePath, exported: &Export, printer: &Printer) -> Result<(), Error> {
    if folder.is_file() {
        return Err(Error::refused(format!("{} is a file", folder.display())).with_help("-o takes a folder"));
    }
    let path = folder.join(format!("{}.yaml", exported.stack));
    let write = || {
        fs::create_dir_all(folder)?;
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        file.write_all(exported.text.as_bytes())
    };
    write().map_err(|error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::refused(format!("{} is there already", path.display()))
            .with_help("take it away, or give the stack another name with --stack"),
        _ => Error::refused(format!("{} cannot be written: {error}", path.display())),
    })?;
    printer.note(&format!("wrote {}", path.display()));
    for image in &exported.images {
        let path = folder.join(&image.file);
        let write = || {
            fs::create_dir_all(path.parent().unwrap_or(folder))?;
            OpenOptions::new().write(true).create_new(true).open(&path)?.write_all(&image.bytes)
        };
        write().map_err(|error| Error::refused(format!("{} cannot be written: {error}", path.display())))?;
    }
    Ok(())
}

impl From<Selecting> for Selection {
    fn from(selecting: Selecting) -> Self {
        match selecting {
            Selecting { all: true, .. } => Selection::All,
            Selecting { pattern: Some(pattern), .. } => Selection::Matching(pattern),
            Selecting { user_pool, identity_pool, .. } => {
                Selection::Ids { user_pools: user_pool, identity_pools: identity_pool }
            }
        }
    }
}

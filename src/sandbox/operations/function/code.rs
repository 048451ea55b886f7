//! A function's code: a zip file, of which only hash and size are kept.

use std::io::Cursor;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::super::super::refusal::Refusal;
use super::super::super::state::Body;
use super::super::world::World;
use super::invalid;

/// How many bytes a zip file may have on its way, as base64, and unzipped.
const MOST_SENT: usize = 69_905_067;
const MOST_UNZIPPED: u128 = 262_144_000;

/// What is known of code.
pub(super) struct Code {
    sha256: String,
    size: usize,
}

impl Code {
    pub(super) fn put(self, body: &mut Body) {
        body.insert("CodeSha256".to_owned(), json!(self.sha256));
        body.insert("CodeSize".to_owned(), json!(self.size));
    }
}

/// The code that is given. There are no buckets and no images here.
pub(super) fn given(world: &World<'_>, source: &Value, operation: &str) -> Result<Code, Refusal> {
    let given = |member: &str| source.get(member).and_then(Value::as_str).filter(|text| !text.is_empty());
    match (given("ZipFile"), given("S3Bucket").or(given("S3Key")), given("ImageUri")) {
        (Some(text), None, None) => zipped(text, operation),
        (None, Some(_), None) => Err(invalid(
            "Error occurred while GetObject. S3 Error Code: NoSuchBucket. S3 Error Message: The specified bucket does \
             not exist",
        )),
        (None, None, Some(image)) => Err(invalid(format!(
            "Source image {image} does not exist in {}. Provide a valid source image.",
            world.call.region
        ))),
        (None, None, None) => Err(invalid("Please provide a source for function code.")),
        _ => Err(invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.")),
    }
}

fn zipped(text: &str, operation: &str) -> Result<Code, Refusal> {
    if text.len() > MOST_SENT {
        let message = format!("Request must be smaller than {MOST_SENT} bytes for the {operation} operation");
        return Err(Refusal::new(413, "RequestEntityTooLargeException", message));
    }
    let broken = "Could not unzip uploaded file. Please check your file, then try to upload again.";
    let bytes = STANDARD.decode(text).map_err(|_| invalid(broken))?;
    let archive = ZipArchive::new(Cursor::new(&bytes)).map_err(|_| invalid(broken))?;
    if archive.is_empty() {
        return Err(invalid("Uploaded file must be a non-empty zip"));
    }
    if archive.decompressed_size().is_some_and(|size| size > MOST_UNZIPPED) {
        return Err(invalid(format!("Unzipped size must be smaller than {MOST_UNZIPPED} bytes")));
    }
    Ok(Code { sha256: STANDARD.encode(Sha256::digest(&bytes)), size: bytes.len() })
}

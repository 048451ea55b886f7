//! Pages of a listing: how many items, and the token that the next page is asked for with.

use serde_json::{Map, Value};

use super::super::refusal::Refusal;

/// What a listing calls its parts.
pub(super) struct Listing {
    /// The member that says how many.
    pub(super) size: &'static str,
    /// The member with the token, in the input and in the answer.
    pub(super) token: &'static str,
    /// The member with the items.
    pub(super) items: &'static str,
    /// How many where nothing is said, and at most.
    pub(super) most: usize,
}

impl Listing {
    /// The page that the input asks for.
    pub(super) fn page(&self, input: &Value, mut items: Vec<Value>) -> Result<Value, Refusal> {
        let asked = input.get(self.size).and_then(Value::as_u64).and_then(|size| usize::try_from(size).ok());
        let size = asked.filter(|size| *size > 0).unwrap_or(self.most).min(self.most);
        let begin = match input.get(self.token).and_then(Value::as_str) {
            None => 0,
            Some(token) => position(token).filter(|begin| *begin <= items.len()).ok_or_else(invalid)?,
        };
        let mut page = items.split_off(begin);
        let more = page.len() > size;
        page.truncate(size);
        let mut answer = Map::new();
        answer.insert(self.items.to_owned(), Value::Array(page));
        if more {
            answer.insert(self.token.to_owned(), Value::String(token(begin + size)));
        }
        Ok(Value::Object(answer))
    }
}

/// The token of a position. It says nothing to who reads it, as AWS's do.
fn token(position: usize) -> String {
    format!("page-{position:08x}")
}

fn position(token: &str) -> Option<usize> {
    usize::from_str_radix(token.strip_prefix("page-")?, 16).ok()
}

fn invalid() -> Refusal {
    Refusal::invalid("Invalid pagination token.")
}

//! Where each part of a stack file stands. The text is read into a tree of nodes with byte ranges,
//! and a path is looked up in that tree: through aliases and merge keys too, so that what a file
//! says once and uses twice is marked where it is said.
//!
//! This reading comes first, and guards the one that makes values: it ends early, with a place, on
//! nesting too deep, on aliases that multiply into something huge and on a second document.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use granit_parser::{ErrorKind, Event, Parser, ScalarStyle, ScanError, Span};

use crate::diagnostic::Part;
use crate::path::{Path, Segment};

/// How deep maps and lists may be nested, aliases followed.
const MAX_DEPTH: usize = 64;
/// How many values aliases may add to what the file spells out.
const MAX_ALIASED: u64 = 100_000;

/// What YAML has between values. Unicode knows more blanks and ends of lines, which are text here.
const BLANK: [char; 4] = [' ', '\t', '\n', '\r'];

/// Something wrong with the text itself, at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The bytes that are meant.
    pub span: Range<usize>,
    /// What is wrong, without a full stop.
    pub message: String,
    /// The fix, where there is one.
    pub help: Option<String>,
}

impl Fault {
    fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        Self { span, message: message.into(), help: None }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Where an entry stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The bytes of its key, if it has one.
    pub key: Option<Range<usize>>,
    /// The bytes of its value.
    pub value: Range<usize>,
    /// Whether the value is a map or a list.
    pub collection: bool,
}

/// The places of all entries of a file.
#[derive(Debug, Default)]
pub struct SpanMap {
    nodes: Vec<Node>,
    anchors: HashMap<usize, usize>,
}

#[derive(Debug)]
struct Node {
    span: Range<usize>,
    content: Content,
    /// Of a map that has been read whole, the entries by key; the first one where there are two.
    by_key: HashMap<String, (usize, usize)>,
    /// How many values it stands for, with aliases followed.
    size: u64,
    /// How deep maps and lists are nested in it, with aliases followed.
    depth: usize,
    /// Where its tag stands, if it has one.
    tag: Option<Range<usize>>,
}

#[derive(Debug)]
enum Content {
    Scalar(String),
    List(Vec<usize>),
    /// Pairs of nodes: key and value.
    Map(Vec<(usize, usize)>),
    Alias(usize),
}

/// Reads where everything stands, and what is wrong with the text: keys that are given twice do
/// not stop the reading, everything else does.
///
/// # Errors
/// The fault that makes the text unreadable.
pub fn read(text: &str) -> Result<(SpanMap, Vec<Fault>), Fault> {
    let map = build(text)?;
    map.check_merges()?;
    let duplicates = map.duplicates(text);
    Ok((map, duplicates))
}

/// The collections that are open while events come in: the node, and for a map the key that waits
/// for its value.
struct Open {
    node: usize,
    key: Option<usize>,
}

fn build(text: &str) -> Result<SpanMap, Fault> {
    let mut map = SpanMap::default();
    let mut open: Vec<Open> = Vec::new();
    let mut documents = 0;
    let mut aliased: u64 = 0;
    // Where the event before this one ended.
    let mut before = 0;
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| syntax_fault(text, &error))?;
        let bytes = span.byte_range().unwrap_or(0..0);
        let tag = is_tagged(&event).then(|| tag_between(text, before, &bytes)).flatten();
        let first_new = map.nodes.len();
        before = before.max(bytes.end);
        match event {
            Event::DocumentStart(..) => {
                documents += 1;
                if documents > 1 {
                    return Err(Fault::new(marker(&bytes, text), "a second document starts here")
                        .help("a stack file is one YAML document; put the other one into a file of its own"));
                }
            }
            Event::Scalar(value, style, anchor, _) => {
                let bytes = trimmed(text, &span, style);
                map.add(&mut open, bytes, Content::Scalar(value.into_owned()), anchor);
            }
            Event::Alias(id) => {
                let node = map.add(&mut open, bytes.clone(), Content::Alias(id), 0);
                let target = map.target(node);
                if open.iter().any(|open| open.node == target) {
                    return Err(Fault::new(bytes, "this alias stands inside of what it stands for"));
                }
                let (size, depth) = (map.nodes[target].size, map.nodes[target].depth);
                (map.nodes[node].size, map.nodes[node].depth) = (size, depth);
                aliased = aliased.saturating_add(size);
                if aliased > MAX_ALIASED {
                    return Err(Fault::new(
                        bytes,
                        format!("aliases multiply this file by more than {MAX_ALIASED} values"),
                    ));
                }
                if depth + open.len() > MAX_DEPTH {
                    return Err(Fault::new(bytes, format!("this alias nests deeper than {MAX_DEPTH} levels")));
                }
            }
            Event::SequenceStart(..) | Event::MappingStart(..) if open.len() >= MAX_DEPTH => {
                return Err(Fault::new(marker(&bytes, text), too_deep()));
            }
            Event::SequenceStart(_, anchor, _) => {
                let node = map.add(&mut open, bytes, Content::List(Vec::new()), anchor);
                open.push(Open { node, key: None });
            }
            Event::MappingStart(_, anchor, _) => {
                let node = map.add(&mut open, bytes, Content::Map(Vec::new()), anchor);
                open.push(Open { node, key: None });
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(closed) = open.pop() {
                    let start = map.nodes[closed.node].span.start;
                    let end = start + text.get(start..bytes.end).unwrap_or_default().trim_end_matches(BLANK).len();
                    map.nodes[closed.node].span.end = end;
                    map.measure(closed.node);
                }
            }
            _ => {}
        }
        if let Some(node) = map.nodes.get_mut(first_new) {
            node.tag = tag;
        }
    }
    Ok(map)
}

fn is_tagged(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Scalar(_, _, _, Some(_)) | Event::SequenceStart(_, _, Some(_)) | Event::MappingStart(_, _, Some(_))
    )
}

/// Where the tag of a value stands: between what comes before it and its own end.
fn tag_between(text: &str, before: usize, value: &Range<usize>) -> Option<Range<usize>> {
    let line_end = text.get(value.start..)?.find('\n').map_or(text.len(), |at| value.start + at);
    let around = text.get(before..line_end)?;
    let start = before + around.find('!')?;
    let length = text.get(start..)?.find(char::is_whitespace).unwrap_or(text.len() - start);
    Some(start..start + length)
}

fn syntax_fault(text: &str, error: &ScanError) -> Fault {
    let at = error.marker().byte_offset().unwrap_or(0).min(text.len());
    // An error at the very end of the text is shown at the last thing that is there.
    let at = if at == text.len() { text.trim_end().len().saturating_sub(1) } else { at };
    let at = (0..=at).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let message = match error.kind() {
        ErrorKind::RecursionLimitExceeded => too_deep(),
        _ => format!("this is not YAML: {}", error.info()),
    };
    Fault::new(marker(&(at..at), text), message)
}

fn too_deep() -> String {
    format!("nested deeper than {MAX_DEPTH} levels")
}

/// The range, or where it is empty the character at its start.
fn marker(span: &Range<usize>, text: &str) -> Range<usize> {
    if !span.is_empty() {
        return span.clone();
    }
    let width = text.get(span.start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    span.start..span.start + width
}

/// A scalar's bytes. A block scalar's run into the indentation of what follows.
fn trimmed(text: &str, span: &Span, style: ScalarStyle) -> Range<usize> {
    let range = span.byte_range().unwrap_or(0..0);
    if matches!(style, ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted) {
        return range;
    }
    let slice = text.get(range.clone()).unwrap_or_default();
    let text = slice.trim_end_matches(BLANK);
    let end = range.start + text.len();
    let start = end - text.trim_start_matches(BLANK).len();
    start..end.max(start)
}

impl SpanMap {
    fn add(&mut self, open: &mut [Open], span: Range<usize>, content: Content, anchor: usize) -> usize {
        let node = self.nodes.len();
        self.nodes.push(Node { span, content, by_key: HashMap::new(), size: 1, depth: 0, tag: None });
        if anchor != 0 {
            self.anchors.insert(anchor, node);
        }
        if let Some(outer) = open.last_mut() {
            match &mut self.nodes[outer.node].content {
                Content::List(items) => items.push(node),
                Content::Map(entries) => match outer.key.take() {
                    None => outer.key = Some(node),
                    Some(key) => entries.push((key, node)),
                },
                Content::Scalar(_) | Content::Alias(_) => {}
            }
        }
        node
    }

    /// Sums up a collection whose parts have all been read.
    fn measure(&mut self, node: usize) {
        let parts: Vec<usize> = match &self.nodes[node].content {
            Content::List(items) => items.clone(),
            Content::Map(entries) => entries.iter().map(|(_, value)| *value).collect(),
            Content::Scalar(_) | Content::Alias(_) => Vec::new(),
        };
        let size = parts.iter().fold(1_u64, |size, part| size.saturating_add(self.nodes[*part].size));
        let depth = parts.iter().map(|part| self.nodes[*part].depth).max().unwrap_or(0) + 1;
        (self.nodes[node].size, self.nodes[node].depth) = (size, depth);
        let mut by_key = HashMap::new();
        if let Content::Map(entries) = &self.nodes[node].content {
            for (key, value) in entries {
                if let Content::Scalar(name) = &self.nodes[self.target(*key)].content {
                    by_key.entry(name.clone()).or_insert((*key, *value));
                }
            }
        }
        self.nodes[node].by_key = by_key;
    }

    /// Follows aliases to what they stand for.
    fn target(&self, node: usize) -> usize {
        match &self.nodes[node].content {
            Content::Alias(id) => self.anchors.get(id).copied().unwrap_or(node),
            _ => node,
        }
    }

    fn check_merges(&self) -> Result<(), Fault> {
        let is_map = |node: usize| matches!(self.nodes[self.target(node)].content, Content::Map(_));
        for node in &self.nodes {
            let Content::Map(entries) = &node.content else { continue };
            for (key, value) in entries {
                let merges = matches!(&self.nodes[self.target(*key)].content, Content::Scalar(text) if text == "<<");
                let fits = match &self.nodes[self.target(*value)].content {
                    Content::List(items) => items.iter().all(|item| is_map(*item)),
                    _ => is_map(*value),
                };
                if merges && !fits {
                    let fault = Fault::new(self.nodes[*key].span.clone(), "only maps can be merged with `<<`");
                    return Err(fault.help("name a map, or a list of maps: `<<: *anchor`"));
                }
            }
        }
        Ok(())
    }

    fn duplicates(&self, text: &str) -> Vec<Fault> {
        let line_ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        let mut faults = Vec::new();
        for node in &self.nodes {
            let Content::Map(entries) = &node.content else { continue };
            let mut first: HashMap<&str, usize> = HashMap::new();
            for (key, _) in entries {
                let Content::Scalar(name) = &self.nodes[*key].content else { continue };
                match first.get(name.as_str()) {
                    None => {
                        first.insert(name, *key);
                    }
                    Some(earlier) => {
                        let start = self.nodes[*earlier].span.start;
                        let line = line_ends.partition_point(|end| *end < start) + 1;
                        let fault = Fault::new(self.nodes[*key].span.clone(), format!("`{name}` is given twice"));
                        faults.push(fault.help(format!("it stands in line {line} already")));
                    }
                }
            }
        }
        faults
    }

    /// Where the entry at a path stands, if it is in the file.
    #[must_use]
    pub fn place(&self, path: &Path) -> Option<Place> {
        let (place, depth) = self.nearest(path)?;
        (depth == path.segments().len()).then_some(place)
    }

    /// Where the entry at a path stands, or the nearest thing around it that is in the file, and
    /// how many steps of the path lead there.
    fn nearest(&self, path: &Path) -> Option<(Place, usize)> {
        let mut node = if self.nodes.is_empty() { return None } else { 0 };
        let mut key = None;
        let mut depth = 0;
        for segment in path.segments() {
            let Some((next_key, next)) = self.step(node, segment, 0) else { break };
            key = next_key;
            node = next;
            depth += 1;
        }
        let collection = matches!(self.nodes[self.target(node)].content, Content::List(_) | Content::Map(_));
        let place = Place {
            key: key.map(|key: usize| self.nodes[key].span.clone()),
            value: self.nodes[node].span.clone(),
            collection,
        };
        Some((place, depth))
    }

    /// The bytes to mark for a part of the entry at a path. What is not in the file is shown at
    /// the nearest thing around it; none stands for the file as a whole.
    #[must_use]
    pub fn mark(&self, path: &Path, part: Part) -> Option<Range<usize>> {
        let (place, depth) = self.nearest(path)?;
        let exact = depth == path.segments().len();
        if depth == 0 {
            let is_map = matches!(self.nodes[0].content, Content::Map(_));
            // A file that is no map is marked where it begins.
            let begin = place.value.start..place.value.start + usize::from(!place.value.is_empty());
            return (exact && !is_map).then_some(if place.collection { begin } else { place.value });
        }
        // Of a map or a list the key says enough; marking all of it would drown the page.
        let by_key = part == Part::Key || !exact || place.collection;
        Some(if by_key { place.key.unwrap_or(place.value) } else { place.value })
    }

    /// The bytes of all scalars in the entry at a path, with their tags, aliases followed.
    #[must_use]
    pub fn scalars(&self, path: &Path) -> Vec<Range<usize>> {
        self.node(path).map(|node| self.scalars_in(vec![node])).unwrap_or_default()
    }

    /// The bytes of all scalars that no path leads to: the second of two values with one key, and
    /// what belongs to a key that is no text.
    #[must_use]
    pub fn pathless(&self) -> Vec<Range<usize>> {
        let mut nodes = Vec::new();
        for node in &self.nodes {
            let Content::Map(entries) = &node.content else { continue };
            for (key, value) in entries {
                match &self.nodes[self.target(*key)].content {
                    Content::Scalar(name) if node.by_key.get(name).is_some_and(|(_, first)| first == value) => {}
                    Content::Scalar(_) => nodes.push(*value),
                    _ => nodes.extend([*key, *value]),
                }
            }
        }
        self.scalars_in(nodes)
    }

    fn scalars_in(&self, mut todo: Vec<usize>) -> Vec<Range<usize>> {
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        while let Some(node) = todo.pop() {
            let target = self.target(node);
            if !seen.insert(target) {
                continue;
            }
            found.extend(self.nodes[target].tag.clone());
            match &self.nodes[target].content {
                Content::Scalar(_) => found.push(self.nodes[target].span.clone()),
                Content::List(items) => todo.extend(items),
                Content::Map(entries) => todo.extend(entries.iter().map(|(_, value)| value)),
                Content::Alias(_) => {}
            }
        }
        found
    }

    /// The text of the scalar at a path, quotes and escapes undone.
    #[must_use]
    pub fn text(&self, path: &Path) -> Option<&str> {
        match &self.nodes[self.target(self.node(path)?)].content {
            Content::Scalar(text) => Some(text),
            _ => None,
        }
    }

    fn node(&self, path: &Path) -> Option<usize> {
        let root = (!self.nodes.is_empty()).then_some(0)?;
        path.segments().iter().try_fold(root, |node, segment| self.step(node, segment, 0).map(|(_, next)| next))
    }

    fn step(&self, node: usize, segment: &Segment, merges: usize) -> Option<(Option<usize>, usize)> {
        match (&self.nodes[self.target(node)].content, segment) {
            (Content::List(items), Segment::Index(index)) => items.get(*index).map(|item| (None, *item)),
            (Content::Map(_), Segment::Key(wanted)) => {
                let by_key = &self.nodes[self.target(node)].by_key;
                if let Some((key, value)) = by_key.get(wanted) {
                    return Some((Some(*key), *value));
                }
                let (_, base) = by_key.get("<<")?;
                if merges > MAX_DEPTH {
                    return None;
                }
                match &self.nodes[self.target(*base)].content {
                    Content::List(items) => items.iter().find_map(|item| self.step(*item, segment, merges + 1)),
                    _ => self.step(*base, segment, merges + 1),
                }
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;

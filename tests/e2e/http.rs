//! As much HTTP/1.1 as the emulators, the proxy and the JSON client need: one message with a body
//! of known or chunked length at a time, and a connection for each exchange.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A request or an answer.
#[derive(Clone)]
pub(crate) struct Message {
    /// The request line or the status line.
    pub(crate) start: String,
    /// Names (in lower case) and values.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

impl Message {
    /// A request whose length is filled in when it is written.
    pub(crate) fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let headers = headers.iter().map(|(name, value)| (name.to_lowercase(), (*value).to_owned())).collect();
        Self { start: format!("{method} {path} HTTP/1.1"), headers, body: body.to_vec() }
    }

    /// An answer with a JSON body.
    pub(crate) fn json_answer(status: u16, body: &str) -> Self {
        let content = ("content-type".to_owned(), "application/x-amz-json-1.1".to_owned());
        let id = ("x-amzn-requestid".to_owned(), "11111111-2222-3333-4444-555555555555".to_owned());
        Self { start: format!("HTTP/1.1 {status} Answer"), headers: vec![content, id], body: body.as_bytes().to_vec() }
    }

    /// The value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Method and path of a request.
    pub(crate) fn method_and_path(&self) -> (&str, &str) {
        let mut words = self.start.split(' ');
        (words.next().unwrap_or_default(), words.next().unwrap_or_default())
    }

    /// The status of an answer.
    pub(crate) fn status(&self) -> u16 {
        self.start.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0)
    }

    /// The next message of a connection; none where it is closed.
    pub(crate) fn read(connection: &TcpStream) -> io::Result<Option<Self>> {
        let mut reader = BufReader::new(connection);
        let start = line(&mut reader)?;
        if start.is_empty() {
            return Ok(None);
        }
        let mut message = Self { start, headers: Vec::new(), body: Vec::new() };
        loop {
            let header = line(&mut reader)?;
            let Some((name, value)) = header.split_once(':') else { break };
            message.headers.push((name.trim().to_lowercase(), value.trim().to_owned()));
        }
        let length = message.header("content-length").and_then(|length| length.parse().ok());
        if message.header("transfer-encoding").is_some_and(|coding| coding.contains("chunked")) {
            message.body = chunked(&mut reader)?;
        } else if let Some(length) = length {
            message.body = vec![0; length];
            reader.read_exact(&mut message.body)?;
        } else if message.start.starts_with("HTTP/") && !matches!(message.status(), 204 | 304) {
            reader.read_to_end(&mut message.body)?;
        }
        Ok(Some(message))
    }

    /// Writes it, as the last one of its connection.
    pub(crate) fn write(&self, connection: &mut TcpStream) -> io::Result<()> {
        let mut head = format!("{}\r\n", self.start);
        for (name, value) in &self.headers {
            if !matches!(name.as_str(), "content-length" | "transfer-encoding" | "connection") {
                head.extend([name, ": ", value, "\r\n"]);
            }
        }
        connection.write_all(head.as_bytes())?;
        write!(connection, "content-length: {}\r\nconnection: close\r\n\r\n", self.body.len())?;
        connection.write_all(&self.body)?;
        connection.flush()
    }

    /// Sends a request to a loopback port and waits for the answer.
    pub(crate) fn exchange(&self, port: u16) -> io::Result<Self> {
        let mut connection = TcpStream::connect(("127.0.0.1", port))?;
        connection.set_read_timeout(Some(Duration::from_mins(1)))?;
        let mut request = self.clone();
        if request.header("host").is_none() {
            request.headers.push(("host".to_owned(), format!("127.0.0.1:{port}")));
        }
        request.write(&mut connection)?;
        Self::read(&connection)?.ok_or_else(|| io::Error::from(io::ErrorKind::UnexpectedEof))
    }
}

fn line(reader: &mut impl BufRead) -> io::Result<String> {
    let mut text = String::new();
    reader.read_line(&mut text)?;
    Ok(text.trim_end().to_owned())
}

fn chunked(reader: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(reader)?;
        let size = usize::from_str_radix(size.split(';').next().unwrap_or_default(), 16)
            .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        let mut chunk = vec![0; size];
        reader.read_exact(&mut chunk)?;
        line(reader)?;
        if size == 0 {
            return Ok(body);
        }
        body.extend(chunk);
    }
}

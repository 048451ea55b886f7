//! What can go wrong outside the file. [`AwsError`] is an answer of AWS, or the lack of one;
//! everything else is a [`Error::Refused`] in plain words with the way out.

use crate::path::Path;

/// Why something could not be done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Error {
    /// A call to AWS failed.
    #[error("{0}")]
    Aws(Box<AwsError>),
    /// poolkeeper will not, or cannot, go on.
    #[error("{message}")]
    Refused {
        /// The resource that it is about.
        address: Option<Path>,
        /// What is wrong, without a full stop.
        message: String,
        /// The way out, where there is one.
        help: Option<String>,
    },
}

impl Error {
    /// poolkeeper will not, or cannot, go on.
    pub fn refused(message: impl Into<String>) -> Self {
        Error::Refused { address: None, message: message.into(), help: None }
    }

    /// The same error, with the resource that it is about, unless it names one already.
    #[must_use]
    pub fn at(mut self, at: &Path) -> Self {
        let address = match &mut self {
            Error::Aws(error) => &mut error.address,
            Error::Refused { address, .. } => address,
        };
        address.get_or_insert_with(|| at.clone());
        self
    }

    /// The same error, with the way out.
    #[must_use]
    pub fn with_help(mut self, text: impl Into<String>) -> Self {
        match &mut self {
            Error::Aws(error) => error.help = Some(text.into()),
            Error::Refused { help, .. } => *help = Some(text.into()),
        }
        self
    }

    /// AWS's error code, if AWS answered with one.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Error::Aws(error) => error.code.as_deref(),
            Error::Refused { .. } => None,
        }
    }
}

/// A call to AWS that failed.
#[derive(Debug, Clone)]
pub struct AwsError {
    /// The resource that it was about.
    pub address: Option<Path>,
    /// The API operation.
    pub operation: &'static str,
    /// AWS's error code; none where no answer came.
    pub code: Option<String>,
    /// AWS's message, or what the connection said.
    pub message: String,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// Whether the call may have had its effect all the same: no answer came, or a server fault.
    pub ambiguous: bool,
    /// The way out, where there is one.
    pub help: Option<String>,
}

impl AwsError {
    /// An answer that cannot be understood, so that the call may have had its effect.
    #[must_use]
    pub fn unread(operation: &'static str, message: String) -> Self {
        Self { address: None, operation, code: None, message, request_id: None, ambiguous: true, help: None }
    }
}

impl std::fmt::Display for AwsError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.operation)?;
        match &self.code {
            Some(code) => write!(f, " failed with {code}: {}", self.message)?,
            None => write!(f, " failed: {}", self.message)?,
        }
        if let Some(id) = &self.request_id {
            write!(f, " (request {id})")?;
        }
        Ok(())
    }
}

impl From<AwsError> for Error {
    fn from(error: AwsError) -> Self {
        Error::Aws(Box::new(error))
    }
}

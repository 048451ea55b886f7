//! How AWS says no.

/// An error of AWS: the HTTP status, the code and the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// AWS's code, such as `InvalidParameterException`.
    pub code: String,
    /// AWS's message.
    pub message: String,
}

impl Refusal {
    /// A refusal with all of it.
    pub fn new(status: u16, code: impl Into<String>, message: impl Into<String>) -> Self {
        Self { status, code: code.into(), message: message.into() }
    }

    /// `InvalidParameterException`: what is said is wrong.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidParameterException", message)
    }

    /// `ResourceNotFoundException`: it is not there.
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(400, "ResourceNotFoundException", message)
    }

    /// Any other refusal of what the caller did.
    pub fn of(code: &str, message: impl Into<String>) -> Self {
        Self::new(400, code, message)
    }
}

impl Refusal {
    /// `TooManyRequestsException`: over a quota of calls.
    #[must_use]
    pub fn throttled() -> Self {
        Self::of("TooManyRequestsException", "Rate exceeded")
    }

    /// `ConcurrentModificationException`: another write is under way.
    #[must_use]
    pub fn conflict(what: &str) -> Self {
        let message = format!("Only one request to update {what} can be processed at a time.");
        Self::of("ConcurrentModificationException", message)
    }

    /// `UnknownOperationException`: there is no such operation here.
    #[must_use]
    pub fn unknown(operation: &str) -> Self {
        Self::of("UnknownOperationException", format!("{operation} is not an operation of this sandbox"))
    }
}

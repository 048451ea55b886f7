//! (replaced)

/// An AWS service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Service {
    /// Amazon Cognito user pools.
    UserPools,
    /// Amazon Cognito identity pools.
    IdentityPools,
    /// AWS Lambda.
    Lambda,
    /// AWS STS.
    Sts,
    /// The Resource Groups Tagging API.
    Tagging,
}

impl Service {
    /// The name in a signature's scope.
    #[must_use]
    pub fn signing_name(self) -> &'static str {
        match self {
            Self::UserPools => "cognito-idp",
            Self::IdentityPools => "cognito-identity",
            Self::Lambda => "lambda",
            Self::Sts => "sts",
            Self::Tagging => "tagging",
        }
    }
}

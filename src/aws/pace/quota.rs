//! What AWS allows of each operation in a second: the one table of its default quotas. Categories
//! count per account and region. Most user pool operations are limited in each pool besides.

use serde_json::Value;

use crate::aws::Operation;

/// Calls per second of one operation in one user pool.
pub(super) const PER_POOL: f64 = 5.0;

/// Operations that AWS counts together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Category {
    UserPoolRead,
    UserPoolUpdate,
    UserPoolClientRead,
    UserPoolClientUpdate,
    UserPoolResourceRead,
    UserPoolResourceUpdate,
    FunctionRead,
    FunctionPolicyRead,
    FunctionUpdate,
    /// An operation whose quota is not published, counted by itself.
    Unlisted(&'static str),
    /// What has no quota that a run could meet.
    Unlimited,
}

impl Category {
    /// Calls per second.
    pub(super) fn rate(self) -> f64 {
        match self {
            Category::UserPoolResourceRead => 20.0,
            Category::UserPoolRead
            | Category::UserPoolUpdate
            | Category::UserPoolClientRead
            | Category::UserPoolClientUpdate
            | Category::UserPoolResourceUpdate
            | Category::FunctionPolicyRead
            | Category::FunctionUpdate => 15.0,
            Category::Unlisted(_) => 5.0,
            // A rate all the same, for AWS to slow down should it refuse a call.
            Category::FunctionRead | Category::Unlimited => 100.0,
        }
    }

    /// Whether each operation is limited in each pool besides.
    fn per_pool(self) -> bool {
        matches!(
            self,
            Category::UserPoolClientRead
                | Category::UserPoolClientUpdate
                | Category::UserPoolResourceRead
                | Category::UserPoolResourceUpdate
        )
    }

    fn of(operation: Operation) -> Self {
        use Operation as O;
        match operation {
            O::DescribeUserPool | O::ListUserPools => Category::UserPoolRead,
            O::CreateUserPool | O::UpdateUserPool | O::DeleteUserPool => Category::UserPoolUpdate,
            O::DescribeUserPoolClient | O::ListUserPoolClients => Category::UserPoolClientRead,
            O::CreateUserPoolClient | O::UpdateUserPoolClient | O::DeleteUserPoolClient => {
                Category::UserPoolClientUpdate
            }
            O::GetUserPoolMfaConfig
            | O::DescribeIdentityProvider
            | O::ListIdentityProviders
            | O::DescribeResourceServer
            | O::ListResourceServers
            | O::GetGroup
            | O::ListGroups
            | O::DescribeUserPoolDomain
            | O::GetUICustomization
            | O::DescribeRiskConfiguration
            | O::DescribeManagedLoginBrandingByClient => Category::UserPoolResourceRead,
            O::AddCustomAttributes
            | O::SetUserPoolMfaConfig
            | O::TagResource
            | O::UntagResource
            | O::CreateIdentityProvider
            | O::UpdateIdentityProvider
            | O::DeleteIdentityProvider
            | O::CreateResourceServer
            | O::UpdateResourceServer
            | O::DeleteResourceServer
            | O::CreateGroup
            | O::UpdateGroup
            | O::DeleteGroup
            | O::CreateUserPoolDomain
            | O::UpdateUserPoolDomain
            | O::DeleteUserPoolDomain
            | O::SetUICustomization
            | O::SetRiskConfiguration
            | O::CreateManagedLoginBranding
            | O::UpdateManagedLoginBranding
            | O::DeleteManagedLoginBranding => Category::UserPoolResourceUpdate,
            O::ListUserPoolClientSecrets
            | O::SetLogDeliveryConfiguration
            | O::GetLogDeliveryConfiguration
            | O::CreateTerms
            | O::DescribeTermsByClient
            | O::UpdateTerms
            | O::DeleteTerms
            | O::ListTerms
            | O::CreateUserPoolReplica
            | O::ListUserPoolReplicas
            | O::UpdateUserPoolReplica
            | O::DeleteUserPoolReplica
            | O::CreateIdentityPool
            | O::DescribeIdentityPool
            | O::UpdateIdentityPool
            | O::DeleteIdentityPool
            | O::ListIdentityPools
            | O::GetIdentityPoolRoles
            | O::SetIdentityPoolRoles
            | O::GetPrincipalTagAttributeMap
            | O::SetPrincipalTagAttributeMap
            | O::IdentityPoolsTagResource
            | O::IdentityPoolsUntagResource => Category::Unlisted(operation.name()),
        }
    }
}

/// A call, as far as AWS's limits go. Calls that are equal in this wait in the same queue.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::aws) struct Request {
    pub(super) category: Category,
    operation: &'static str,
    /// What it is about: a pool's id, or a function's name with its service.
    pub(super) subject: Option<String>,
    /// Whether it changes its subject, which AWS allows one call at a time.
    pub(in crate::aws) writes: bool,
}

impl Request {
    /// A call of the user pools or identity pools API.
    pub(in crate::aws) fn of(operation: Operation, body: &Value) -> Self {
        let text = |member: &str| body.get(member).and_then(Value::as_str);
        let by_arn = || text("ResourceArn").and_then(|arn| arn.rsplit('/').next());
        // A domain is read without its pool.
        let subject = text("UserPoolId").or_else(|| text("IdentityPoolId")).or_else(by_arn).or_else(|| text("Domain"));
        Self {
            category: Category::of(operation),
            operation: operation.name(),
            subject: subject.map(str::to_owned),
            writes: !operation.is_read(),
        }
    }

    /// A call of the Lambda API about a function, by its name or ARN.
    pub(in crate::aws) fn of_function(operation: &'static str, function: &str) -> Self {
        let name = match function.split(':').collect::<Vec<_>>().as_slice() {
            ["arn", _, "lambda", _, _, "function", name, ..] => name,
            _ => function,
        };
        let category = match operation {
            "GetFunction" => Category::FunctionRead,
            "GetPolicy" => Category::FunctionPolicyRead,
            _ => Category::FunctionUpdate,
        };
        let writes = category == Category::FunctionUpdate;
        Self { category, operation, subject: Some(format!("function:{name}")), writes }
    }

    /// The tag query.
    pub(in crate::aws) fn tag_query() -> Self {
        let operation = "GetResources";
        Self { category: Category::Unlisted(operation), operation, subject: None, writes: false }
    }

    /// The question who we are.
    pub(in crate::aws) fn identity() -> Self {
        Self { category: Category::Unlimited, operation: "GetCallerIdentity", subject: None, writes: false }
    }

    /// The API's name of the operation.
    pub(in crate::aws) fn operation(&self) -> &'static str {
        self.operation
    }

    /// Whether it may be made again where nobody knows what came of it: not what makes something new,
    /// of which there could be two, and not what takes minutes to send.
    pub(in crate::aws) fn is_repeatable(&self) -> bool {
        !(self.operation.starts_with("Create") || self.operation == "UpdateFunctionCode")
    }

    /// Whether it brings what other calls are made for.
    pub(super) fn is_listing(&self) -> bool {
        self.operation.starts_with("List")
    }

    /// Calls per second of this operation on this subject, where that is limited besides.
    pub(super) fn own_rate(&self) -> Option<f64> {
        (self.category.per_pool() && self.subject.is_some()).then_some(PER_POOL)
    }
}

//! The table of all operations, a line each: its quota and the function that does it. A new kind of
//! thing brings a file below and its lines here.

use serde_json::Value;

use super::Settings;
use super::model::{self, Service};
use super::quota::Category;
use super::refusal::Refusal;
use super::state::State;
use super::wire::Call;
use world::World;

mod branding;
mod client;
mod domain;
#[cfg(test)]
mod fixture;
mod function;
mod group;
mod identity_pool;
mod log_delivery;
mod mfa;
mod page;
mod provider;
mod replica;
mod resource_server;
mod risk;
mod schema;
mod sts;
mod tagging;
mod tags;
mod terms;
mod ui_customization;
mod user;
mod user_pool;
mod world;

/// What was decided where AWS's behaviour is not known for sure, by kind.
pub(super) const UNCONFIRMED: &[(&str, &[&str])] = &[
    ("user pool", user_pool::UNCONFIRMED),
    ("schema", schema::UNCONFIRMED),
    ("multi-factor authentication", mfa::UNCONFIRMED),
    ("tags", tags::UNCONFIRMED),
    ("app client", client::UNCONFIRMED),
    ("resource server", resource_server::UNCONFIRMED),
    ("identity provider", provider::UNCONFIRMED),
    ("domain", domain::UNCONFIRMED),
    ("replica", replica::UNCONFIRMED),
    ("group", group::UNCONFIRMED),
    ("user", user::UNCONFIRMED),
    ("threat protection", risk::UNCONFIRMED),
    ("classic hosted pages", ui_customization::UNCONFIRMED),
    ("managed login", branding::UNCONFIRMED),
    ("log delivery", log_delivery::UNCONFIRMED),
    ("terms", terms::UNCONFIRMED),
    ("identity pool", identity_pool::UNCONFIRMED),
    ("function", function::UNCONFIRMED),
];

/// Does what an operation says: everything, or nothing and says why.
type Function = fn(&mut World<'_>, &Value) -> Result<Value, Refusal>;

struct Operation {
    service: Service,
    name: &'static str,
    category: Option<Category>,
    function: Function,
}

const fn category(name: &'static str, rate: f64, by_pool: bool) -> Category {
    Category { name, rate, by_pool }
}

const POOL_READ: Option<Category> = Some(category("UserPoolRead", 15.0, false));
const POOL_UPDATE: Option<Category> = Some(category("UserPoolUpdate", 15.0, false));
const CLIENT_READ: Option<Category> = Some(category("UserPoolClientRead", 15.0, true));
const CLIENT_UPDATE: Option<Category> = Some(category("UserPoolClientUpdate", 15.0, true));
const RESOURCE_READ: Option<Category> = Some(category("UserPoolResourceRead", 20.0, true));
const RESOURCE_UPDATE: Option<Category> = Some(category("UserPoolResourceUpdate", 15.0, true));
const USER_CREATION: Option<Category> = Some(category("UserCreation", 50.0, false));
const USER_READ: Option<Category> = Some(category("UserRead", 120.0, false));
const USER_UPDATE: Option<Category> = Some(category("UserUpdate", 25.0, false));
const USER_RESOURCE_READ: Option<Category> = Some(category("UserResourceRead", 50.0, false));
const USER_LIST: Option<Category> = Some(category("UserList", 30.0, false));

/// A category of an operation that AWS names none for.
const fn unlisted(name: &'static str) -> Category {
    category(name, 5.0, false)
}

const LAMBDA: Option<Category> = Some(category("control plane", 15.0, false));
const FREE: Option<Category> = None;

macro_rules! operations {
    ($($service:ident { $($name:ident: $category:expr, $function:path;)* })*) => {
        const OPERATIONS: &[Operation] = &[$($(
            Operation {
                service: Service::$service,
                name: stringify!($name),
                category: $category,
                function: $function,
            },
        )*)*];
    };
}

operations! {
    // Pools.
    UserPools {
        CreateUserPool: POOL_UPDATE, user_pool::create;
        DescribeUserPool: POOL_READ, user_pool::describe;
        UpdateUserPool: POOL_UPDATE, user_pool::update;
        DeleteUserPool: POOL_UPDATE, user_pool::delete;
        ListUserPools: POOL_READ, user_pool::list;
        AddCustomAttributes: RESOURCE_UPDATE, schema::add_custom_attributes;
        GetUserPoolMfaConfig: RESOURCE_READ, mfa::get;
        SetUserPoolMfaConfig: RESOURCE_UPDATE, mfa::set;
        TagResource: RESOURCE_UPDATE, tags::tag_resource;
        UntagResource: RESOURCE_UPDATE, tags::untag_resource;
        ListTagsForResource: RESOURCE_READ, tags::list_tags_for_resource;
    }
    // Clients, resource servers.
    UserPools {
        CreateUserPoolClient: CLIENT_UPDATE, client::create;
        DescribeUserPoolClient: CLIENT_READ, client::describe;
        UpdateUserPoolClient: CLIENT_UPDATE, client::update;
        DeleteUserPoolClient: CLIENT_UPDATE, client::delete;
        ListUserPoolClients: CLIENT_READ, client::list;
        AddUserPoolClientSecret: Some(unlisted("AddUserPoolClientSecret")), client::secret::add;
        ListUserPoolClientSecrets: Some(unlisted("ListUserPoolClientSecrets")), client::secret::list;
        DeleteUserPoolClientSecret: Some(unlisted("DeleteUserPoolClientSecret")), client::secret::delete;
        CreateResourceServer: RESOURCE_UPDATE, resource_server::create;
        DescribeResourceServer: RESOURCE_READ, resource_server::describe;
        UpdateResourceServer: RESOURCE_UPDATE, resource_server::update;
        DeleteResourceServer: RESOURCE_UPDATE, resource_server::delete;
        ListResourceServers: RESOURCE_READ, resource_server::list;
    }
    // Providers, domains, replicas, groups, users.
    UserPools {
        CreateIdentityProvider: RESOURCE_UPDATE, provider::create;
        DescribeIdentityProvider: RESOURCE_READ, provider::describe;
        GetIdentityProviderByIdentifier: RESOURCE_READ, provider::by_identifier;
        UpdateIdentityProvider: RESOURCE_UPDATE, provider::update;
        DeleteIdentityProvider: RESOURCE_UPDATE, provider::delete;
        ListIdentityProviders: RESOURCE_READ, provider::list;
        CreateUserPoolDomain: RESOURCE_UPDATE, domain::create;
        DescribeUserPoolDomain: RESOURCE_READ, domain::describe;
        UpdateUserPoolDomain: RESOURCE_UPDATE, domain::update;
        DeleteUserPoolDomain: RESOURCE_UPDATE, domain::delete;
        CreateUserPoolReplica: Some(unlisted("CreateUserPoolReplica")), replica::create;
        ListUserPoolReplicas: Some(unlisted("ListUserPoolReplicas")), replica::list;
        UpdateUserPoolReplica: Some(unlisted("UpdateUserPoolReplica")), replica::update;
        DeleteUserPoolReplica: Some(unlisted("DeleteUserPoolReplica")), replica::delete;
        CreateGroup: RESOURCE_UPDATE, group::create;
        GetGroup: RESOURCE_READ, group::get;
        UpdateGroup: RESOURCE_UPDATE, group::update;
        DeleteGroup: RESOURCE_UPDATE, group::delete;
        ListGroups: RESOURCE_READ, group::list;
        AdminAddUserToGroup: USER_UPDATE, group::add_user;
        AdminRemoveUserFromGroup: USER_UPDATE, group::remove_user;
        AdminListGroupsForUser: USER_RESOURCE_READ, group::of_user;
        ListUsersInGroup: USER_LIST, group::users;
        AdminCreateUser: USER_CREATION, user::create;
        AdminGetUser: USER_READ, user::get;
        AdminDeleteUser: USER_UPDATE, user::delete;
        ListUsers: USER_LIST, user::list;
    }
    // What a pool has of its own, or a client.
    UserPools {
        SetRiskConfiguration: RESOURCE_UPDATE, risk::set;
        DescribeRiskConfiguration: RESOURCE_READ, risk::describe;
        SetUICustomization: RESOURCE_UPDATE, ui_customization::set;
        GetUICustomization: RESOURCE_READ, ui_customization::get;
        CreateManagedLoginBranding: RESOURCE_UPDATE, branding::create;
        DescribeManagedLoginBranding: RESOURCE_READ, branding::describe;
        DescribeManagedLoginBrandingByClient: RESOURCE_READ, branding::describe_by_client;
        UpdateManagedLoginBranding: RESOURCE_UPDATE, branding::update;
        DeleteManagedLoginBranding: RESOURCE_UPDATE, branding::delete;
        SetLogDeliveryConfiguration: Some(unlisted("SetLogDeliveryConfiguration")), log_delivery::set;
        GetLogDeliveryConfiguration: Some(unlisted("GetLogDeliveryConfiguration")), log_delivery::get;
        CreateTerms: Some(unlisted("CreateTerms")), terms::create;
        DescribeTerms: Some(unlisted("DescribeTerms")), terms::describe;
        DescribeTermsByClient: Some(unlisted("DescribeTermsByClient")), terms::describe_by_client;
        UpdateTerms: Some(unlisted("UpdateTerms")), terms::update;
        DeleteTerms: Some(unlisted("DeleteTerms")), terms::delete;
        ListTerms: Some(unlisted("ListTerms")), terms::list;
    }
    // Identity pools.
    IdentityPools {
        CreateIdentityPool: Some(unlisted("CreateIdentityPool")), identity_pool::create_identity_pool;
        DescribeIdentityPool: Some(unlisted("DescribeIdentityPool")), identity_pool::describe_identity_pool;
        UpdateIdentityPool: Some(unlisted("UpdateIdentityPool")), identity_pool::update_identity_pool;
        DeleteIdentityPool: Some(unlisted("DeleteIdentityPool")), identity_pool::delete_identity_pool;
        ListIdentityPools: Some(unlisted("ListIdentityPools")), identity_pool::list_identity_pools;
        GetIdentityPoolRoles: Some(unlisted("GetIdentityPoolRoles")), identity_pool::get_identity_pool_roles;
        SetIdentityPoolRoles: Some(unlisted("SetIdentityPoolRoles")), identity_pool::set_identity_pool_roles;
        GetPrincipalTagAttributeMap: Some(unlisted("GetPrincipalTagAttributeMap")),
            identity_pool::get_principal_tag_attribute_map;
        SetPrincipalTagAttributeMap: Some(unlisted("SetPrincipalTagAttributeMap")),
            identity_pool::set_principal_tag_attribute_map;
        TagResource: Some(category("TagResource", 5.0, false)), identity_pool::tag_resource;
        UntagResource: Some(category("UntagResource", 5.0, false)), identity_pool::untag_resource;
        ListTagsForResource: Some(category("ListTagsForResource", 10.0, false)), identity_pool::list_tags_for_resource;
    }
    // Functions.
    Lambda {
        CreateFunction: LAMBDA, function::create_function;
        GetFunction: Some(category("GetFunction", 100.0, false)), function::get_function;
        GetFunctionConfiguration: LAMBDA, function::get_function_configuration;
        UpdateFunctionCode: LAMBDA, function::update_function_code;
        UpdateFunctionConfiguration: LAMBDA, function::update_function_configuration;
        DeleteFunction: LAMBDA, function::delete_function;
        ListFunctions: LAMBDA, function::list_functions;
        PublishVersion: LAMBDA, function::publish_version;
        ListVersionsByFunction: LAMBDA, function::list_versions_by_function;
        CreateAlias: LAMBDA, function::create_alias;
        GetAlias: LAMBDA, function::get_alias;
        UpdateAlias: LAMBDA, function::update_alias;
        DeleteAlias: LAMBDA, function::delete_alias;
        ListAliases: LAMBDA, function::list_aliases;
        AddPermission: LAMBDA, function::add_permission;
        RemovePermission: LAMBDA, function::remove_permission;
        GetPolicy: Some(category("GetPolicy", 15.0, false)), function::get_policy;
        TagResource: LAMBDA, function::tag_resource;
        UntagResource: LAMBDA, function::untag_resource;
        ListTags: LAMBDA, function::list_tags;
    }
    Sts {
        GetCallerIdentity: FREE, sts::get_caller_identity;
        AssumeRole: FREE, sts::assume_role;
    }
    Tagging {
        GetResources: Some(unlisted("GetResources")), tagging::get_resources;
    }
}

fn find(call: &Call) -> Option<&'static Operation> {
    OPERATIONS.iter().find(|operation| operation.service == call.service && operation.name == call.operation)
}

/// Whether there is an operation of that name.
pub(super) fn is_known(name: &str) -> bool {
    OPERATIONS.iter().any(|operation| operation.name == name)
}

/// The quota that a call counts to.
pub(super) fn category_of(call: &Call) -> Option<Category> {
    find(call)?.category
}

/// Whether an operation changes nothing.
pub(super) fn is_read(operation: &str) -> bool {
    ["Describe", "List", "Get", "AdminGet", "AdminList", "AssumeRole"].iter().any(|verb| operation.starts_with(verb))
}

/// Does what a call says.
pub(super) fn run(state: &mut State, call: &Call, now: f64, settings: &Settings) -> Result<Value, Refusal> {
    let operation = find(call).ok_or_else(|| Refusal::unknown(&call.operation))?;
    if let Some(model) = model::operation(call.service, &call.operation) {
        model
            .check(&call.input)
            .map_err(|violation| Refusal::of(violation.code(call.service), violation.to_string()))?;
    }
    (operation.function)(&mut World { state, call, now, settings }, &call.input)
}

//! The Cognito operations that are called, one line each, and how a body is sent as it is. The SDK
//! does credentials, endpoints, signing and typed errors; the request's and the response's
//! bodies are the API's own JSON, so that what is left out is really left out, and members that
//! neither the SDK nor we know survive a read, merge, write.

use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextMut,
};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use serde_json::Value;

use super::Aws;
use super::error::{Answer, explain};
use super::shape::Shape;
use crate::error::AwsError;

macro_rules! operations {
    ($($client:ident, $sdk:ident { $($operation:ident = $method:ident, $input:ident, $output:ident;)* })*) => {
        /// An operation of the user pools or the identity pools API.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Operation {
            $($(#[doc = concat!("`", stringify!($operation), "`.")] $operation,)*)*
        }

        impl Operation {
            /// The API's name for it.
            #[must_use]
            pub fn name(self) -> &'static str {
                let name = match self { $($(Operation::$operation => stringify!($operation),)*)* };
                // Both APIs have some operations of one name.
                name.strip_prefix("IdentityPools").unwrap_or(name)
            }

            /// What is sent.
            #[must_use]
            pub fn input(self) -> &'static Shape {
                match self { $($(Operation::$operation => {
                    static SHAPE: LazyLock<Shape> =
                        LazyLock::new(|| Shape::of($sdk::operation::$method::$input::deserialize));
                    &SHAPE
                })*)* }
            }

            /// What comes back.
            #[must_use]
            pub fn output(self) -> &'static Shape {
                match self { $($(Operation::$operation => {
                    static SHAPE: LazyLock<Shape> =
                        LazyLock::new(|| Shape::of($sdk::operation::$method::$output::deserialize));
                    &SHAPE
                })*)* }
            }

            /// Sends `body`, once.
            pub(super) async fn send(self, aws: &Aws, body: &Value) -> Answer<Value> {
                let exchange = Exchange::new(body);
                match self { $($(Operation::$operation => {
                    let result = aws.$client
                        .$method()
                        .customize()
                        .interceptor(exchange.clone())
                        .send()
                        .await;
                    match result {
                        Ok(_) => received(self, &exchange),
                        Err(error) => explain(self.name(), &error),
                    }
                })*)* }
            }
        }
    };
}

operations! {
    user_pools, aws_sdk_cognitoidentityprovider {
        CreateUserPool = create_user_pool, CreateUserPoolInput, CreateUserPoolOutput;
        DescribeUserPool = describe_user_pool, DescribeUserPoolInput, DescribeUserPoolOutput;
        UpdateUserPool = update_user_pool, UpdateUserPoolInput, UpdateUserPoolOutput;
        DeleteUserPool = delete_user_pool, DeleteUserPoolInput, DeleteUserPoolOutput;
        ListUserPools = list_user_pools, ListUserPoolsInput, ListUserPoolsOutput;
        AddCustomAttributes = add_custom_attributes, AddCustomAttributesInput, AddCustomAttributesOutput;
        GetUserPoolMfaConfig = get_user_pool_mfa_config, GetUserPoolMfaConfigInput, GetUserPoolMfaConfigOutput;
        SetUserPoolMfaConfig = set_user_pool_mfa_config, SetUserPoolMfaConfigInput, SetUserPoolMfaConfigOutput;
        TagResource = tag_resource, TagResourceInput, TagResourceOutput;
        UntagResource = untag_resource, UntagResourceInput, UntagResourceOutput;
        CreateUserPoolClient = create_user_pool_client, CreateUserPoolClientInput, CreateUserPoolClientOutput;
        DescribeUserPoolClient = describe_user_pool_client, DescribeUserPoolClientInput, DescribeUserPoolClientOutput;
        UpdateUserPoolClient = update_user_pool_client, UpdateUserPoolClientInput, UpdateUserPoolClientOutput;
        DeleteUserPoolClient = delete_user_pool_client, DeleteUserPoolClientInput, DeleteUserPoolClientOutput;
        ListUserPoolClients = list_user_pool_clients, ListUserPoolClientsInput, ListUserPoolClientsOutput;
        ListUserPoolClientSecrets = list_user_pool_client_secrets, ListUserPoolClientSecretsInput, ListUserPoolClientSecretsOutput;
        CreateIdentityProvider = create_identity_provider, CreateIdentityProviderInput, CreateIdentityProviderOutput;
        DescribeIdentityProvider = describe_identity_provider, DescribeIdentityProviderInput, DescribeIdentityProviderOutput;
        UpdateIdentityProvider = update_identity_provider, UpdateIdentityProviderInput, UpdateIdentityProviderOutput;
        DeleteIdentityProvider = delete_identity_provider, DeleteIdentityProviderInput, DeleteIdentityProviderOutput;
        ListIdentityProviders = list_identity_providers, ListIdentityProvidersInput, ListIdentityProvidersOutput;
        CreateResourceServer = create_resource_server, CreateResourceServerInput, CreateResourceServerOutput;
        DescribeResourceServer = describe_resource_server, DescribeResourceServerInput, DescribeResourceServerOutput;
        UpdateResourceServer = update_resource_server, UpdateResourceServerInput, UpdateResourceServerOutput;
        DeleteResourceServer = delete_resource_server, DeleteResourceServerInput, DeleteResourceServerOutput;
        ListResourceServers = list_resource_servers, ListResourceServersInput, ListResourceServersOutput;
        CreateGroup = create_group, CreateGroupInput, CreateGroupOutput;
        GetGroup = get_group, GetGroupInput, GetGroupOutput;
        UpdateGroup = update_group, UpdateGroupInput, UpdateGroupOutput;
        DeleteGroup = delete_group, DeleteGroupInput, DeleteGroupOutput;
        ListGroups = list_groups, ListGroupsInput, ListGroupsOutput;
        CreateUserPoolDomain = create_user_pool_domain, CreateUserPoolDomainInput, CreateUserPoolDomainOutput;
        DescribeUserPoolDomain = describe_user_pool_domain, DescribeUserPoolDomainInput, DescribeUserPoolDomainOutput;
        UpdateUserPoolDomain = update_user_pool_domain, UpdateUserPoolDomainInput, UpdateUserPoolDomainOutput;
        DeleteUserPoolDomain = delete_user_pool_domain, DeleteUserPoolDomainInput, DeleteUserPoolDomainOutput;
        SetUICustomization = set_ui_customization, SetUiCustomizationInput, SetUiCustomizationOutput;
        GetUICustomization = get_ui_customization, GetUiCustomizationInput, GetUiCustomizationOutput;
        SetRiskConfiguration = set_risk_configuration, SetRiskConfigurationInput, SetRiskConfigurationOutput;
        DescribeRiskConfiguration = describe_risk_configuration, DescribeRiskConfigurationInput, DescribeRiskConfigurationOutput;
        SetLogDeliveryConfiguration = set_log_delivery_configuration, SetLogDeliveryConfigurationInput, SetLogDeliveryConfigurationOutput;
        GetLogDeliveryConfiguration = get_log_delivery_configuration, GetLogDeliveryConfigurationInput, GetLogDeliveryConfigurationOutput;
        CreateManagedLoginBranding = create_managed_login_branding, CreateManagedLoginBrandingInput, CreateManagedLoginBrandingOutput;
        DescribeManagedLoginBrandingByClient = describe_managed_login_branding_by_client, DescribeManagedLoginBrandingByClientInput, DescribeManagedLoginBrandingByClientOutput;
        UpdateManagedLoginBranding = update_managed_login_branding, UpdateManagedLoginBrandingInput, UpdateManagedLoginBrandingOutput;
        DeleteManagedLoginBranding = delete_managed_login_branding, DeleteManagedLoginBrandingInput, DeleteManagedLoginBrandingOutput;
        CreateTerms = create_terms, CreateTermsInput, CreateTermsOutput;
        DescribeTermsByClient = describe_terms_by_client, DescribeTermsByClientInput, DescribeTermsByClientOutput;
        UpdateTerms = update_terms, UpdateTermsInput, UpdateTermsOutput;
        DeleteTerms = delete_terms, DeleteTermsInput, DeleteTermsOutput;
        ListTerms = list_terms, ListTermsInput, ListTermsOutput;
        CreateUserPoolReplica = create_user_pool_replica, CreateUserPoolReplicaInput, CreateUserPoolReplicaOutput;
        ListUserPoolReplicas = list_user_pool_replicas, ListUserPoolReplicasInput, ListUserPoolReplicasOutput;
        UpdateUserPoolReplica = update_user_pool_replica, UpdateUserPoolReplicaInput, UpdateUserPoolReplicaOutput;
        DeleteUserPoolReplica = delete_user_pool_replica, DeleteUserPoolReplicaInput, DeleteUserPoolReplicaOutput;
    }
    identity_pools, aws_sdk_cognitoidentity {
        CreateIdentityPool = create_identity_pool, CreateIdentityPoolInput, CreateIdentityPoolOutput;
        DescribeIdentityPool = describe_identity_pool, DescribeIdentityPoolInput, DescribeIdentityPoolOutput;
        UpdateIdentityPool = update_identity_pool, UpdateIdentityPoolInput, UpdateIdentityPoolOutput;
        DeleteIdentityPool = delete_identity_pool, DeleteIdentityPoolInput, DeleteIdentityPoolOutput;
        ListIdentityPools = list_identity_pools, ListIdentityPoolsInput, ListIdentityPoolsOutput;
        GetIdentityPoolRoles = get_identity_pool_roles, GetIdentityPoolRolesInput, GetIdentityPoolRolesOutput;
        SetIdentityPoolRoles = set_identity_pool_roles, SetIdentityPoolRolesInput, SetIdentityPoolRolesOutput;
        GetPrincipalTagAttributeMap = get_principal_tag_attribute_map, GetPrincipalTagAttributeMapInput, GetPrincipalTagAttributeMapOutput;
        SetPrincipalTagAttributeMap = set_principal_tag_attribute_map, SetPrincipalTagAttributeMapInput, SetPrincipalTagAttributeMapOutput;
        IdentityPoolsTagResource = tag_resource, TagResourceInput, TagResourceOutput;
        IdentityPoolsUntagResource = untag_resource, UntagResourceInput, UntagResourceOutput;
    }
}

impl Operation {
    /// Whether it only reads.
    #[must_use]
    pub fn is_read(self) -> bool {
        super::error::is_read(self.name())
    }
}

/// The answer as it came. One to a read that holds nothing says nothing of what is there.
fn received(operation: Operation, exchange: &Exchange) -> Answer<Value> {
    let (body, request_id) = (exchange.received(), exchange.request_id());
    if operation.is_read() && !body.is_object() {
        let message = "the answer is no JSON object".to_owned();
        return Answer::Failure(AwsError {
            request_id,
            ambiguous: false,
            ..AwsError::unread(operation.name(), message)
        });
    }
    Answer::Success(body, request_id)
}

/// One call's bodies: puts ours in place of the SDK's before the request is signed, and keeps the
/// response's as it came. `Debug` shows neither, since both may hold secrets.
#[derive(Clone)]
struct Exchange(Arc<Bodies>);

struct Bodies {
    request: Vec<u8>,
    response: Mutex<(Value, Option<String>)>,
}

impl std::fmt::Debug for Exchange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Exchange")
    }
}

impl Exchange {
    fn new(body: &Value) -> Self {
        Self(Arc::new(Bodies { request: body.to_string().into_bytes(), response: Mutex::default() }))
    }

    fn received(&self) -> Value {
        self.0.response.lock().unwrap_or_else(PoisonError::into_inner).0.clone()
    }

    fn request_id(&self) -> Option<String> {
        self.0.response.lock().unwrap_or_else(PoisonError::into_inner).1.clone()
    }
}

#[aws_smithy_runtime_api::client::interceptors::dyn_dispatch_hint]
impl Intercept for Exchange {
    fn name(&self) -> &'static str {
        "Exchange"
    }

    fn modify_before_signing(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request_mut();
        *request.body_mut() = SdkBody::from(self.0.request.clone());
        request.headers_mut().insert("content-length", self.0.request.len().to_string());
        Ok(())
    }

    // Before this the body may not have been read off the wire.
    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let response = context.response();
        let body = response.body().bytes().and_then(|bytes| serde_json::from_slice(bytes).ok());
        let id = response.headers().get("x-amzn-requestid").map(str::to_owned);
        *self.0.response.lock().unwrap_or_else(PoisonError::into_inner) = (body.unwrap_or_default(), id);
        Ok(())
    }
}

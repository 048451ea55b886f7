//! One stack with all kinds, and references between them: what the tests of faults are about.

/// The stack file. Its function's code is [`CODE`], beside it.
pub(crate) const STACK: &str = r#"
stack: all-kinds
tags: {team: identity}
functions:
  confirm: {runtime: python3.13, handler: index.handler, code: ./confirm, role: "arn:aws:iam::123456789012:role/confirm", environment: {KEY: value}}
userPools:
  customers:
    usernameAttributes: [email]
    autoVerifiedAttributes: [email]
    schema:
      - {name: email, required: true, mutable: true}
      - {name: custom:plan, attributeDataType: String, mutable: true, stringAttributeConstraints: {minLength: 1, maxLength: 20}}
    mfaConfiguration: OPTIONAL
    softwareTokenMfaConfiguration: {enabled: true}
    triggers: {preSignUp: "${functions.confirm.arn}"}
    domains:
      all-kinds-login: {managedLoginVersion: 1}
      login.example.com: {customDomainConfig: {certificateArn: "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000"}, managedLoginVersion: 2}
    identityProviders:
      Google:
        providerDetails: {client_id: google-id, client_secret: google-secret, authorize_scopes: profile email openid}
        attributeMapping: {email: email}
      Corp: {providerType: SAML, providerDetails: {MetadataURL: "https://saml.example.com/metadata"}, attributeMapping: {email: mail}}
    resourceServers:
      https://orders.example.com: {name: Orders, scopes: [{scopeName: read, scopeDescription: Read orders}, {scopeName: write, scopeDescription: Write orders}]}
    groups:
      admins: {description: Admins, precedence: 0, roleArn: "arn:aws:iam::123456789012:role/admins"}
      readers: {precedence: 10}
    clients:
      web:
        allowedOAuthFlowsUserPoolClient: true
        allowedOAuthFlows: [code]
        allowedOAuthScopes: [openid, email, https://orders.example.com/read]
        callbackUrls: [https://shop.example.com/]
        supportedIdentityProviders: [COGNITO, Google, Corp]
      worker:
        generateSecret: true
        allowedOAuthFlowsUserPoolClient: true
        allowedOAuthFlows: [client_credentials]
        allowedOAuthScopes: [https://orders.example.com/write]
identityPools:
  app:
    cognitoIdentityProviders:
      - {providerName: "${userPools.customers.providerName}", clientId: "${userPools.customers.clients.web.id}"}
    roles: {authenticated: "arn:aws:iam::123456789012:role/authenticated"}
    roleMappings:
      "${userPools.customers.providerName}:${userPools.customers.clients.web.id}": {type: Token, ambiguousRoleResolution: Deny}
    principalTags:
      "${userPools.customers.providerName}": {useDefaults: false, principalTags: {department: department}}
outputs:
  clientId: ${userPools.customers.clients.web.id}
"#;

/// The code of the stack's function.
pub(crate) const CODE: (&str, &str) = ("confirm/index.py", "def handler(event, context):\n    return event\n");

/// What is there when it is applied.
pub(crate) const INVENTORY: &[&str] = &[
    "function all-kinds-confirm",
    "function all-kinds-confirm statement",
    "identity pool all-kinds-app",
    "pool all-kinds-customers",
    "pool all-kinds-customers client web",
    "pool all-kinds-customers client worker",
    "pool all-kinds-customers domain all-kinds-login",
    "pool all-kinds-customers domain login.example.com",
    "pool all-kinds-customers group admins",
    "pool all-kinds-customers group readers",
    "pool all-kinds-customers provider Corp",
    "pool all-kinds-customers provider Google",
    "pool all-kinds-customers resource server https://orders.example.com",
];

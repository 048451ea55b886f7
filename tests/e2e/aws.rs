//! Looks at what the emulator holds, and changes it behind the binary's back. Only plain HTTP: what
//! poolkeeper believes to have done is checked by something that does not share its code.

use serde_json::{Value, json};

use crate::http::Message;

/// A client of one emulator, past the proxy.
pub(crate) struct Aws {
    port: u16,
    account: String,
}

/// An error of the API: its code.
#[derive(Debug)]
pub(crate) struct Refusal(pub(crate) String);

impl Aws {
    pub(crate) fn new(port: u16) -> Self {
        Self { port, account: "test".to_owned() }
    }

    /// An operation of user pools.
    pub(crate) fn idp(&self, operation: &str, body: &Value) -> Value {
        self.try_idp(operation, body).unwrap_or_else(|refusal| panic!("{operation} {body}: {refusal:?}"))
    }

    /// An operation of user pools that may be refused.
    pub(crate) fn try_idp(&self, operation: &str, body: &Value) -> Result<Value, Refusal> {
        self.json("cognito-idp", &format!("AWSCognitoIdentityProviderService.{operation}"), body)
    }

    /// An operation of identity pools.
    pub(crate) fn identity(&self, operation: &str, body: &Value) -> Value {
        self.json("cognito-identity", &format!("AWSCognitoIdentityService.{operation}"), body)
            .unwrap_or_else(|refusal| panic!("{operation} {body}: {refusal:?}"))
    }

    /// A GET of the Lambda API; null where there is no such thing.
    pub(crate) fn lambda(&self, path: &str) -> Value {
        let request = Message::request("GET", path, &[("authorization", &self.authorization("lambda"))], b"");
        let answer = request.exchange(self.port).expect("the emulator answers");
        if answer.status() == 404 {
            return Value::Null;
        }
        assert_eq!(answer.status(), 200, "GET {path}");
        serde_json::from_slice(&answer.body).expect("JSON")
    }

    /// The names of all functions.
    pub(crate) fn function_names(&self) -> Vec<String> {
        texts(&self.lambda("/2015-03-31/functions/")["Functions"], "FunctionName")
    }

    fn json(&self, service: &str, target: &str, body: &Value) -> Result<Value, Refusal> {
        let headers = [
            ("x-amz-target", target),
            ("content-type", "application/x-amz-json-1.1"),
            ("authorization", &self.authorization(service)),
        ];
        let request = Message::request("POST", "/", &headers, body.to_string().as_bytes());
        let answer = request.exchange(self.port).expect("the emulator answers");
        let value: Value = serde_json::from_slice(&answer.body).unwrap_or(Value::Null);
        if answer.status() == 200 {
            return Ok(value);
        }
        Err(Refusal(value["__type"].as_str().unwrap_or_default().to_owned()))
    }

    fn authorization(&self, service: &str) -> String {
        let scope = format!("{}/20260101/us-east-1/{service}/aws4_request", self.account);
        format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=0")
    }

    // What tests ask for again and again.

    /// The ids of the user pools with this name.
    pub(crate) fn pool_ids(&self, name: &str) -> Vec<String> {
        let pools = self.idp("ListUserPools", &json!({"MaxResults": 60}));
        let named = pools["UserPools"].as_array().into_iter().flatten().filter(|pool| pool["Name"] == name);
        named.filter_map(|pool| Some(pool["Id"].as_str()?.to_owned())).collect()
    }

    /// The id of the only user pool with this name.
    pub(crate) fn pool_id(&self, name: &str) -> String {
        let ids = self.pool_ids(name);
        assert_eq!(ids.len(), 1, "pools named {name}");
        ids[0].clone()
    }

    /// A pool in full.
    pub(crate) fn pool(&self, id: &str) -> Value {
        self.idp("DescribeUserPool", &json!({"UserPoolId": id}))["UserPool"].take()
    }

    /// Sets members of a pool as a person would: everything is sent, a few members changed.
    pub(crate) fn change_pool(&self, id: &str, changes: &Value) {
        let mut body = self.pool(id);
        let members = body.as_object_mut().expect("a pool");
        for read_only in [
            "Id",
            "Name",
            "Arn",
            "CreationDate",
            "LastModifiedDate",
            "EstimatedNumberOfUsers",
            "SchemaAttributes",
            "Domain",
            "CustomDomain",
            "AliasAttributes",
            "UsernameAttributes",
        ] {
            members.remove(read_only);
        }
        members.insert("UserPoolId".to_owned(), json!(id));
        members.extend(changes.as_object().expect("members").clone());
        self.idp("UpdateUserPool", &body);
    }

    /// The names of a pool's clients, sorted.
    pub(crate) fn client_names(&self, pool: &str) -> Vec<String> {
        let clients = self.idp("ListUserPoolClients", &json!({"UserPoolId": pool, "MaxResults": 60}));
        let mut names = texts(&clients["UserPoolClients"], "ClientName");
        names.sort();
        names
    }

    /// A client in full, by name.
    pub(crate) fn client(&self, pool: &str, name: &str) -> Value {
        let clients = self.idp("ListUserPoolClients", &json!({"UserPoolId": pool, "MaxResults": 60}));
        let clients = clients["UserPoolClients"].as_array().cloned().unwrap_or_default();
        let found: Vec<_> = clients.iter().filter(|client| client["ClientName"] == name).collect();
        assert_eq!(found.len(), 1, "clients named {name}");
        let ask = json!({"UserPoolId": pool, "ClientId": found[0]["ClientId"]});
        self.idp("DescribeUserPoolClient", &ask)["UserPoolClient"].take()
    }

    /// Sets members of a client, everything else sent as it is.
    pub(crate) fn change_client(&self, pool: &str, name: &str, changes: &Value) {
        let mut body = self.client(pool, name);
        let members = body.as_object_mut().expect("a client");
        for read_only in ["ClientSecret", "CreationDate", "LastModifiedDate"] {
            members.remove(read_only);
        }
        members.extend(changes.as_object().expect("members").clone());
        self.idp("UpdateUserPoolClient", &body);
    }

    /// A provider in full.
    pub(crate) fn provider(&self, pool: &str, name: &str) -> Value {
        self.idp("DescribeIdentityProvider", &json!({"UserPoolId": pool, "ProviderName": name}))["IdentityProvider"]
            .take()
    }

    /// The ids of the identity pools with this name.
    pub(crate) fn identity_pool_ids(&self, name: &str) -> Vec<String> {
        let pools = self.identity("ListIdentityPools", &json!({"MaxResults": 60}));
        let pools = pools["IdentityPools"].as_array().cloned().unwrap_or_default();
        let named = pools.iter().filter(|pool| pool["IdentityPoolName"] == name);
        named.filter_map(|pool| Some(pool["IdentityPoolId"].as_str()?.to_owned())).collect()
    }
}

/// One member of each item of a list.
pub(crate) fn texts(list: &Value, member: &str) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(|item| Some(item[member].as_str()?.to_owned())).collect()
}

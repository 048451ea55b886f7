//! The sandbox in place of the network: the SDK's requests go to it inside the process, signed with
//! credentials that are good for nothing else.

use aws_sdk_sts::config::Credentials;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;

use crate::sandbox::wire::{Request, Response};
use crate::sandbox::{Reply, Sandbox};

/// An HTTP client that reaches nothing but this sandbox.
pub(super) fn client(sandbox: &Sandbox) -> SharedHttpClient {
    let connector = SharedHttpConnector::new(Connector(sandbox.clone()));
    http_client_fn(move |_, _| connector.clone())
}

/// Credentials of an account in a sandbox.
pub(super) fn credentials(account: &str) -> Credentials {
    Credentials::new(format!("AKIA{account}"), "sandbox", None, None, "sandbox")
}

#[derive(Debug)]
struct Connector(Sandbox);

impl HttpConnector for Connector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let sandbox = self.0.clone();
        HttpConnectorFuture::new(async move {
            match sandbox.answer(received(&request)).await {
                Reply::Answer(response) => sent(response),
                Reply::Cut => Err(ConnectorError::io("the connection was closed before an answer came".into())),
            }
        })
    }
}

fn received(request: &HttpRequest) -> Request {
    let uri = request.uri();
    let path = uri.split_once("://").map_or(uri, |(_, rest)| rest.find('/').map_or("/", |at| &rest[at..]));
    let headers = request.headers().iter().map(|(name, value)| (name.to_lowercase(), value.to_owned()));
    Request {
        method: request.method().to_owned(),
        path: path.to_owned(),
        headers: headers.collect(),
        body: request.body().bytes().unwrap_or_default().to_vec(),
    }
}

fn sent(response: Response) -> Result<HttpResponse, ConnectorError> {
    let status = response.status.try_into().map_err(|error| ConnectorError::other(Box::new(error), None))?;
    let mut answer = HttpResponse::new(status, SdkBody::from(response.body));
    for (name, value) in response.headers {
        answer.headers_mut().append(name, value);
    }
    Ok(answer)
}

//! Where the service does something else than AWS's model says, or where a value must not be shown
//! though the model does not call it sensitive.

use super::Service;
use super::shape::Shape;

/// A shape that is not as the model has it.
pub(super) struct Exception {
    service: Service,
    pub(super) shape: &'static str,
    pub(super) change: Change,
}

/// What is put in the place of the model's facts.
pub(super) enum Change {
    NoPattern,
    Sensitive,
}

impl Change {
    pub(super) fn apply(&self, shape: &mut Shape) {
        match self {
            Change::NoPattern => shape.pattern = None,
            Change::Sensitive => shape.sensitive = true,
        }
    }
}

/// The exceptions of a service.
pub(super) fn of(service: Service) -> impl Iterator<Item = &'static Exception> {
    EXCEPTIONS.iter().filter(move |exception| exception.service == service)
}

pub(super) const EXCEPTIONS: [Exception; 3] = [
    // The model's pattern has no dots, and a custom domain is a host name. The service looks at the
    // characters itself and has its own words for it; the length is judged as the model says.
    Exception { service: Service::UserPools, shape: "DomainType", change: Change::NoPattern },
    // Client secrets and private keys stand among a provider's details.
    Exception { service: Service::UserPools, shape: "ProviderDetailsType", change: Change::Sensitive },
    // Twitter's login provider is its key and its secret.
    Exception { service: Service::IdentityPools, shape: "IdentityProviderId", change: Change::Sensitive },
];

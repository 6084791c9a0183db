//! The line to a server elsewhere: how it is made, and why no answer came over it.

mod silence;

use std::sync::Arc;

use ureq::Agent;
use ureq::config::ConfigBuilder;
use ureq::tls::{RootCerts, TlsConfig, TlsProvider};
use ureq::typestate::AgentScope;

pub use silence::{Silence, Unreachable};

/// What all lines have in common: rustls with aws-lc, the roots that the operating system trusts (so that a company's own
/// certificate authority works as everywhere else), the proxy of the environment; no status is an error, and no redirect
/// is followed. Time limits are the caller's to add.
pub fn config() -> ConfigBuilder<AgentScope> {
    let tls = TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build();
    Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .tls_config(tls)
}

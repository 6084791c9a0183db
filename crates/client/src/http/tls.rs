//! Encrypted connections: rustls with aws-lc, and the roots that the operating system trusts, so that a company's own
//! certificate authority works as everywhere else.

use std::sync::Arc;

use ureq::tls::{RootCerts, TlsConfig, TlsProvider};

pub(super) fn config() -> TlsConfig {
    TlsConfig::builder()
        .provider(TlsProvider::Rustls)
        .root_certs(RootCerts::PlatformVerifier)
        .unversioned_rustls_crypto_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .build()
}

//! What the server's certificate must prove, and what it means when it does not.

use std::io;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{VerifierBuilderError, WebPkiServerVerifier};
use rustls::crypto::CryptoProvider;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};

/// What of the server's certificate must be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Nothing: the line is encrypted, to whoever answers (`sslmode` `prefer` and `require`).
    Nothing,
    /// It is of an authority that is trusted (`verify-ca`).
    Authority,
    /// It is also for this host's name (`verify-full`).
    Name,
}

/// What looks for that proof, among the authorities that are trusted.
pub(super) fn verifier(
    proof: Proof,
    roots: RootCertStore,
    provider: &Arc<CryptoProvider>,
) -> Result<Arc<dyn ServerCertVerifier>, VerifierBuilderError> {
    let inner = match proof {
        Proof::Nothing => None,
        Proof::Authority | Proof::Name => {
            let roots = Arc::new(roots);
            let provider = Arc::clone(provider);
            Some(WebPkiServerVerifier::builder_with_provider(roots, provider).build()?)
        }
    };
    Ok(match inner {
        Some(inner) if proof == Proof::Name => inner,
        inner => Arc::new(Lenient {
            inner,
            provider: Arc::clone(provider),
        }),
    })
}

/// Does not mind the name, or even, without an inner one, the authority. Then the handshake's
/// signature proves nothing either, and a certificate too old to be read is as good as any.
#[derive(Debug)]
struct Lenient {
    inner: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Lenient {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let Some(inner) = &self.inner else {
            return Ok(ServerCertVerified::assertion());
        };
        match inner.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now) {
            Err(Error::InvalidCertificate(
                CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
            )) => Ok(ServerCertVerified::assertion()),
            judged => judged,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let unproven = || Ok(HandshakeSignatureValid::assertion());
        let inner = self.inner.as_ref();
        inner.map_or_else(unproven, |inner| {
            inner.verify_tls12_signature(message, cert, dss)
        })
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let unproven = || Ok(HandshakeSignatureValid::assertion());
        let inner = self.inner.as_ref();
        inner.map_or_else(unproven, |inner| {
            inner.verify_tls13_signature(message, cert, dss)
        })
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}

/// A failed handshake in a sentence for whoever set up the server or wrote its address.
pub(super) fn explained(error: io::Error) -> io::Error {
    let cause = error.get_ref().and_then(|cause| cause.downcast_ref());
    let Some(Error::InvalidCertificate(fault)) = cause else {
        return error;
    };
    let why = match fault {
        CertificateError::UnknownIssuer => {
            "no authority that is trusted (sslrootcert) signed the server's certificate".to_owned()
        }
        CertificateError::BadSignature => {
            "the server's certificate names an authority that is trusted (sslrootcert), \
             but is signed with another key"
                .to_owned()
        }
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            "the server's certificate, or that of its authority, has expired".to_owned()
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            "the server's certificate, or that of its authority, is not valid yet".to_owned()
        }
        CertificateError::NotValidForNameContext {
            expected,
            presented,
        } => {
            let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            let names = match names.as_slice() {
                [] => "no name (what counts is subjectAltName)".to_owned(),
                names => names.join(", "),
            };
            let host = expected.to_str();
            format!("the server's certificate is not for {host}: it is for {names}")
        }
        // What the library has no word of its own for comes as the text of another one.
        CertificateError::Other(other) => match other.to_string() {
            text if text.contains("CaUsedAsEndEntity") => {
                "the server shows an authority's certificate; let the authority sign one for it"
                    .to_owned()
            }
            text if text.contains("UnsupportedCertVersion") => {
                "the server's certificate is of X.509 version 1, which proves no name; \
                 it must be one of version 3"
                    .to_owned()
            }
            _ => return error,
        },
        _ => return error,
    };
    io::Error::new(error.kind(), why)
}

/// The name of `DnsName("name")`.
fn bare(presented: &str) -> &str {
    presented.split('"').nth(1).unwrap_or(presented)
}

//! TLS to the database: rustls, with libpq's `sslmode`s.

use std::io;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, Error, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio_postgres::tls::{ChannelBinding, MakeTlsConnect, TlsConnect};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::address::{AddressError, MACHINE};
use super::proof::{self, Proof};

/// What PostgreSQL's protocol is called within TLS. Servers from 17 on insist on it where TLS
/// comes first (`sslnegotiation=direct`).
const PROTOCOL: &[u8] = b"postgresql";

/// The name for who has none, such as a socket in a folder: one that is sent to nobody.
const NAMELESS: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

/// The files that take part.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    pub(super) roots: Option<String>,
    pub(super) certificate: Option<String>,
    pub(super) key: Option<String>,
}

/// Encrypts connections.
#[derive(Clone)]
pub(super) struct Tls {
    config: Arc<ClientConfig>,
    proof: Proof,
}

impl Tls {
    pub(super) fn new(proof: Proof, files: &Files) -> Result<Self, AddressError> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let roots = match proof {
            Proof::Nothing => RootCertStore::empty(),
            Proof::Authority | Proof::Name => roots(files.roots.as_deref())?,
        };
        let verifier = proof::verifier(proof, roots, &provider)
            .map_err(|e| AddressError::Tls(e.to_string()))?;
        let fault = |e: Error| AddressError::Tls(e.to_string());
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(fault)?
            .dangerous()
            .with_custom_certificate_verifier(verifier);
        let mut config = match (&files.certificate, &files.key) {
            (Some(certificate), Some(key)) => {
                let chain = certificates(certificate)?;
                let key = PrivateKeyDer::from_pem_file(key).map_err(|e| {
                    AddressError::Tls(format!(
                        "sslkey {key}: no private key in PEM, without a password: {e}"
                    ))
                })?;
                config.with_client_auth_cert(chain, key).map_err(fault)?
            }
            (None, None) => config.with_no_client_auth(),
            _ => return Err(AddressError::Tls("sslcert and sslkey go together".into())),
        };
        config.alpn_protocols = vec![PROTOCOL.to_vec()];
        Ok(Self {
            config: Arc::new(config),
            proof,
        })
    }
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Tls")
    }
}

fn certificates(path: &str) -> Result<Vec<CertificateDer<'static>>, AddressError> {
    let fault = |e| AddressError::Tls(format!("{path}: {e}"));
    let found = CertificateDer::pem_file_iter(Path::new(path)).map_err(fault)?;
    let found: Vec<_> = found.collect::<Result<_, _>>().map_err(fault)?;
    if found.is_empty() {
        let why = format!("{path}: there is no certificate in it, in PEM");
        return Err(AddressError::Tls(why));
    }
    Ok(found)
}

/// The authorities of a file, or of this machine.
fn roots(path: Option<&str>) -> Result<RootCertStore, AddressError> {
    let mut roots = RootCertStore::empty();
    let found = match path {
        Some(path) if path != MACHINE => certificates(path)?,
        _ => rustls_native_certs::load_native_certs().certs,
    };
    roots.add_parsable_certificates(found);
    if roots.is_empty() {
        return Err(AddressError::Tls(
            "there is no authority to trust; name a file with sslrootcert".into(),
        ));
    }
    Ok(roots)
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> MakeTlsConnect<S> for Tls {
    type Stream = Encrypted<S>;
    type TlsConnect = Connect;
    type Error = io::Error;

    fn make_tls_connect(&mut self, host: &str) -> io::Result<Connect> {
        // A socket in a folder, which is never encrypted, comes this way too.
        let host = match ServerName::try_from(host.to_owned()) {
            Ok(name) => name,
            Err(_) if self.proof != Proof::Name || host.is_empty() => NAMELESS.into(),
            Err(e) => return Err(io::Error::new(io::ErrorKind::InvalidInput, e)),
        };
        Ok(Connect {
            connector: TlsConnector::from(Arc::clone(&self.config)),
            host,
        })
    }
}

/// Encrypts one connection.
pub(super) struct Connect {
    connector: TlsConnector,
    host: ServerName<'static>,
}

impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> TlsConnect<S> for Connect {
    type Stream = Encrypted<S>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Encrypted<S>>> + Send>>;

    fn connect(self, stream: S) -> Self::Future {
        let connecting = self.connector.connect(self.host, stream);
        Box::pin(async move { connecting.await.map(Encrypted).map_err(proof::explained) })
    }
}

/// An encrypted connection. It is not bound to passwords: `channel_binding=require` is refused.
pub(super) struct Encrypted<S>(TlsStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> tokio_postgres::tls::TlsStream for Encrypted<S> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for Encrypted<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_read(context, into)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Encrypted<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(context)
    }
}

//! Whom we trust: a server with a certificate of its own is reached only when that certificate was given.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, PublicKeyX509Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use url::Url;

use crate::github::error::ErrorKind;
use crate::github::testing::Fake;

#[tokio::test]
async fn a_server_is_trusted_by_the_certificates_that_were_given() {
    let (certificate, key) = self_signed();
    let body = STANDARD.encode(&certificate);
    let pem = format!("-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n");
    let port = serve_app(certificate, key);
    let fake = Fake::start(|_| None).await;
    let mut options = fake.options();
    options.api_url = Url::parse(&format!("https://localhost:{port}")).unwrap();
    let stranger = fake.github_with(options.clone()).app_identity().await.unwrap_err();
    assert!(matches!(stranger.kind, ErrorKind::Unreachable { .. }));
    assert!(stranger.to_string().contains("UnknownIssuer"), "{stranger}");
    options.extra_ca_pem = Some(pem);
    assert_eq!(fake.github_with(options).app_identity().await.unwrap().slug, "over-tls");
}

/// Serves `GET /app` over TLS, one connection after the other, until the test ends.
fn serve_app(certificate: Vec<u8>, key: Vec<u8>) -> u16 {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from(certificate)],
            PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key)),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("localhost:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, socket.unwrap());
            let mut request = [0; 8192];
            if stream.read(&mut request).is_ok_and(|read| request[..read].starts_with(b"GET /app ")) {
                let body = r#"{"id":1,"slug":"over-tls"}"#;
                let head =
                    format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
                stream.write_all(format!("{head}{body}").as_bytes()).unwrap();
                stream.conn.send_close_notify();
                stream.flush().unwrap();
            }
        }
    });
    port
}

/// A certificate for `localhost` that signs itself, and its key; both DER.
fn self_signed() -> (Vec<u8>, Vec<u8>) {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_ASN1_SIGNING).unwrap();
    let public: PublicKeyX509Der<'_> = pair.public_key().as_der().unwrap();
    let algorithm = der(0x30, &[&[0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]]);
    let common_name = der(0x30, &[&[0x06, 0x03, 0x55, 0x04, 0x03], &der(0x0c, &[b"localhost"])]);
    let name = der(0x30, &[&der(0x31, &[&common_name])]);
    let validity = der(0x30, &[&der(0x17, &[b"200101000000Z"]), &der(0x18, &[b"21200101000000Z"])]);
    let alternative = der(0x04, &[&der(0x30, &[&der(0x82, &[b"localhost"])])]);
    let extension = der(0x30, &[&[0x06, 0x03, 0x55, 0x1d, 0x11], &alternative]);
    let extensions = der(0xa3, &[&der(0x30, &[&extension])]);
    let (version, serial): (&[u8], &[u8]) = (&[0xa0, 0x03, 0x02, 0x01, 0x02], &[0x02, 0x01, 0x01]);
    let parts = [version, serial, &algorithm, &name, &validity, &name, public.as_ref(), &extensions];
    let to_be_signed = der(0x30, &parts);
    let signature = pair.sign(&SystemRandom::new(), &to_be_signed).unwrap();
    let certificate = der(0x30, &[&to_be_signed, &algorithm, &der(0x03, &[&[0], signature.as_ref()])]);
    let key = pair.to_pkcs8v1().unwrap();
    (certificate, key.as_ref().to_vec())
}

/// One DER value: tag, length, content.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let length = content.len();
    let mut value = vec![tag];
    match length {
        0..=127 => value.push(length as u8),
        128..=255 => value.extend([0x81, length as u8]),
        _ => value.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    value.extend(content);
    value
}

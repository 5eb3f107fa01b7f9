//! Keys as people paste them, and every wrong thing that is pasted instead.

use aws_lc_rs::rsa::KeySize;
use proptest::prelude::*;

use super::*;

/// A fresh RSA key as PKCS#8 PEM.
pub(crate) fn fresh_key() -> String {
    pem("PRIVATE KEY", &fresh_der())
}

fn fresh_der() -> Vec<u8> {
    let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
    let der: Pkcs8V1Der<'_> = key.as_der().unwrap();
    der.as_ref().to_vec()
}

/// PKCS#1 is what the last octet string of an RSA PKCS#8 document holds; for 2048 bits that begins at byte 26.
fn pkcs1(pkcs8: &[u8]) -> String {
    pem("RSA PRIVATE KEY", &pkcs8[26..])
}

fn read(text: &str) -> Result<Vec<PrivateKey>, String> {
    private_keys(&SecretString::from(text))
}

#[test]
fn pkcs8_and_pkcs1_of_one_key_are_the_same_key() {
    let der = fresh_der();
    let eight = read(&pem("PRIVATE KEY", &der)).unwrap();
    let one = read(&pkcs1(&der)).unwrap();
    assert_eq!(eight[0].der.expose_secret(), one[0].der.expose_secret());
    assert_eq!(eight[0].der.expose_secret(), &der);
    assert!(one[0].pem.expose_secret().starts_with("-----BEGIN RSA PRIVATE KEY-----\n"));
}

#[test]
fn line_ends_may_be_written_lost_or_of_another_system() {
    let key = fresh_key();
    for spelling in [
        key.replace('\n', "\\n"),
        key.replace('\n', "\\r\\n"),
        key.replace('\n', "\r\n"),
        key.replace('\n', " "),
        format!("\n  {key}\n\n"),
    ] {
        let keys = read(&spelling).unwrap_or_else(|why| panic!("{why}: {spelling}"));
        assert_eq!(keys[0].pem.expose_secret(), key);
    }
}

#[test]
fn two_blocks_are_new_and_old() {
    let (new, old) = (fresh_key(), fresh_key());
    let keys = read(&format!("{new}{old}")).unwrap();
    let pems: Vec<&str> = keys.iter().map(|key| key.pem.expose_secret()).collect();
    assert_eq!(pems, [new.as_str(), old.as_str()]);
    assert!(read(&new.repeat(3)).err().unwrap().starts_with("has 3 keys"));
}

#[test]
fn every_wrong_thing_is_named() {
    let key = fresh_key();
    let table = [
        ("hello".to_owned(), "is not PEM text"),
        ("/etc/millwright/app.pem".to_owned(), "looks like a file name"),
        (STANDARD.encode(&key), "is base64 of a PEM file"),
        ("ssh-rsa AAAA me@host".to_owned(), "is an SSH public key"),
        (key.replace("PRIVATE", "PUBLIC"), "is a public key"),
        (key.replace("PRIVATE", "ENCRYPTED PRIVATE"), "is locked with a passphrase"),
        (key.replacen('\n', "\nProc-Type: 4,ENCRYPTED\n", 1), "is locked with a passphrase"),
        (key.replace("PRIVATE KEY", "CERTIFICATE"), "is a certificate"),
        (key.replace("PRIVATE", "OPENSSH PRIVATE"), "is an SSH key"),
        (key.replace("PRIVATE", "EC PRIVATE"), "is an elliptic curve key"),
        (key.replace("PRIVATE KEY", "PARTY"), "is a PEM block of another kind"),
        (key.replace("-----END", ""), "has no END line"),
        (key.replace("END PRIVATE", "END PUBLIC"), "has an END line that does not fit"),
        ("-----BEGIN PRIVATE KEY".to_owned(), "has a BEGIN line that is cut off"),
        (key.replacen("MII", "M!!", 1), "is broken"),
        (pem("PRIVATE KEY", b"not a key at all"), "is not an RSA private key"),
        (pem("RSA PRIVATE KEY", &fresh_der()), "is not an RSA private key"),
    ];
    for (text, expected) in table {
        let message = read(&text).err().unwrap_or_else(|| panic!("accepted: {expected}"));
        assert!(message.starts_with(expected), "{message}\nexpected: {expected}");
        assert!(!message.contains('\n'));
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_panic(text in any::<String>(), label in "[A-Z ]{0,12}") {
        let _ = read(&text);
        let message = read(&format!("-----BEGIN {label}-----{text}-----END {label}-----")).err().unwrap_or_default();
        prop_assert!(text.len() < 12 || !message.contains(&text));
    }
}

//! The App's private key: PEM text as people paste it, checked before the first request needs it.

use std::fmt::Write as _;

use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::KeyPair;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretSlice, SecretString};

/// One RSA private key that can sign.
#[derive(Clone)]
pub struct PrivateKey {
    /// The key as PEM, PKCS#1 or PKCS#8 as it was given, with clean line ends.
    pub pem: SecretString,
    /// The same key as PKCS#8 DER, whatever form it was given in: what other keys are derived from.
    pub der: SecretSlice<u8>,
}

/// Reads one key, or two (new, old) during a rotation. Line ends may be real, written as `\n`, or lost.
///
/// # Errors
/// One sentence on what the text is instead of a key, or how it is broken; never any of the text.
pub fn private_keys(text: &SecretString) -> Result<Vec<PrivateKey>, String> {
    let text = SecretString::from(text.expose_secret().replace("\\r", "").replace("\\n", "\n"));
    let blocks = blocks(text.expose_secret())?;
    match blocks.len() {
        0 => Err(not_pem(text.expose_secret())),
        1 | 2 => blocks.iter().map(private_key).collect(),
        n => Err(format!(
            "has {n} keys; it takes one, or two (the new one, then the old one) during a rotation"
        )),
    }
}

struct Block<'t> {
    label: &'t str,
    body: &'t str,
}

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";
const GET_ONE: &str =
    "generate a private key on the settings page of the GitHub App and use the .pem file it downloads";

fn blocks(text: &str) -> Result<Vec<Block<'_>>, String> {
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once(BEGIN) {
        let (label, after) =
            after.split_once(DASHES).ok_or("has a BEGIN line that is cut off; paste the whole .pem file")?;
        let (body, after) = after
            .split_once(END)
            .ok_or("has no END line: the text was cut off; paste the whole .pem file")?;
        if !after.starts_with(label) {
            return Err(
                "has an END line that does not fit its BEGIN line; paste the whole .pem file".to_owned()
            );
        }
        blocks.push(Block { label, body });
        rest = after;
    }
    Ok(blocks)
}

fn not_pem(text: &str) -> String {
    let text = text.trim();
    if text.starts_with("ssh-") {
        return format!("is an SSH public key; {GET_ONE}");
    }
    if text.starts_with("LS0tLS1CRUdJTi") {
        return "is base64 of a PEM file; decode it first, or name the file in GITHUB_APP_PRIVATE_KEY_PATH"
            .to_owned();
    }
    if text.len() < 300 && (text.ends_with(".pem") || text.starts_with(['/', '.', '~'])) {
        return "looks like a file name; name the file in GITHUB_APP_PRIVATE_KEY_PATH instead".to_owned();
    }
    format!("is not PEM text (it has no `-----BEGIN … PRIVATE KEY-----` line); {GET_ONE}")
}

fn private_key(block: &Block<'_>) -> Result<PrivateKey, String> {
    if block.body.contains("ENCRYPTED") {
        return Err(encrypted());
    }
    let base64: String = block.body.chars().filter(|c| !c.is_whitespace()).collect();
    let decoded = || {
        let broken =
            "is broken: what stands between its BEGIN and END lines is not base64; paste the whole .pem file";
        STANDARD.decode(&base64).map_err(|_| broken.to_owned())
    };
    let (der, key) = match block.label {
        "RSA PRIVATE KEY" => {
            let der = decoded()?;
            let key = KeyPair::from_der(&der);
            (der, key)
        }
        "PRIVATE KEY" => {
            let der = decoded()?;
            let key = KeyPair::from_pkcs8(&der);
            (der, key)
        }
        "ENCRYPTED PRIVATE KEY" => return Err(encrypted()),
        label if label.ends_with("PUBLIC KEY") => {
            return Err(format!("is a public key; the private one is needed: {GET_ONE}"));
        }
        "CERTIFICATE" => return Err(format!("is a certificate, not a key; {GET_ONE}")),
        "OPENSSH PRIVATE KEY" => return Err(format!("is an SSH key; {GET_ONE}")),
        "EC PRIVATE KEY" => {
            return Err(format!("is an elliptic curve key, and GitHub Apps use RSA; {GET_ONE}"));
        }
        _ => return Err(format!("is a PEM block of another kind than a private key; {GET_ONE}")),
    };
    let key = key.map_err(|_| {
        format!(
            "is not an RSA private key of at least 2048 bits, or was damaged while it was copied; {GET_ONE}"
        )
    })?;
    let pkcs8: Pkcs8V1Der<'_> =
        key.as_der().map_err(|_| format!("cannot be used as an RSA key; {GET_ONE}"))?;
    Ok(PrivateKey {
        pem: SecretString::from(pem(block.label, &der)),
        der: SecretSlice::from(pkcs8.as_ref().to_vec()),
    })
}

fn encrypted() -> String {
    format!("is locked with a passphrase, which GitHub's own keys are not; {GET_ONE}")
}

fn pem(label: &str, der: &[u8]) -> String {
    let mut pem = format!("{BEGIN}{label}{DASHES}\n");
    let base64 = STANDARD.encode(der);
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        // Writing to a String cannot fail.
        let _ = writeln!(pem, "{line}");
        rest = after;
    }
    let _ = writeln!(pem, "{END}{label}{DASHES}");
    pem
}

#[cfg(test)]
pub(crate) mod tests;

//! What we sign is found again; what anybody else writes is not.

use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

use super::{Marker, Signer, fingerprint};
use crate::domain::ids::{EffectKey, RepoId};

const REPO: RepoId = RepoId(42);

fn signer() -> Signer {
    Signer::derive(&[b"master"], "markers")
}

fn plan() -> Marker {
    Marker::new("plan", EffectKey("plan/42/7/comment-99".into())).with("rev", 2).with("sha256", "ab12")
}

#[test]
fn a_marker_is_written_in_order() {
    let text = signer().sign(REPO, &plan()).unwrap();
    let (fields, signature) = text.split_once(" sig=").unwrap();
    assert_eq!(fields, "<!-- millwright:v1 kind=plan key=plan/42/7/comment-99 rev=2 sha256=ab12");
    assert_eq!(signature.len(), 64 + " -->".len());
}

#[test]
fn ours_is_found_and_the_last_one_counts() {
    let signer = signer();
    let first = signer.sign(REPO, &plan()).unwrap();
    let second = signer.sign(REPO, &plan().with("rev", 3)).unwrap();
    let found =
        signer.find(REPO, &format!("{first}\ntext {second}\n<!-- millwright:v1 kind=plan key=x sig=00 -->"));
    assert_eq!(found.as_ref().and_then(|marker| marker.get("rev")), Some("3"));
    assert_eq!(signer.find(REPO, "<!-- millwright:v1 <!-- millwright:v1 "), None);
}

#[test]
fn copies_into_other_repositories_and_other_keys_are_refused() {
    let text = signer().sign(REPO, &plan()).unwrap();
    assert_eq!(signer().find(RepoId(43), &text), None);
    assert_eq!(Signer::derive(&[b"other"], "markers").find(REPO, &text), None);
    assert_eq!(Signer::derive(&[b"master"], "cookies").find(REPO, &text), None);
    assert_eq!(Signer::derive(&[], "markers").find(REPO, &text), None);
    assert_eq!(Signer::derive(&[], "markers").sign(REPO, &plan()), None);
}

#[test]
fn an_exchanged_key_still_verifies() {
    let old = signer().sign(REPO, &plan()).unwrap();
    let both = Signer::derive(&[b"new", b"master"], "markers");
    assert_eq!(both.find(REPO, &old), Some(plan()));
    let new = both.sign(REPO, &plan()).unwrap();
    assert_ne!(new, old);
    assert_eq!(Signer::derive(&[b"new"], "markers").find(REPO, &new), Some(plan()));
}

#[test]
fn field_names_cannot_collide() {
    let marker = plan().with("sig", "x").with("kind", "y").with("a b", "z").with("", "w");
    assert_eq!(marker, plan());
}

#[test]
fn fingerprints_see_words_only() {
    let text = "**Plan**\n\nbody";
    let marked = format!("{text}  \r\n\n{}\n", signer().sign(REPO, &plan()).unwrap());
    assert_eq!(fingerprint(&marked), fingerprint(text));
    assert_ne!(fingerprint("**Plan**\n\nbody."), fingerprint(text));
    assert_eq!(fingerprint("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

proptest! {
    #[test]
    fn any_value_survives(kind in any::<String>(), key in any::<String>(), values in prop::collection::btree_map("[a-z0-9_]{1,6}", any::<String>(), 0..4)) {
        let marker = values.iter().fold(Marker::new(kind, EffectKey(key)), |marker, (name, value)| marker.with(name, value));
        let text = signer().sign(REPO, &marker).unwrap();
        prop_assert_eq!(text.matches("--").count(), 2, "{}", text);
        prop_assert_eq!(text.matches('>').count(), 1);
        prop_assert!(text.bytes().all(|b| b.is_ascii_graphic() || b == b' '));
        prop_assert_eq!(signer().find(REPO, &format!("before\n{text}\nafter")), Some(marker));
    }

    #[test]
    fn an_edited_marker_is_refused(at in any::<prop::sample::Index>(), with in "[ -~]") {
        let text = signer().sign(REPO, &plan()).unwrap();
        let at = at.index(text.len() - 1);
        let edited = format!("{}{with}{}", &text[..at], &text[at + 1..]);
        if edited.to_lowercase() != text {
            prop_assert_eq!(signer().find(REPO, &edited), None, "{}", edited);
        }
    }

    #[test]
    fn no_text_is_a_marker(text in any::<String>()) {
        prop_assert_eq!(signer().find(REPO, &format!("<!-- millwright:v1 {text} -->")), None);
        fingerprint(&text);
    }
}

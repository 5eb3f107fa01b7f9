//! What somebody would like to do, in the sentence before the one that shows the option for it.

use crate::domain::plan::clause;
use crate::domain::plan::frames::{Claim, Findings, Scene};
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

use super::FRAME;

/// `` `ferry list --out crates.txt` would be great``: shows it, and does not say what comes of it.
static SHOWN: Pattern = Pattern::new(
    r"^\W*(?:something like |so |a |an |maybe |e\.g\. )*`([^`]+)`,? (?:would|could|might) be (?:very |really |so |super )*(?:nice|great|good|lovely|useful|helpful|awesome|handy|cool|ideal|perfect)\W*$",
);
/// `A `--deck` (`-d`) flag would be nice: …`: names it.
static NAMED: Pattern = Pattern::new(
    r"^\W*(?:so |maybe )*(?:an? |the |some |another )?(?:new )?`(--?[\w-]+)`(?: \(`-\w`\))?(?: (?:flag|option|switch|argument|parameter))?,? (?:would|could|might) be (?:very |really |so |super )*(?:nice|great|good|lovely|useful|helpful|awesome|handy|cool|ideal|perfect)\b",
);
/// `I would like to write the crates to a file, because …`.
static LIKE: Pattern = Pattern::new(
    r"^\W*(?:(?:i|we)(?:['’]d| would) (?:really |also )?(?:like|love)|(?:i|we) (?:want|need)) to (?:be able to )?([a-z]+) ([^.]{2,110}?)(?:,? (?:because|since|so that|as i|as we)\b.*|, (?:as|like|just) .*)?[.!]*$",
);

/// The wish is what the option that is shown behind it does.
pub(super) fn join(scene: &Scene<'_>, findings: &mut Findings) {
    let demands = &scene.reading.demands;
    for (at, pair) in demands.windows(2).enumerate() {
        let [wish, shown] = pair else { continue };
        let claimed = findings.claims.get(at + 1).and_then(Option::as_ref);
        let Some(claim) = claimed.filter(|claim| claim.frame == FRAME.name) else { continue };
        let typed = || SHOWN.first(&shown.text, 1).map(words::code);
        let named = NAMED.first(&shown.text, 1).map(|flag| format!("with {}", words::code(flag)));
        let (Some(under), Some(liked)) = (named.or_else(typed), LIKE.captures(&wish.text)) else { continue };
        let (group, places) = (claim.group.clone(), claim.places.clone());
        if !findings.is_open(at) {
            continue;
        }
        let part = |group: usize| liked.get(group).map_or("", |it| it.as_str());
        let cases = vec![format!("{under}: {} {}", clause::agrees("it", part(1)), part(2).trim())];
        findings.claim(at, Claim { frame: FRAME.name, group, kind: "feature", cases, places });
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::tests::world::{cases, issue, planned, repository};

    #[test]
    fn what_one_would_like_is_what_the_option_shown_behind_it_does() {
        let main =
            "use clap::Parser;\n#[derive(Parser)]\nstruct Args {\n    #[arg(long)]\n    all: bool,\n}\n";
        let tree = repository(
            "acme/ferry",
            "5a1ad00",
            &[("src/main.rs", main), ("Cargo.toml", "[package]\nname = \"ferry\"\n")],
        );
        let body = "I would like to write the crates to a file, because my shell spoils them. `ferry list --out crates.txt` would be great.";
        let plan = planned(&issue(5, "Add --out FILE to list", body), &tree);
        assert_eq!(cases(&plan)[0], "`ferry list --out crates.txt`: writes the crates to a file", "{plan:?}");
        assert!(
            plan.requirements
                .iter()
                .all(|one| one.places.first().is_some_and(|place| place.path == "src/main.rs"))
        );
    }
}

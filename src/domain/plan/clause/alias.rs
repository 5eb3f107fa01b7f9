//! Names that are to be taken for others: `accept str and int as aliases of text and integer`.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::words;

static ALIASES: Pattern = Pattern::new(
    r"^(?:please )?(?:accept|allow|support|add|take|treat|recogni[sz]e|introduce) (.{1,80}?) as (?:an? |the )?(?:alias(?:es)?|synonyms?|shorthands?|short forms?|abbreviations?|short names?) (?:of|for|to) (.{1,80})$",
);
static BETWEEN: Pattern = Pattern::new(r"\s*(?:,? and |,? or |,|/|&)\s*");

/// `` `a.1` where it should be `1.a` ``: which of the two is right.
static SHOULD_BE: Pattern = Pattern::new(
    r"^(?:.*\b(?:for (?:example|instance)|e\.g\.|such as|like)[,:]? )?(`[^`]{2,60}`),? (?:where|when|though|although|while|but) it (?:should|must|ought to) (?:be|read|say) (`[^`]{2,60}`)$",
);

/// A case for each new name, and one for the old ones; nothing where they are not as many as the others, or one for all.
/// Of a wrong name beside the right one, one case each.
pub fn alias(text: &str) -> Option<Vec<String>> {
    let spelled = SHOULD_BE.captures(text);
    if let Some((wrong, right)) = spelled.and_then(|found| Some((found.get(1)?, found.get(2)?))) {
        return Some(vec![format!("{}: told as wrong", wrong.as_str()), format!("{}: not", right.as_str())]);
    }
    let found = ALIASES.captures(text)?;
    let parts = |group: usize| -> Vec<String> {
        let marked = BETWEEN.replace(found.get(group).map_or("", |it| it.as_str()), |_| "\n".to_owned());
        marked.split('\n').map(|name| name.trim_matches(['`', '"', '\'', ' ']).to_owned()).collect()
    };
    let (new, old) = (parts(1), parts(2));
    let points = ["it", "this", "that", "them", "these", "those", "both"];
    let plain = |name: &String| {
        !name.is_empty() && !name.contains(' ') && !points.contains(&name.to_lowercase().as_str())
    };
    if !new.iter().chain(&old).all(plain) || new.len() != old.len() && old.len() != 1 {
        return None;
    }
    let of = |at: usize| old.get(at).or(old.first()).map_or("", String::as_str);
    let each = new.iter().enumerate();
    let mut out: Vec<String> =
        each.map(|(at, name)| format!("{}: what {} does", words::code(name), words::code(of(at)))).collect();
    out.push(format!("{}: as before", words::list(&words::codes(&old))));
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::alias;

    #[test]
    fn each_new_name_is_a_case_and_the_old_ones_stay() {
        let told = alias("Accept kg and `m` as aliases of kilogram and `meter`").unwrap();
        assert_eq!(
            told,
            ["`kg`: what `kilogram` does", "`m`: what `meter` does", "`kilogram` and `meter`: as before"]
        );
        assert_eq!(alias("Allow ls as an alias for list").unwrap().len(), 2);
        assert_eq!(
            alias("For example `mast.7.md` where it should be `7.mast.md`").unwrap(),
            ["`mast.7.md`: told as wrong", "`7.mast.md`: not"]
        );
        assert!(alias("Accept a, b and c as aliases of d and e").is_none());
        assert!(alias("Treat them as synonyms of errors").is_none());
        assert!(alias("Accept the short form of it as an alias").is_none());
    }
}

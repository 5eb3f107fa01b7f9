//! What is said in another tongue: the words before the verb and the code behind it.

use crate::domain::plan::pattern::Pattern;

/// `un montant de 3 est écrit `3.00``: what stands before the verb and the code behind it, in the tongues that are told apart.
pub(super) fn abroad(text: &str) -> Option<String> {
    let found = ABROAD.captures(text)?;
    Some(super::joined(Some(found.get(1)?.as_str().trim()), found.get(2)?.as_str()))
}

static ABROAD: Pattern = Pattern::new(
    r"(?:^|[,;:] )((?:une?|les?|la|el|los|las|der|die|das|eine?|il|lo|gli|os|as|uma?) [^,;:`]{3,60}?) (?:est|sont|sera|seront|wird|werden|ist|sind|será|serán|è|sono|sarà|é|são) (?:[^\s`]+ ){0,2}(`[^`]+`)\W*$",
);

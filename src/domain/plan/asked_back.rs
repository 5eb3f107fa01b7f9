//! What a maintainer asked, where nobody has answered: until that is settled the plan says what it does without.

use crate::domain::plan::asks;
use crate::domain::plan::frames::{Findings, Scene};
use crate::domain::plan::model::Question;
use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::statement::Statement;
use crate::domain::plan::words;

/// A question that is a proposal.
static SUGGESTS: Pattern = Pattern::new(
    r"^\W*(?:i|we) (?:think|believe|guess|suppose)\b[^?]*\b(?:should|could)\b|^\W*(?:so |then )?(?:maybe|perhaps|how about|what about|could we|can we|should we|shouldn['’]?t we|why not|would it (?:make sense|be (?:better|enough)) to)\b",
);

/// Says why it is as it is.
static OBJECTS: Pattern = Pattern::new(
    r"\b(?:this|that|which) is (?:exactly )?why (?:it|this|that|we)\b|\b(?:is|are) not supported\b|\bnot possible\b|\b(?:can['’]?t|cannot) (?:be )?(?:support|do|work)",
);

/// Does whoever asks say beside it why it is not done?
fn objects(scene: &Scene<'_>, asked: &Statement) -> bool {
    let mut own = scene.reading.talk.iter().filter(|said| said.by == asked.by);
    own.any(|said| OBJECTS.is_in(&said.text) && !asks::is_question(&said.text))
}

/// What who may triage has asked, and the author has not come back to: the last of it.
pub fn ask(scene: &Scene<'_>, findings: &mut Findings) {
    let Some(said) = scene.reading.unanswered.as_ref().filter(|_| scene.reading.declined.is_none()) else {
        return;
    };
    let who = said.by.as_deref().unwrap_or("a maintainer");
    findings.ask(
        scene,
        &format!("what {who} asks"),
        Question::new(
            format!("unanswered.{}", words::bare(&words::shorten(&said.text, 60))),
            format!("{who} asks: {}", words::quoted(&words::shorten(&said.text, 140))),
            match () {
                () if objects(scene, said) => "nothing is built before that is agreed".to_owned(),
                () if SUGGESTS.is_in(&said.text) => format!("yes, as {who} suggests"),
                () => format!("planned without it, as {} has not answered", scene.brief.author),
            },
            94,
        ),
    );
}

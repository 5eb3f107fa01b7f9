//! Reactions to issues and comments; GitHub sends no webhook for them.

use super::ReactionTarget;
use crate::sandbox::model::Reaction;
use crate::sandbox::refusal::Refusal;
use crate::sandbox::state::{Actor, State};

/// The eight reactions.
pub const REACTIONS: &[&str] = &["+1", "-1", "laugh", "confused", "heart", "hooray", "rocket", "eyes"];

/// A reaction, and whether this request made it.
pub struct Reacted {
    /// The reaction.
    pub reaction: Reaction,
    /// False when the same account had reacted like this before.
    pub new: bool,
}

impl State {
    /// Reacts; the same reaction of the same account exists once.
    pub fn react(&mut self, by: &Actor, target: ReactionTarget, content: &str) -> Result<Reacted, Refusal> {
        if !REACTIONS.contains(&content) {
            return Err(Refusal::invalid("Reaction", "content", "invalid"));
        }
        let id = self.fresh_id("reaction");
        let created_ms = self.now();
        let reactions = self.reactions_mut(target)?;
        let same = |reaction: &&Reaction| reaction.user == by.login && reaction.content == content;
        if let Some(reaction) = reactions.iter().find(same) {
            return Ok(Reacted { reaction: reaction.clone(), new: false });
        }
        let reaction = Reaction { id, content: content.to_owned(), user: by.login.clone(), created_ms };
        reactions.push(reaction.clone());
        self.reaction_changed(target);
        Ok(Reacted { reaction, new: true })
    }

    /// Takes a reaction back; only its owner may.
    pub fn remove_reaction(&mut self, by: &Actor, target: ReactionTarget, id: i64) -> Result<(), Refusal> {
        let reactions = self.reactions_mut(target)?;
        let found = reactions.iter().position(|reaction| reaction.id == id);
        let position = found.ok_or_else(Refusal::not_found)?;
        if reactions.get(position).is_some_and(|reaction| reaction.user != by.login) {
            return Err(Refusal::new(403, "Only the author of a reaction can remove it."));
        }
        reactions.remove(position);
        self.reaction_changed(target);
        Ok(())
    }

    fn reaction_changed(&mut self, target: ReactionTarget) {
        match target {
            ReactionTarget::Issue(id) => self.touch(id),
            ReactionTarget::Comment(id) => self.comment_changed(id),
        }
    }
}

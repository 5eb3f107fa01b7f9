//! Reactions: the receipts under comments and issues.

use http::Method;
use serde::{Deserialize, Serialize};

use crate::domain::event::{Person, person};
use crate::domain::ids::{CommentId, IssueNumber};
use crate::github::error::ApiResult;
use crate::github::repo::{RepoClient, if_there};
use crate::github::request::Effort;

/// What GitHub offers to react with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reaction {
    /// 👍
    #[serde(rename = "+1")]
    ThumbsUp,
    /// 👎
    #[serde(rename = "-1")]
    ThumbsDown,
    /// 😄
    Laugh,
    /// 😕
    Confused,
    /// ❤️
    Heart,
    /// 🎉
    Hooray,
    /// 🚀
    Rocket,
    /// 👀
    Eyes,
}

/// What a reaction is put under.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReactTo {
    /// A comment on an issue or pull request.
    Comment(CommentId),
    /// The issue or pull request itself.
    Issue(IssueNumber),
}

/// A reaction of ours, GitHub's database id; needed to take it away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ReactionId(pub i64);

/// Pages of reactions that are read.
const REACTION_PAGES: usize = 5;

impl RepoClient {
    /// Reacts; GitHub gives back the reaction that is already there. Source: `POST …/reactions`.
    ///
    /// # Errors
    /// `NotFound` when the comment or issue is gone.
    pub async fn add_reaction(&self, to: ReactTo, reaction: Reaction) -> ApiResult<ReactionId> {
        #[derive(Serialize)]
        struct Body {
            content: Reaction,
        }
        #[derive(Deserialize)]
        struct Created {
            id: ReactionId,
        }
        let subject = subject(to);
        let segments = [subject.as_slice(), &["reactions".to_owned()]].concat();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let request = self.write(Method::POST, &segments)?.effort(Effort::Receipt);
        let request = request.json(&Body { content: reaction })?;
        self.call(&request).await.map(|Created { id }| id)
    }

    /// Whether this account has reacted to a comment, whatever with; looked for among the first 500 reactions.
    /// Source: `GET …/comments/{comment_id}/reactions`.
    ///
    /// # Errors
    /// `NotFound` when the comment is gone.
    pub async fn reacted(&self, comment: CommentId, login: &str) -> ApiResult<bool> {
        #[derive(Deserialize)]
        struct Given {
            #[serde(default, deserialize_with = "person")]
            user: Option<Person>,
        }
        let request = self.get(&["issues", "comments", &comment.to_string(), "reactions"])?;
        let listed = self.list::<Given>(request, REACTION_PAGES).await?.items;
        let mut people = listed.into_iter().filter_map(|given| given.user);
        Ok(people.any(|user| user.login.eq_ignore_ascii_case(login)))
    }

    /// Takes a reaction away; one that is gone already is fine. Source: `DELETE …/reactions/{reaction_id}`.
    ///
    /// # Errors
    /// As any write.
    pub async fn remove_reaction(&self, from: ReactTo, reaction: ReactionId) -> ApiResult {
        let id = reaction.0.to_string();
        let segments = [subject(from).as_slice(), &["reactions".to_owned(), id]].concat();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let request = self.write(Method::DELETE, &segments)?.effort(Effort::Receipt);
        if_there(self.done(&request).await).map(|_| ())
    }
}

fn subject(of: ReactTo) -> Vec<String> {
    match of {
        ReactTo::Comment(id) => vec!["issues".to_owned(), "comments".to_owned(), id.to_string()],
        ReactTo::Issue(number) => vec!["issues".to_owned(), number.to_string()],
    }
}

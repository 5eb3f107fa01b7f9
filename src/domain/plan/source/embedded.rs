//! A permalink on a line of its own, which GitHub shows as the code itself: the sentence above it goes on below.

use crate::domain::plan::pattern::Pattern;
use crate::domain::plan::source::{Form, Piece};

static ADDRESS: Pattern = Pattern::new(r"^<?https?://\S+>?$");
static ENDED: Pattern = Pattern::new(r"[.?!:;…][)\]\x22'”’*_]*$");

/// The pieces, those joined that an address on its own line parts; what stands between them is told by `…`.
pub(super) fn joined(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut out: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match out.as_slice() {
            [.., before, address] if goes_on(before, address, &piece) => {
                let address = out.pop();
                if let Some(before) = out.last_mut() {
                    before.text = format!("{} … {}", before.text, piece.text);
                    before.links.extend(address.into_iter().flat_map(|address| address.links));
                    before.links.extend(piece.links);
                }
            }
            _ => out.push(piece),
        }
    }
    out
}

fn goes_on(before: &Piece, address: &Piece, piece: &Piece) -> bool {
    let together = |one: &Piece| one.form == Form::Sentence && one.section == piece.section;
    together(before)
        && together(address)
        && piece.form == Form::Sentence
        && ADDRESS.is_in(&address.text)
        && !ADDRESS.is_in(&before.text)
        && !ENDED.is_in(&before.text)
        && piece.text.chars().next().is_some_and(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use crate::domain::plan::source::read;

    fn texts(body: &str) -> Vec<String> {
        read(body).pieces.into_iter().map(|piece| piece.text).collect()
    }

    #[test]
    fn a_sentence_goes_on_below_the_code_that_it_shows() {
        let link = "https://github.com/acme/web/blob/1a2b3c4d5e/src/limits.rs#L4-L5";
        let body = format!("It works.\n\nBut the two limits\n\n{link}\n\nshould come from the settings.\n");
        let pieces = read(&body).pieces;
        let all = ["It works.", "But the two limits … should come from the settings."];
        assert_eq!(pieces.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>(), all);
        assert_eq!(pieces[1].links[0].path, "src/limits.rs");
        assert_eq!(pieces[1].line, 3);
        for (above, below) in
            [("It stands here:", "should come"), ("the limits", "They should come"), ("Done.", "and more")]
        {
            assert_eq!(texts(&format!("{above}\n\n{link}\n\n{below}\n")).len(), 3, "{above} {below}");
        }
    }
}

//! In which language an issue is written, by its small words and its script.

use crate::domain::plan::pattern::Pattern;

/// One language's small words, none of which is English.
struct Tongue {
    name: &'static str,
    words: &'static [&'static str],
}

static TONGUES: &[Tongue] = &[
    Tongue {
        name: "German",
        words: &[
            "der", "das", "und", "ist", "nicht", "ein", "eine", "wenn", "mit", "auf", "wird", "soll", "bei",
            "den", "zu", "sich", "auch", "werden", "muss", "ich",
        ],
    },
    Tongue {
        name: "French",
        words: &[
            "le", "les", "des", "est", "une", "dans", "pour", "pas", "que", "avec", "sur", "doit", "être",
            "lorsque", "nous", "et", "du", "je", "il",
        ],
    },
    Tongue {
        name: "Spanish",
        words: &[
            "el", "los", "las", "una", "para", "con", "que", "cuando", "debe", "por", "del", "como", "pero",
            "es", "se", "al", "y",
        ],
    },
    Tongue {
        name: "Portuguese",
        words: &[
            "os", "uma", "para", "com", "que", "quando", "deve", "não", "dos", "em", "mais", "isso", "ao",
            "são", "é",
        ],
    },
    Tongue {
        name: "Italian",
        words: &[
            "il", "gli", "una", "per", "con", "che", "quando", "deve", "non", "della", "sono", "nel", "più",
            "anche", "è", "di",
        ],
    },
    Tongue {
        name: "Dutch",
        words: &[
            "het", "een", "en", "niet", "wanneer", "moet", "voor", "met", "zijn", "van", "als", "wordt",
            "ook", "dat", "kan", "naar",
        ],
    },
    Tongue {
        name: "Polish",
        words: &[
            "jest", "nie", "się", "na", "gdy", "że", "oraz", "przez", "powinien", "jak", "dla", "lub", "czy",
            "być",
        ],
    },
];

const ENGLISH: &[&str] = &[
    "the", "and", "is", "are", "to", "of", "that", "this", "it", "with", "for", "not", "when", "should",
    "be", "an", "we", "you", "would", "if", "have", "has", "from", "must",
];

/// How many small words it takes to tell, and where no English one stands beside them.
const ENOUGH: usize = 4;
const ALONE: usize = 3;

/// The language, where it is not English; nothing where too little is said to tell.
pub fn foreign(text: &str) -> Option<&'static str> {
    let mut fenced = false;
    let prose: String = text
        .chars()
        .take(20_000)
        .collect::<String>()
        .lines()
        .filter(|line| {
            let fence = line.trim_start().starts_with("```");
            fenced ^= fence;
            !fence && !fenced
        })
        .collect::<Vec<_>>()
        .join("\n");
    if let Some(name) = script(&prose) {
        return Some(name);
    }
    let lower = prose.to_lowercase();
    // Paths, addresses and the frames of a trace are no prose, whatever their parts spell.
    let bare = |word: &str| word.trim_matches(|c: char| !c.is_alphanumeric()).len();
    let parts = lower.split_whitespace().filter(|word| !CODE.is_in(word) && bare(word) > 0);
    let words: Vec<&str> = parts
        .flat_map(|part| part.split(|c: char| !c.is_alphabetic()))
        .filter(|word| !word.is_empty())
        .collect();
    let count = |list: &[&str]| words.iter().filter(|word| list.contains(word)).count();
    let best =
        TONGUES.iter().map(|tongue| (count(tongue.words), tongue.name)).max_by_key(|(count, _)| *count)?;
    let english = count(ENGLISH);
    let enough = if english == 0 { ALONE } else { ENOUGH };
    (best.0 >= enough && best.0 > 2 * english).then_some(best.1)
}

static CODE: Pattern = Pattern::new(r"[/\\(){}<>=_@]|\d|\w[.:]\w");

/// A language that a script alone gives away.
fn script(prose: &str) -> Option<&'static str> {
    let letters = prose.chars().filter(|c| c.is_alphabetic()).count();
    let within = |ranges: &[(u32, u32)]| {
        prose
            .chars()
            .filter(|c| ranges.iter().any(|(low, high)| (*low..=*high).contains(&u32::from(*c))))
            .count()
    };
    let kana = within(&[(0x3040, 0x30FF)]);
    let scripts = [
        ("Japanese", if kana > 0 { kana + within(&[(0x4E00, 0x9FFF)]) } else { 0 }),
        ("Chinese", within(&[(0x4E00, 0x9FFF)])),
        ("Korean", within(&[(0xAC00, 0xD7AF)])),
        ("Cyrillic", within(&[(0x0400, 0x04FF)])),
        ("Arabic", within(&[(0x0600, 0x06FF)])),
        ("Hebrew", within(&[(0x0590, 0x05FF)])),
        ("Greek", within(&[(0x0370, 0x03FF)])),
    ];
    scripts.into_iter().find(|(_, count)| *count > 8 && *count * 3 > letters).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_words_and_scripts_tell_the_language() {
        for (text, expected) in [
            (
                "Der Export ist nicht lesbar, wenn die Datei leer ist und auf dem Server liegt.",
                Some("German"),
            ),
            ("Le bouton doit être caché lorsque la liste est vide pour les invités.", Some("French")),
            ("ボタンを押すと画面が真っ白になります。再現手順は以下の通りです。", Some("Japanese")),
            ("当列表为空时，应该返回四百零四错误，而不是空白页面。", Some("Chinese")),
            ("При пустом списке сервер должен отвечать ошибкой.", Some("Cyrillic")),
            ("The export is empty when the list is.", None),
            ("`src/a.rs` 404", None),
            ("```\nder die das und ist nicht\n```\nThe log is above.", None),
        ] {
            assert_eq!(foreign(text), expected, "{text}");
        }
    }
}

use proptest::prelude::*;

use crate::cli::demo::drawing::layout::{HEIGHT, WIDTH, layout};
use crate::cli::demo::drawing::{Diagram, Look, Node, draw, mermaid};

fn diagram(boxes: usize, arrows: &[(usize, usize)]) -> Diagram {
    let node = |index: usize| Node { text: format!("box {index}"), ..Node::default() };
    Diagram { title: "order".to_owned(), boxes: (0..boxes).map(node).collect(), arrows: arrows.to_vec() }
}

#[test]
fn a_chain_goes_from_left_to_right_in_one_row() {
    let placed = layout(&diagram(3, &[(2, 0), (0, 1)]));
    let [first, second, third] = [placed.corners[2], placed.corners[0], placed.corners[1]];
    assert!(first.0 < second.0 && second.0 < third.0);
    assert_eq!((first.1, second.1), (second.1, third.1));
    assert_eq!(
        placed.paths[0],
        [(first.0 + WIDTH, first.1 + HEIGHT / 2.0), (second.0, second.1 + HEIGHT / 2.0)]
    );
}

#[test]
fn an_arrow_over_a_column_goes_around_the_box_in_it() {
    let placed = layout(&diagram(3, &[(0, 1), (1, 2), (0, 2)]));
    let between = placed.paths[2][1].1;
    let (_, top) = placed.corners[1];
    assert!(between < top || between > top + HEIGHT, "{placed:?}");
}

#[test]
fn hostile_text_and_links_stay_text() {
    let node = Node {
        text: "<script>alert(1)</script>\"'&".to_owned(),
        badge: "</text><b>".to_owned(),
        link: Some("/\"onload=\"x".to_owned()),
        look: Look::Open,
    };
    let svg = draw(&Diagram { title: "<\"".to_owned(), boxes: vec![node], arrows: vec![] });
    assert!(!svg.contains("<script") && !svg.contains("<b>") && !svg.contains("\"onload"), "{svg}");
    assert!(svg.contains("&lt;script&gt;"), "{svg}");
}

#[test]
fn long_titles_are_cut_where_the_box_ends() {
    let text = "Supercalifragilisticexpialidocious behavior of the sign-in form when nobody is looking at it";
    let svg = draw(&Diagram {
        boxes: vec![Node { text: text.to_owned(), ..Node::default() }],
        ..Diagram::default()
    });
    assert!(svg.contains(">Supercalifragilisticexpial…</text>"), "{svg}");
    assert!(svg.contains(">behavior of the sign-in…</text>"), "{svg}");
    assert!(svg.contains(&format!("<title>{text}</title>")), "{svg}");
}

#[test]
fn our_own_mermaid_becomes_a_diagram_and_any_other_stays_code() {
    let ours = "graph LR\n  i1[\"1 Parse\"]\n  i2[\"2 Store\"]\n  i1 --> i2";
    let drawn = mermaid::diagram(ours).unwrap();
    assert_eq!((drawn.boxes.len(), drawn.arrows), (2, vec![(0, 1)]));
    assert_eq!(drawn.boxes[1].text, "2 Store");
    for other in [
        "graph TD\n a --> b",
        "graph LR\n a --> b",
        "graph LR",
        "",
        "graph LR\n i1[\"1\"]\n click i1 call x()",
    ] {
        assert_eq!(mermaid::diagram(other), None, "{other}");
    }
}

proptest! {
    #[test]
    fn no_two_boxes_overlap_and_all_lie_inside(boxes in 1_usize..14, wild in prop::collection::vec((0_usize..14, 0_usize..14), 0..30)) {
        let arrows: Vec<(usize, usize)> = wild.into_iter().filter(|(from, to)| *from < boxes && *to < boxes).collect();
        let placed = layout(&diagram(boxes, &arrows));
        for (index, a) in placed.corners.iter().enumerate() {
            prop_assert!(a.0 >= 0.0 && a.1 >= 0.0 && a.0 + WIDTH <= placed.width && a.1 + HEIGHT <= placed.height);
            for b in placed.corners.iter().skip(index + 1) {
                prop_assert!((a.0 - b.0).abs() >= WIDTH || (a.1 - b.1).abs() >= HEIGHT);
            }
        }
        prop_assert_eq!(placed.paths.len(), arrows.len());
    }

    #[test]
    fn no_text_breaks_out(text in any::<String>(), badge in any::<String>()) {
        let node = Node { text, badge, link: Some("/x".to_owned()), look: Look::Closed };
        let svg = draw(&Diagram { boxes: vec![node], ..Diagram::default() });
        let tags = svg.matches('<').count();
        let known = ["<svg", "</svg", "<a ", "</a", "<g ", "</g", "<title", "</title", "<rect", "<circle", "<text", "</text"];
        prop_assert_eq!(tags, known.iter().map(|tag| svg.matches(tag).count()).sum::<usize>());
    }
}

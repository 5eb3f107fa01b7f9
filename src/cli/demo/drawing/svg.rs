//! The picture itself, as SVG whose colors come from the page's style sheet.

use std::fmt::Write as _;

use crate::cli::demo::drawing::layout::{HEIGHT, Layout, WIDTH, layout};
use crate::cli::demo::drawing::{Diagram, Look, Node};
use crate::cli::demo::html::escape;

/// Letters that fit into a line of a box.
const LETTERS: usize = 27;
const LINES: usize = 2;
/// Letters from here on are drawn about twice as wide.
const WIDE_FROM: char = '\u{1100}';

/// Draws a diagram; text in it is inert.
pub fn draw(diagram: &Diagram) -> String {
    let layout = layout(diagram);
    let Layout { width, height, .. } = &layout;
    let title = escape(&diagram.title);
    let mut svg = format!(
        "<svg class=\"diagram\" role=\"group\" aria-label=\"{title}\" viewBox=\"0 0 {width:.0} {height:.0}\" \
         width=\"{width:.0}\" height=\"{height:.0}\">"
    );
    for points in &layout.paths {
        arrow(&mut svg, points);
    }
    for (node, corner) in diagram.boxes.iter().zip(&layout.corners) {
        boxed(&mut svg, node, *corner);
    }
    svg.push_str("</svg>");
    svg
}

fn arrow(svg: &mut String, points: &[(f64, f64)]) {
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return };
    let mut path = format!("M{:.1} {:.1}", first.0, first.1);
    for pair in points.windows(2) {
        let ((x, y), (to_x, to_y)) = (pair[0], pair[1]);
        let bend = (to_x - x) / 2.0;
        let _ = write!(path, "C{:.1} {y:.1} {:.1} {to_y:.1} {to_x:.1} {to_y:.1}", x + bend, to_x - bend);
    }
    let _ = write!(svg, "<path class=\"line\" d=\"{path}\"/>");
    let (x, y) = last;
    let _ = write!(svg, "<path class=\"tip\" d=\"M{x:.1} {y:.1}l-9 -5v10z\"/>");
}

fn boxed(svg: &mut String, node: &Node, (x, y): (f64, f64)) {
    let (class, state) = match node.look {
        Look::Plain => ("box", ""),
        Look::Open => ("box open", "open"),
        Look::Closed => ("box closed", "closed"),
        Look::Here => ("box open here", "open, this issue"),
        Look::HereClosed => ("box closed here", "closed, this issue"),
    };
    let whole = [node.badge.as_str(), &node.text, state];
    let whole = whole.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let whole = escape(&whole);
    if let Some(link) = &node.link {
        let _ = write!(svg, "<a href=\"{}\" aria-label=\"{whole}\">", escape(link));
    }
    let _ = write!(
        svg,
        "<g class=\"{class}\"><title>{whole}</title><rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"{WIDTH}\" height=\"{HEIGHT}\" rx=\"8\"/>"
    );
    if !state.is_empty() {
        let _ = write!(svg, "<circle class=\"dot\" cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\"/>", x + 16.0, y + 18.0);
    }
    if !node.badge.is_empty() {
        let at = (x + 28.0, y + 22.0);
        let _ = write!(
            svg,
            "<text class=\"badge\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
            at.0,
            at.1,
            escape(&node.badge)
        );
    }
    let first = if node.badge.is_empty() { 28.0 } else { 40.0 };
    for (line, down) in wrapped(&node.text).iter().zip([first, first + 16.0]) {
        let _ = write!(svg, "<text x=\"{:.1}\" y=\"{:.1}\">{}</text>", x + 12.0, y + down, escape(line));
    }
    svg.push_str("</g>");
    if node.link.is_some() {
        svg.push_str("</a>");
    }
}

/// At most [`LINES`] lines of [`LETTERS`] letters, cut with `…`.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let last = lines.len() == LINES;
        let line = lines.last().map_or(0, |line| breadth(line));
        let gap = usize::from(line > 0);
        let fits = line + gap + breadth(word) <= LETTERS;
        match (fits || line == 0, last) {
            (true, _) => {}
            (false, false) => lines.push(String::new()),
            (false, true) => {
                cut(&mut lines, LETTERS - 1);
                return lines;
            }
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
            if breadth(line) > LETTERS {
                cut(&mut lines, LETTERS - 1);
                match words.peek() {
                    Some(_) if !last => lines.push(String::new()),
                    _ => return lines,
                }
            }
        }
    }
    lines
}

fn breadth(text: &str) -> usize {
    text.chars().map(|letter| if letter < WIDE_FROM { 1 } else { 2 }).sum()
}

/// Shortens the last line to this breadth, and shows that something is left out.
fn cut(lines: &mut [String], most: usize) {
    let Some(line) = lines.last_mut() else { return };
    while breadth(line) > most {
        line.pop();
    }
    line.push('…');
}

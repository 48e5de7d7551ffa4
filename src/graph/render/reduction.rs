//! Which links a drawing can do without: those that a longer way already says.

use super::order::Order;
use super::picture::{Link, LinkKind, Picture};

/// Above this many vertices all links are drawn: the table of who reaches whom
/// grows with the square (36 MB at the limit).
const REDUCIBLE: usize = 12_000;

/// The links worth drawing, at most one for each pair, all of them forward.
///
/// A `needs` link goes when a way of `needs` links says the same, `after` and
/// `finalises` when any way does. A conflict stays: its glob is said nowhere else.
pub(super) fn essential_links<'a>(picture: &'a Picture, order: &Order) -> Vec<&'a Link> {
    let mut links: Vec<&Link> = picture
        .sound_links()
        .filter(|link| order.is_forward(link.from, link.to))
        .collect();
    links.sort_by_key(|link| {
        let ends = (order.position[link.from], order.position[link.to]);
        (ends, weakness(&link.kind))
    });
    links.dedup_by_key(|link| (link.from, link.to));
    if picture.vertices.len() <= REDUCIBLE {
        let implied = implied(&links, order);
        let mut implied = implied.into_iter();
        links.retain(|_| !implied.next().unwrap_or(false));
    }
    links
}

/// The same for formats that lay themselves out, and where a link that closes a cycle
/// is drawn like any other.
pub(super) fn drawn_links(picture: &Picture) -> Vec<&Link> {
    let order = Order::of(picture);
    let closing = picture
        .sound_links()
        .filter(|link| !order.is_forward(link.from, link.to));
    let mut links = essential_links(picture, &order);
    links.extend(closing);
    links
}

fn weakness(kind: &LinkKind) -> usize {
    match kind {
        LinkKind::Needs => 0,
        LinkKind::Finalises => 1,
        LinkKind::After => 2,
        LinkKind::Conflict { .. } => 3,
    }
}

/// For each link, sorted by position of source and target, whether it can go.
fn implied(links: &[&Link], order: &Order) -> Vec<bool> {
    let mut by_needs = Reach::new(order.sequence.len());
    let mut by_any = Reach::new(order.sequence.len());
    let mut implied = vec![false; links.len()];
    let mut end = links.len();
    while end > 0 {
        let source = links[end - 1].from;
        let start = links[..end].partition_point(|link| order.is_forward(link.from, source));
        let from = order.position[source];
        for index in start..end {
            let to = order.position[links[index].to];
            let kind = &links[index].kind;
            implied[index] = match kind {
                LinkKind::Needs => by_needs.has(from, to),
                LinkKind::After | LinkKind::Finalises => by_any.has(from, to),
                LinkKind::Conflict { .. } => false,
            };
            if matches!(kind, LinkKind::Needs) {
                by_needs.add(from, to);
            }
            by_any.add(from, to);
        }
        end = start;
    }
    implied
}

/// Who is reached from whom, as a square of bits over positions.
struct Reach {
    words: usize,
    bits: Vec<u64>,
}

impl Reach {
    fn new(count: usize) -> Self {
        let words = count.div_ceil(64);
        Self {
            words,
            bits: vec![0; words * count],
        }
    }

    fn has(&self, from: usize, to: usize) -> bool {
        self.bits[from * self.words + to / 64] >> (to % 64) & 1 == 1
    }

    /// Lets `from` reach `to` and all that `to` reaches; `to` stands after `from`.
    fn add(&mut self, from: usize, to: usize) {
        let (before, after) = self.bits.split_at_mut(to * self.words);
        let own = &mut before[from * self.words..][..self.words];
        for (word, more) in own.iter_mut().zip(&after[..self.words]) {
            *word |= more;
        }
        own[to / 64] |= 1 << (to % 64);
    }
}

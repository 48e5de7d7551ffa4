//! What stands in each column of the SVG: the vertices of a wave, and a place for each
//! line that passes the wave, so that lines run between boxes and never behind one.
//!
//! Long lines with an end in common share their places and are drawn as one that
//! branches: those of a vertex that many wait for, or of one that waits for many.

use std::collections::{BTreeMap, BTreeSet};

use super::super::order::Order;
use super::super::picture::{Link, Picture};

/// Above this many places the layout is a plain grid of waves: the time for few
/// crossings grows faster than the square.
const LAYERED: usize = 1_200;

/// The places of a drawing; the vertices come first, by their own indices.
#[derive(Debug)]
pub(super) struct Lattice {
    /// The column of each place.
    pub(super) columns: Vec<usize>,
    /// For each link, the places that it passes.
    pub(super) routes: Vec<Vec<usize>>,
    /// Which places are joined; each pair stands in neighbouring columns.
    pub(super) steps: Vec<(u32, u32)>,
    /// Whether there are too many places to look for few crossings: lines then have
    /// no places of their own.
    pub(super) is_grid: bool,
}

/// The lines that share places.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Trunk {
    From(usize),
    To(usize),
    /// This link alone.
    Lone(usize),
}

impl Lattice {
    pub(super) fn of(picture: &Picture, order: &Order, links: &[&Link]) -> Self {
        let routed = Self::routed(picture, order, links);
        routed.unwrap_or_else(|| Self {
            columns: order.wave.clone(),
            routes: vec![Vec::new(); links.len()],
            steps: Vec::new(),
            is_grid: true,
        })
    }

    /// With a place for each line in each column; nothing when that takes too many.
    fn routed(picture: &Picture, order: &Order, links: &[&Link]) -> Option<Self> {
        let mut columns = order.wave.clone();
        let mut routes = Vec::with_capacity(links.len());
        let mut shared = BTreeMap::new();
        let trunks = trunks(picture.vertices.len(), order, links);
        for (link, trunk) in links.iter().zip(trunks) {
            let passed = order.wave[link.from] + 1..order.wave[link.to];
            if columns.len() + passed.len() > LAYERED {
                return None;
            }
            let route = passed.map(|column| {
                *shared.entry((trunk, column)).or_insert_with(|| {
                    columns.push(column);
                    columns.len() - 1
                })
            });
            routes.push(route.collect());
        }
        (columns.len() <= LAYERED).then(|| Self {
            steps: steps(links, &routes),
            columns,
            routes,
            is_grid: false,
        })
    }
}

fn trunks(count: usize, order: &Order, links: &[&Link]) -> Vec<Trunk> {
    let is_long = |link: &Link| order.wave[link.to] - order.wave[link.from] > 1;
    let shares = |link: &Link| is_long(link) && !link.kind.only_orders();
    let (mut leaving, mut arriving) = (vec![0; count], vec![0; count]);
    for link in links.iter().filter(|link| shares(link)) {
        leaving[link.from] += 1;
        arriving[link.to] += 1;
    }
    let trunk = |(index, link): (usize, &&Link)| {
        if !shares(link) {
            Trunk::Lone(index)
        } else if leaving[link.from] > arriving[link.to] {
            Trunk::From(link.from)
        } else {
            Trunk::To(link.to)
        }
    };
    links.iter().enumerate().map(trunk).collect()
}

/// Places of neighbouring columns that a line joins, each pair once.
fn steps(links: &[&Link], routes: &[Vec<usize>]) -> Vec<(u32, u32)> {
    let mut steps = BTreeSet::new();
    for (link, route) in links.iter().zip(routes) {
        let places: Vec<usize> = std::iter::once(link.from)
            .chain(route.iter().copied())
            .chain([link.to])
            .collect();
        steps.extend(
            places
                .windows(2)
                .map(|pair| (narrow(pair[0]), narrow(pair[1]))),
        );
    }
    steps.into_iter().collect()
}

fn narrow(place: usize) -> u32 {
    u32::try_from(place).expect("a layered drawing has few places")
}

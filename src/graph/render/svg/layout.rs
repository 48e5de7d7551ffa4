//! Where the boxes of the SVG stand and which way its lines go.
//!
//! Waves are columns from left to right; [`super::lattice`] says what stands in each.
//! `rust-sugiyama` orders the places of a column, to have few crossings, and gives
//! them their heights, to have straight lines; it does so for each connected part
//! alone, and the parts are stacked.

use std::collections::BTreeMap;

use rust_sugiyama::configure::{Config, RankingType};
use rust_sugiyama::from_vertices_and_edges;

use super::super::order::Order;
use super::super::picture::{Link, Picture};
use super::lattice::Lattice;

/// Space between two places of a column, and how much more a box wants on each side.
const SPACING: f64 = 6.0;
const MARGIN: f64 = 5.0;
/// The height that a line takes where it passes a column.
const LANE: f64 = 2.0;

/// A drawing's geometry, in pixels from its top.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The centre of each vertex.
    pub(super) places: Vec<Place>,
    /// For each link, where it passes the columns between its ends.
    pub(super) routes: Vec<Vec<Place>>,
    pub(super) height: f64,
}

/// A point whose column is not yet a number of pixels.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Place {
    pub(super) column: usize,
    pub(super) y: f64,
}

/// Lays `picture` out for boxes of `box_height`, with a route for each of `links`.
pub(super) fn layout(picture: &Picture, order: &Order, links: &[&Link], box_height: f64) -> Layout {
    let lattice = Lattice::of(picture, order, links);
    let sizes: Vec<f64> = (0..lattice.columns.len())
        .map(|place| {
            if place < picture.vertices.len() {
                box_height + 2.0 * MARGIN
            } else {
                LANE
            }
        })
        .collect();
    let mut heights = if lattice.is_grid {
        vec![0.0; sizes.len()]
    } else {
        search(&lattice, &sizes)
    };
    part(&lattice.columns, &sizes, &mut heights);
    let place = |index: usize| Place {
        column: lattice.columns[index],
        y: heights[index],
    };
    let lowest = heights.iter().zip(&sizes).map(|(y, size)| y + size / 2.0);
    Layout {
        places: (0..picture.vertices.len()).map(place).collect(),
        routes: lattice
            .routes
            .iter()
            .map(|route| route.iter().copied().map(place).collect())
            .collect(),
        height: lowest.fold(0.0, f64::max),
    }
}

/// The heights that the library finds, one connected part below the other. It draws
/// downwards, so its across is our down.
fn search(lattice: &Lattice, sizes: &[f64]) -> Vec<f64> {
    let vertices: Vec<(u32, (f64, f64))> =
        (0..).zip(sizes.iter().map(|&size| (size, LANE))).collect();
    let config = Config {
        vertex_spacing: SPACING,
        ranking_type: RankingType::Up,
        ..Config::default()
    };
    let parts = from_vertices_and_edges(&vertices, &lattice.steps, &config);
    let first = |points: &[(usize, (f64, f64))]| points.iter().map(|it| it.0).min();
    let parts: BTreeMap<_, _> = parts
        .into_iter()
        .map(|(points, ..)| (first(&points), points))
        .collect();
    let mut heights = vec![0.0; sizes.len()];
    let mut top = 0.0;
    for points in parts.values() {
        let highest = |&(place, (x, _)): &(usize, (f64, f64))| x - sizes[place] / 2.0;
        let start = points.iter().map(highest).fold(f64::INFINITY, f64::min);
        let mut bottom: f64 = top;
        for &(place, (x, _)) in points {
            heights[place] = (x - start + top).round();
            bottom = bottom.max(heights[place] + sizes[place] / 2.0);
        }
        top = bottom + SPACING;
    }
    heights
}

/// Moves down what would touch the place above it in its column.
fn part(columns: &[usize], sizes: &[f64], heights: &mut [f64]) {
    let mut sorted: Vec<usize> = (0..columns.len()).collect();
    sorted.sort_by(|&a, &b| {
        let by_height = heights[a].total_cmp(&heights[b]);
        columns[a].cmp(&columns[b]).then(by_height).then(a.cmp(&b))
    });
    let mut above: Option<usize> = None;
    for place in sorted {
        let floor = match above.filter(|&it| columns[it] == columns[place]) {
            Some(above) => heights[above] + sizes[above] / 2.0 + SPACING,
            None => 0.0,
        };
        heights[place] = heights[place].max(floor + sizes[place] / 2.0);
        above = Some(place);
    }
}

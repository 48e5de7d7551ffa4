//! Which of several targets comes next.

/// Gives each target its share by weight, as evenly spread as can be: the one that is furthest
/// behind its share comes next. In as many turns as all weights together, each comes exactly as
/// often as its weight says.
#[derive(Debug)]
pub(super) struct Mix {
    weights: Vec<i64>,
    behind: Vec<i64>,
}

impl Mix {
    pub(super) fn new(weights: impl IntoIterator<Item = u32>) -> Self {
        let weights: Vec<i64> = weights.into_iter().map(i64::from).collect();
        Self {
            behind: vec![0; weights.len()],
            weights,
        }
    }

    /// The same for one of several threads, which begin at different places: all of them together
    /// come close to the shares though each sends few requests.
    pub(super) fn of_thread(weights: impl IntoIterator<Item = u32>, thread: usize) -> Self {
        let mut mix = Self::new(weights);
        for _ in 0..thread {
            mix.next();
        }
        mix
    }

    /// The place of the next target.
    pub(super) fn next(&mut self) -> usize {
        if self.weights.len() < 2 {
            return 0;
        }
        for (behind, weight) in self.behind.iter_mut().zip(&self.weights) {
            *behind += weight;
        }
        let whole: i64 = self.weights.iter().sum();
        // Of those that are equally far behind, the first.
        let furthest = (0..self.behind.len())
            .rev()
            .max_by_key(|place| self.behind[*place]);
        let furthest = furthest.unwrap_or(0);
        self.behind[furthest] -= whole;
        furthest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_comes_as_often_as_its_weight_says_and_never_in_a_heap() {
        let mut mix = Mix::new([5, 1, 2]);
        let turns: Vec<usize> = (0..16).map(|_| mix.next()).collect();
        assert_eq!(turns[..8], [0, 2, 0, 0, 1, 0, 2, 0]);
        assert_eq!(turns[8..], turns[..8]);
    }

    #[test]
    fn a_single_target_always_comes() {
        let mut mix = Mix::new([3]);
        assert!((0..5).all(|_| mix.next() == 0));
    }
}

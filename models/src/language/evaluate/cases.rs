//! The patterns of `match`: values, alternatives, sequences of patterns, and names that take what they meet.

use ruff_python_ast::{Pattern, Singleton};
use ruff_text_size::Ranged;

use super::Evaluator;
use crate::language::error::{Outcome, fault};
use crate::language::item::{Item, Sequence};

impl<'a> Evaluator<'a> {
    /// Whether a pattern is met; its names are bound.
    pub(super) fn is_met(&mut self, pattern: &'a Pattern, subject: &Item) -> Outcome<bool> {
        let range = pattern.range();
        self.budget.steps(1, range)?;
        match pattern {
            Pattern::MatchValue(value) => {
                let value = self.expression(&value.value)?;
                self.equal(subject, &value, range)
            }
            Pattern::MatchSingleton(singleton) => match singleton.value {
                Singleton::None => Ok(matches!(subject, Item::None)),
                Singleton::True => self.equal(subject, &Item::truth(true), range),
                Singleton::False => self.equal(subject, &Item::truth(false), range),
            },
            Pattern::MatchAs(named) => {
                if let Some(inner) = &named.pattern
                    && !self.is_met(inner, subject)?
                {
                    return Ok(false);
                }
                if let Some(name) = &named.name {
                    self.bind(name.as_str(), subject.clone());
                }
                Ok(true)
            }
            Pattern::MatchOr(several) => {
                for one in &several.patterns {
                    if self.is_met(one, subject)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Pattern::MatchSequence(sequence) => {
                let (Item::List(items) | Item::Tuple(items)) = subject else { return Ok(false) };
                self.are_met(&sequence.patterns, items.items(), range)
            }
            _ => fault(range, "`case` takes values, names, `_`, alternatives and sequences of them here"),
        }
    }

    /// Patterns of the items of a sequence, one of which may be `*rest`.
    fn are_met(
        &mut self,
        patterns: &'a [Pattern],
        items: &[Item],
        range: ruff_text_size::TextRange,
    ) -> Outcome<bool> {
        let star = patterns.iter().position(Pattern::is_match_star);
        let least = patterns.len() - usize::from(star.is_some());
        if items.len() < least || (star.is_none() && items.len() > least) {
            return Ok(false);
        }
        let rest = items.len() - least;
        for (k, pattern) in patterns.iter().enumerate() {
            if let Pattern::MatchStar(starred) = pattern {
                if let Some(name) = &starred.name {
                    let middle = Sequence::new(items[k..k + rest].to_vec(), range)?;
                    self.bind(name.as_str(), Item::List(middle));
                }
                continue;
            }
            let place = if star.is_some_and(|star| k > star) { k + rest - 1 } else { k };
            if !self.is_met(pattern, &items[place])? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

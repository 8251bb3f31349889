//! Limits that make every file end: nesting is bounded before parsing, work and memory while evaluating.
//!
//! Evaluation counts steps (expressions, items of loops) and elements (numbers and characters that are made or gone
//! through). A file that exceeds a limit ends in an error within about a second, whatever it holds.

use ruff_python_ast::token::TokenKind;
use ruff_python_parser::{Mode, lexer};
use ruff_source_file::LineIndex;
use ruff_text_size::TextRange;

use super::error::{Fault, Outcome, Weight};
use crate::finding::Rule;

/// Largest source in bytes.
pub(super) const SOURCE: usize = 1 << 20;
/// Deepest nesting of brackets and blocks.
const NESTING: usize = 100;
/// Most words and signs of one expression, not counting what stands in closed brackets or before a comma: a bound on
/// the depth of the syntax tree.
const CHAIN: usize = 2_000;
/// Deepest nesting of expressions, calls and containers while evaluating.
pub(super) const DEPTH: usize = 64;
/// Most elements of one array.
const ARRAY: usize = 1 << 24;
/// Most steps of one evaluation.
const STEPS: usize = 4_000_000;
/// Elements that take as long as a step.
const STEP: usize = 10;
/// Elements of one evaluation that are free of the size of the data, those for each element of data, and those for each
/// pair of elements, of which so many count: covariances are matrices of pairs of rows.
const ELEMENTS: (usize, usize, usize) = (50_000_000, 200, 4);
const PAIRED: usize = 8_000;
/// Most multiplications for factors of known matrices in one evaluation.
const PRODUCTS: usize = 10_000_000_000;
/// Steps that an operation on parameters costs: it becomes part of the program.
pub(super) const PROGRAM_OPERATION: usize = 80;

/// Elements that one that is sorted counts as.
pub(super) const SORTED: usize = 8;
/// Elements that one element of a log density counts as.
pub(super) const DENSITY: usize = 16;

/// Steps that a function of Gaussian processes costs.
pub(super) const PROCESS: usize = 30;

/// Steps that a variable costs: thousands of them in a loop should be one with a shape.
pub(super) const DECLARATION: usize = 400;

/// Steps that a statement with a fault costs: its message names what is near.
pub(super) const FAULT: usize = 500;

/// Refuses sources whose syntax tree could be too deep for the stack.
pub(super) fn check_source(source: &str) -> Outcome<()> {
    if source.len() > SOURCE {
        let message = format!(
            "the model file has {} bytes; the limit is {SOURCE}: move data to the data file",
            source.len()
        );
        return Err(Fault::new(TextRange::default(), message).rule(Rule::TooLarge));
    }
    let mut tokens = lexer::lex(source, Mode::Module);
    let mut open: Vec<usize> = Vec::new(); // chains that wait for a bracket to close
    let (mut chain, mut waiting, mut lambdas, mut blocks, mut line) = (0, 0, 0, 0_usize, 0);
    loop {
        match tokens.next_token() {
            TokenKind::EndOfFile => return Ok(()),
            TokenKind::Comment => {}
            TokenKind::Dedent => blocks = blocks.saturating_sub(1),
            TokenKind::Indent => blocks += 1,
            TokenKind::NonLogicalNewline => line += 1,
            TokenKind::Newline => {
                line += 1;
                (chain, waiting, lambdas) = (0, 0, 0);
                open.clear();
            }
            TokenKind::Comma | TokenKind::Semi => chain = 0,
            TokenKind::Lpar
            | TokenKind::Lsqb
            | TokenKind::Lbrace
            | TokenKind::FStringStart
            | TokenKind::TStringStart => {
                waiting += chain + 1;
                open.push(chain + 1);
                chain = 0;
            }
            TokenKind::Rpar
            | TokenKind::Rsqb
            | TokenKind::Rbrace
            | TokenKind::FStringEnd
            | TokenKind::TStringEnd => {
                chain = open.pop().unwrap_or(0);
                waiting -= chain.min(waiting);
            }
            TokenKind::Lambda => lambdas += 1, // the commas between its parameters part nothing
            _ => chain += 1,
        }
        let deep = if open.len() + blocks + lambdas > NESTING {
            format!("brackets and blocks are nested more than {NESTING} deep")
        } else if chain + waiting > CHAIN {
            format!("an expression has more than {CHAIN} parts")
        } else {
            continue;
        };
        let start = LineIndex::from_source_text(source).line_starts().get(line).copied().unwrap_or_default();
        let message = format!("{deep}; split it with names for its parts");
        return Err(Fault::new(TextRange::empty(start), message).rule(Rule::TooLarge));
    }
}

/// What an evaluation may still spend.
#[derive(Debug)]
pub(super) struct Budget {
    steps: usize,
    /// The steps that the present statement of the file has to leave.
    floor: usize,
    elements: usize,
    /// The elements that it began with.
    all: usize,
    products: usize,
}

impl Budget {
    /// A budget for data of some elements.
    pub(super) fn new(data_elements: usize) -> Self {
        let paired = data_elements.min(PAIRED);
        let all = ELEMENTS.0 + ELEMENTS.1 * data_elements + ELEMENTS.2 * paired * paired;
        Self { steps: STEPS, floor: 0, elements: all, all, products: PRODUCTS }
    }

    /// What was spent, in elements that were made or gone through; a step counts as several.
    pub(super) fn spent(&self) -> usize {
        (self.all - self.elements) + STEP * (STEPS - self.steps)
    }

    /// Leaves half of the steps to the statements after the next one.
    pub(super) fn halve(&mut self) {
        self.floor = self.steps / 2;
    }

    /// Lets the present statement take all steps, as one that makes the model may.
    pub(super) fn lift(&mut self) {
        self.floor = 0;
    }

    /// Takes steps.
    pub(super) fn steps(&mut self, count: usize, range: TextRange) -> Outcome<()> {
        match self.steps.checked_sub(count) {
            Some(left) if left >= self.floor => {
                self.steps = left;
                Ok(())
            }
            _ if self.floor > 0 => {
                let message = "a statement before the model takes more than half of the steps that are left for the file; \
                               write loops over rows as operations on whole columns, or prepare what it gives in the \
                               data file";
                Err(Fault::weighing(range, message, Weight::OfAStatement).rule(Rule::TooLarge).last())
            }
            _ => {
                let message = format!(
                    "the model file takes more than {STEPS} steps; write loops over rows as operations on whole columns"
                );
                Err(Fault::new(range, message).rule(Rule::TooLarge).last())
            }
        }
    }

    /// Takes steps, as far as there are some: the next that takes one fails where there is none.
    pub(super) fn spend(&mut self, count: usize) {
        self.steps = self.steps.saturating_sub(count);
    }

    /// Takes elements of arrays, or characters of texts.
    pub(super) fn elements(&mut self, count: usize, range: TextRange) -> Outcome<()> {
        if count > ARRAY {
            let message = format!("this makes an array of {count} elements; the limit is {ARRAY}");
            return Err(Fault::new(range, message).rule(Rule::TooLarge));
        }
        self.work(count, range)
    }

    /// Takes elements that are gone through.
    pub(super) fn work(&mut self, count: usize, range: TextRange) -> Outcome<()> {
        match self.elements.checked_sub(count) {
            Some(left) => {
                self.elements = left;
                Ok(())
            }
            None => {
                let message = "the model file makes too many large arrays for the size of its data; prepare them in the \
                               data file";
                Err(Fault::new(range, message).rule(Rule::TooLarge))
            }
        }
    }

    /// Takes multiplications for factors of known matrices.
    pub(super) fn products(&mut self, count: usize, range: TextRange) -> Outcome<()> {
        match self.products.checked_sub(count) {
            Some(left) => {
                self.products = left;
                Ok(())
            }
            None => {
                let message = "the model file takes factors of matrices that are too large; prepare what follows from them \
                               in the data file";
                Err(Fault::new(range, message).rule(Rule::TooLarge))
            }
        }
    }

    /// Takes texts of an array that is yet to be made; a text takes the place of several numbers.
    pub(super) fn texts(&mut self, count: usize, range: TextRange) -> Outcome<()> {
        self.elements(count.saturating_mul(8), range)
    }

    /// Takes the elements of an array of a shape that is yet to be made.
    pub(super) fn shape(&mut self, shape: &[usize], range: TextRange) -> Outcome<()> {
        let count = shape.iter().try_fold(1_usize, |product, &size| product.checked_mul(size));
        self.elements(count.unwrap_or(usize::MAX), range)
    }
}

/// Counts nesting while evaluating.
#[derive(Debug, Default)]
pub(super) struct Nesting(usize);

impl Nesting {
    /// Goes one level down.
    pub(super) fn enter(&mut self, range: TextRange) -> Outcome<()> {
        if self.0 == DEPTH {
            let message =
                format!("expressions and calls are nested more than {DEPTH} deep; use names for parts");
            return Err(Fault::new(range, message).rule(Rule::TooLarge));
        }
        self.0 += 1;
        Ok(())
    }

    /// Comes back.
    pub(super) fn leave(&mut self) {
        self.0 -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A covariance of 4,000 rows takes some ten matrices; two columns of data have 8,000 elements.
    #[test]
    fn covariances_of_some_thousand_rows_are_not_too_large() {
        let range = TextRange::default();
        let matrices = |data: usize| {
            let mut budget = Budget::new(data);
            (0..100).take_while(|_| budget.shape(&[4_000, 4_000], range).is_ok()).count()
        };
        assert!(matrices(8_000) >= 12);
        assert!(matrices(100) < 4, "without data they are");
    }
}

//! Syntax: every fault of a source that is not Python, and the statements that can be read all the same.
//!
//! ```text
//! parse; while a bracket is never closed: leave out what stands from it to the next statement, parse again
//! one fault for a line; the statements of the lines with faults are broken, all others are evaluated
//! ```
//!
//! The parser goes on after most faults by itself. A bracket that is never closed would swallow the rest of the file: a
//! line inside of brackets that is indented no deeper than the statement around it is taken as the next statement.

mod habits;

use ruff_python_ast::Stmt;
use ruff_python_ast::token::{Token, TokenKind};
use ruff_python_parser::{LexicalErrorType, Mode, ParseError, ParseErrorType, ParseOptions, parse_unchecked};
use ruff_text_size::{Ranged, TextRange, TextSize};

use super::error::Fault;
use crate::finding::Rule;

/// Most brackets that are never closed which are told.
const REPAIRS: usize = 20;

/// What the parser made of a source.
#[derive(Debug, Default)]
pub(super) struct Syntax {
    /// The statements; those on broken lines are not what was meant.
    pub(super) body: Vec<Stmt>,
    /// What is not Python, one fault for a line.
    pub(super) faults: Vec<Fault>,
    /// Whole lines with faults.
    broken: Vec<TextRange>,
}

/// A bracket that is never closed, or by one of another kind.
struct OpenBracket {
    /// The innermost one.
    bracket: TextRange,
    /// What closes it, of another kind, where nothing before is of that kind.
    closed_by: Option<TextRange>,
    /// From the outermost one to the end of the line before the next statement.
    swallowed: TextRange,
}

impl Syntax {
    /// Parses a source.
    pub(super) fn parse(source: &str) -> Self {
        let mut text = source.to_owned();
        let mut syntax = Self::default();
        loop {
            let parsed = parse_unchecked(&text, ParseOptions::from(Mode::Module));
            let is_open = |e: &ParseError| e.error == ParseErrorType::Lexical(LexicalErrorType::Eof);
            if syntax.faults.len() < REPAIRS
                && !parsed.errors().is_empty()
                && let Some(open) = open_bracket(&text, parsed.tokens(), parsed.errors().iter().any(is_open))
            {
                let inside =
                    |e: &&ParseError| open.swallowed.contains_range(e.location) && is_unclosed_text(&e.error);
                syntax.faults.push(*match parsed.errors().iter().find(inside) {
                    Some(error) => fault(error, source),
                    None => match open.closed_by {
                        Some(closing) => closed_otherwise(open.bracket, closing, source),
                        None => never_closed(open.bracket, source),
                    },
                });
                syntax.broken.push(lines_of(open.swallowed, source));
                let range = std::ops::Range::<usize>::from(open.swallowed);
                let blank = text[range.clone()]
                    .bytes()
                    .map(|b| if matches!(b, b'\n' | b'\r') { b as char } else { ' ' });
                let blank: String = blank.collect();
                text.replace_range(range, &blank);
                continue;
            }
            if syntax.faults.len() < REPAIRS
                && let Some((line, joined)) = parsed.errors().iter().find_map(|error| dedented(error, &text))
            {
                let start = TextSize::of(&source[..line]);
                let place = lines_of(TextRange::empty(start), source);
                let inside = &source[place];
                let indent = TextSize::of(&inside[..inside.len() - inside.trim_start().len()]);
                syntax.faults.push(*indented_less(TextRange::new(start + indent, place.end())));
                syntax.broken.push(place);
                text = joined;
                continue;
            }
            syntax.take(parsed.errors(), source);
            syntax.body = parsed
                .try_into_module()
                .map(|module| module.into_syntax().body)
                .unwrap_or_default()
                .into_iter()
                .collect();
            syntax.faults.sort_by_key(|fault| fault.range.start());
            return syntax;
        }
    }

    /// Takes the first fault of each line; what follows from wrong indentation is not told again.
    fn take(&mut self, errors: &[ParseError], source: &str) {
        let mut is_indented = false;
        for error in errors {
            let line = lines_of(TextRange::empty(error.location.start()), source);
            let after = source[..line.start().to_usize()].trim_end();
            let before = TextRange::empty(TextSize::of(after));
            let follows = match is_indentation(error) {
                true => is_indented || self.touches(before),
                false => {
                    error.error == ParseErrorType::Lexical(LexicalErrorType::Eof) && !self.faults.is_empty()
                }
            };
            if !follows && !self.touches(line) {
                self.faults.push(*fault(error, source));
            }
            is_indented |= is_indentation(error);
            self.broken.push(line);
        }
    }

    /// Whether a place is on a line with a fault.
    pub(super) fn touches(&self, range: TextRange) -> bool {
        self.broken.iter().any(|line| line.intersect(range).is_some())
    }

    /// Whether a statement, or the head of one with statements inside, is on a line with a fault.
    pub(super) fn is_broken(&self, statement: &Stmt) -> bool {
        if self.broken.is_empty() {
            return false;
        }
        let first = |body: &[Stmt]| body.first().map(|first| first.range().start());
        let inside = match statement {
            Stmt::With(with) => first(&with.body),
            Stmt::For(repeated) => first(&repeated.body),
            Stmt::While(repeated) => first(&repeated.body),
            Stmt::If(branch) => first(&branch.body),
            Stmt::FunctionDef(function) => first(&function.body),
            Stmt::Try(attempt) => first(&attempt.body),
            _ => None,
        };
        let end = inside.map_or(statement.range().end(), |start| start - TextSize::new(1));
        self.touches(TextRange::new(statement.range().start(), end.max(statement.range().start())))
    }
}

/// The lines that a place stands on, without the last line's break.
fn lines_of(range: TextRange, source: &str) -> TextRange {
    let (start, end) = (range.start().to_usize().min(source.len()), range.end().to_usize().min(source.len()));
    let first = source[..start].rfind('\n').map_or(0, |at| at + 1);
    let last = source[end..].find('\n').map_or(source.len(), |at| end + at);
    TextRange::new(TextSize::of(&source[..first]), TextSize::of(&source[..last]))
}

fn is_indentation(error: &ParseError) -> bool {
    use TokenKind::{Dedent, Indent};
    match &error.error {
        ParseErrorType::UnexpectedIndentation
        | ParseErrorType::Lexical(LexicalErrorType::IndentationError) => true,
        ParseErrorType::ExpectedToken { expected, .. } => matches!(expected, Indent | Dedent),
        _ => false,
    }
}

fn is_unclosed_text(error: &ParseErrorType) -> bool {
    use ruff_python_parser::InterpolatedStringErrorType::{
        UnterminatedString, UnterminatedTripleQuotedString,
    };
    match error {
        ParseErrorType::Lexical(LexicalErrorType::UnclosedStringError) => true,
        ParseErrorType::Lexical(LexicalErrorType::FStringError(inner))
        | ParseErrorType::FStringError(inner) => {
            matches!(inner, UnterminatedString | UnterminatedTripleQuotedString)
        }
        _ => false,
    }
}

/// A line that is indented less than the lines before and after it: where it starts, and the text with its statement
/// put behind that of the line before, every other place where it was.
fn dedented(error: &ParseError, text: &str) -> Option<(usize, String)> {
    if !is_indentation(error) {
        return None;
    }
    let start_of = |at: usize| text[..at].rfind('\n').map_or(0, |line| line + 1);
    let line_at = |start: usize| text[start..].lines().next().unwrap_or("");
    let depth = |line: &str| line.len() - line.trim_start().len();
    let before = |start: usize| {
        let code = text[..start].trim_end();
        (!code.is_empty()).then(|| (start_of(code.len()), code.len()))
    };
    let at = start_of(error.location.start().to_usize().min(text.len()));
    // Where the line itself is between two depths, or the one before it went out of the block.
    let (above, _) = before(at)?;
    let line = if depth(line_at(above)) > depth(line_at(at)) { at } else { above };
    let (anchor, end) = before(line)?;
    let (code, upper) = (line_at(line).trim(), line_at(anchor));
    let is_simple = |code: &str| {
        let word = code.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or("");
        let compound =
            ["with", "for", "while", "if", "elif", "else", "def", "class", "try", "except", "finally"];
        !compound.contains(&word)
            && !code.starts_with(['@', '#', ')', ']', '}'])
            && !code.contains(['#', ';'])
    };
    let has_next = line == at || depth(line_at(at)) == depth(upper);
    if depth(upper) <= depth(line_at(line)) || !has_next || !is_simple(code) || !is_simple(upper.trim()) {
        return None;
    }
    let mut joined = text.to_owned();
    joined.replace_range(end..line, &(";".to_owned() + &" ".repeat(line - end - 1)));
    Some((line, joined))
}

fn indented_less(range: TextRange) -> Box<Fault> {
    let message =
        "this is not Python: this line is indented less than the lines around it; indent it as they are";
    Fault::new(range, message)
        .rule(Rule::Syntax)
        .seen("another indentation", "the indentation of the lines around it")
        .fix("indent it as they are")
}

/// The first bracket that is closed by one of another kind; or, where one `is_open`, that is open where a new statement
/// seems to start or at the end of the file.
fn open_bracket(text: &str, tokens: &[Token], is_open: bool) -> Option<OpenBracket> {
    let line_start = |at: usize| text[..at].rfind('\n').map_or(0, |line| line + 1);
    let mut open: Vec<Token> = Vec::new();
    let mut wrong: Option<(TextSize, TextRange, Option<TextRange>)> = None;
    let (mut starts_line, mut starts_statement, mut indentation) = (true, true, 0);
    let mut end = text.len();
    for token in tokens {
        let start = token.start().to_usize();
        let column = start - line_start(start);
        let left = match token.kind() {
            TokenKind::Newline => {
                (starts_line, starts_statement) = (true, true);
                continue;
            }
            TokenKind::NonLogicalNewline => {
                starts_line = true;
                continue;
            }
            TokenKind::Comment | TokenKind::Indent | TokenKind::Dedent | TokenKind::EndOfFile => continue,
            TokenKind::Rpar => Some(TokenKind::Lpar),
            TokenKind::Rsqb => Some(TokenKind::Lsqb),
            TokenKind::Rbrace => Some(TokenKind::Lbrace),
            _ => None,
        };
        if starts_line && left.is_none() && column <= indentation && !open.is_empty() {
            end = line_start(start);
            break;
        }
        if starts_statement {
            indentation = column;
        }
        (starts_line, starts_statement) = (false, false);
        if matches!(token.kind(), TokenKind::Lpar | TokenKind::Lsqb | TokenKind::Lbrace) {
            open.push(*token);
        } else if let (Some(left), Some(last)) = (left, open.last().copied()) {
            let at = open.iter().rposition(|bracket| bracket.kind() == left);
            if last.kind() != left {
                let closing = at.is_none().then(|| token.range());
                wrong.get_or_insert((open[0].start(), last.range(), closing));
            }
            open.truncate(at.unwrap_or(open.len() - 1));
            if wrong.is_some() && open.is_empty() {
                end = text[start..].find('\n').map_or(text.len(), |line| start + line);
                break;
            }
        }
    }
    if let Some((first, bracket, closed_by)) = wrong {
        let swallowed = TextRange::new(first, TextSize::of(text[..end].trim_end()));
        return Some(OpenBracket { bracket, closed_by, swallowed });
    }
    if !is_open {
        return None;
    }
    let swallowed = TextRange::new(open.first()?.start(), TextSize::of(text[..end].trim_end()));
    open.last().map(|bracket| OpenBracket { bracket: bracket.range(), closed_by: None, swallowed })
}

/// The bracket that closes one.
fn closing_of(left: &str) -> &'static str {
    match left {
        "(" => ")",
        "[" => "]",
        _ => "}",
    }
}

fn closed_otherwise(bracket: TextRange, closing: TextRange, source: &str) -> Box<Fault> {
    let (left, seen) = (&source[bracket], &source[closing]);
    let right = closing_of(left);
    Fault::new(closing, format!("this is not Python: `{left}` is closed with `{seen}`; write `{right}`"))
        .rule(Rule::Syntax)
        .seen(format!("`{seen}`"), format!("`{right}`"))
        .fix(format!("write `{right}`"))
}

fn never_closed(bracket: TextRange, source: &str) -> Box<Fault> {
    let left = &source[bracket];
    let right = closing_of(left);
    Fault::new(bracket, format!("this is not Python: `{left}` is never closed"))
        .rule(Rule::Syntax)
        .seen(format!("`{left}` without `{right}`"), format!("`{right}`"))
        .fix(format!("close it with `{right}`"))
}

/// A parser's error in words that say what to write.
fn fault(error: &ParseError, source: &str) -> Box<Fault> {
    let range = error.location;
    let line = &source[lines_of(TextRange::empty(range.start()), source)];
    let there = source.get(std::ops::Range::<usize>::from(range)).unwrap_or("").trim();
    let seen = match there {
        "" => "the end of the line".to_owned(),
        text => format!("`{}`", text.lines().next().unwrap_or("")),
    };
    let before = &line[..range.start().to_usize().min(source.len())
        - lines_of(TextRange::empty(range.start()), source).start().to_usize()];
    let (message, expected, fix) =
        habits::words(line, before, there).unwrap_or_else(|| words(error, line, there, &seen));
    Fault::new(range, format!("this is not Python: {message}; {fix}"))
        .rule(Rule::Syntax)
        .seen(seen, expected)
        .fix(fix)
}

/// What is wrong, what was expected, and what to do.
fn words(error: &ParseError, line: &str, there: &str, seen: &str) -> (String, String, String) {
    let own =
        |message: &str, expected: &str, fix: &str| (message.to_owned(), expected.to_owned(), fix.to_owned());
    match &error.error {
        _ if names_lambda(line) => {
            own("`lambda` is a word of Python and cannot be a name", "another name", "call it `lam`")
        }
        _ if error.error.to_string().contains("indented block") => own(
            "nothing is indented below the line before",
            "indented lines",
            "indent the lines that belong to it",
        ),
        _ if is_indentation(error) => own(
            "this line is indented otherwise than the lines around it",
            "the indentation of the lines around it",
            "indent it as they are",
        ),
        ParseErrorType::SimpleStatementsOnSameLine if there.starts_with('~') => {
            let name = line.split('~').next().unwrap_or_default().trim();
            let fix = format!("write `{name} = pm.Normal(\"{name}\", ...)`");
            own("`~` declares no variable", "a declaration with `=`", &fix)
        }
        ParseErrorType::SimpleStatementsOnSameLine => own(
            &format!("{seen} follows a complete statement"),
            "an operator, a comma or a new line",
            &format!("put what is missing before {seen}"),
        ),
        ParseErrorType::ExpectedToken { expected, .. } => {
            let expected = expected.to_string();
            let (place, fix) = match there {
                "" => ("at the end of the line".to_owned(), format!("end the line with {expected}")),
                _ => (format!("before {seen}"), format!("put {expected} before {seen}")),
            };
            (format!("{expected} is missing {place}"), expected, fix)
        }
        ParseErrorType::PositionalAfterKeywordArgument => own(
            &format!("the argument {seen} has no name, but stands after arguments with names"),
            "arguments without names first",
            "give it its name, or move it to the front",
        ),
        other if is_unclosed_text(other) => {
            own("a text is never closed", "a closing quote", "close it with the quote that opens it")
        }
        _ if matches!(there, ")" | "]" | "}") => {
            own(&format!("{seen} closes nothing"), "brackets in pairs", "leave it out, or open it before")
        }
        ParseErrorType::ExpectedExpression => {
            own(&format!("an expression is missing before {seen}"), "an expression", "complete the line")
        }
        other => own(&lower_first(&other.to_string()), "Python", &format!("correct what stands at {seen}")),
    }
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

/// `lambda = 3`, or `lambda` as the name of an argument.
fn names_lambda(line: &str) -> bool {
    line.match_indices("lambda").any(|(at, word)| {
        let is_word = line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let rest = line[at + word.len()..].trim_start();
        is_word && rest.starts_with('=') && !rest.starts_with("==")
    })
}

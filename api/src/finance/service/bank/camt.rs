//! ISO 20022 camt.053, "bank to customer statement": every version, by the local names of its elements, which stayed the same
//! from .02 to .13 where they matter here.

use chrono::NaiveDate;
use roxmltree::{Document, Node, ParsingOptions};

use super::statement::{LINES_MAX, Line, Statement, refused, words};
use crate::{
    error::{Error, Result},
    money,
};

/// Elements, attributes and texts of one file: a line of a statement has about a hundred.
const NODES_MAX: u32 = 200 * 100_000;
/// What a payer writes who has no reference to give.
const NOT_PROVIDED: &str = "NOTPROVIDED";

/// Reads the statements of a file.
pub fn read(content: &str) -> Result<Vec<Statement>> {
    let content = content.trim_start_matches('\u{feff}').trim_start();
    let options = ParsingOptions { allow_dtd: false, nodes_limit: NODES_MAX, ..ParsingOptions::default() };
    let document = Document::parse_with_options(content, options).map_err(|error| not_xml(&error))?;
    let message = message(&document)?;
    let statements: Vec<_> = children(message, "Stmt").collect();
    if statements.is_empty() {
        return Err(wrong(message, "holds no statement (Stmt)", "ამონაწერი (Stmt) არ ახლავს"));
    }
    statements.into_iter().map(statement).collect()
}

fn not_xml(error: &roxmltree::Error) -> Error {
    let at = error.pos();
    refused(
        format!("Line {}, column {}: this is not well-formed XML ({error}).", at.row, at.col),
        format!("სტრიქონი {}, სვეტი {}: XML დაზიანებულია ({error}).", at.row, at.col),
    )
}

/// The message in its envelope; other messages of the family are named for what they are.
fn message<'a>(document: &'a Document<'a>) -> Result<Node<'a, 'a>> {
    let root = document.root_element();
    if let Some(message) = child(root, "BkToCstmrStmt") {
        return Ok(message);
    }
    let kind = match root.children().find(Node::is_element).map(|node| node.tag_name().name()) {
        Some("BkToCstmrAcctRpt") => "camt.052 (BkToCstmrAcctRpt)",
        Some("BkToCstmrDbtCdtNtfctn") => "camt.054 (BkToCstmrDbtCdtNtfctn)",
        _ => root.tag_name().name(),
    };
    Err(wrong(
        root,
        &format!("is {kind}; a statement is camt.053 (Document/BkToCstmrStmt)"),
        &format!("არის {kind}; ამონაწერია camt.053 (Document/BkToCstmrStmt)"),
    ))
}

fn statement(node: Node<'_, '_>) -> Result<Statement> {
    let opening = balance(node, &["OPBD", "PRCD"])?;
    let closing = balance(node, &["CLBD"])?;
    if opening.currency != closing.currency {
        return Err(wrong(node, "opens and closes in different currencies", "იხსნება და იხურება სხვადასხვა ვალუტაში"));
    }
    let currency = closing.currency;
    let mut lines = Vec::new();
    for entry in children(node, "Ntry").filter(|entry| is_booked(*entry)) {
        lines.extend(entry_lines(entry, currency)?);
        if lines.len() > LINES_MAX {
            return Err(wrong(entry, "is one line too many: at most 100,000", "ზედმეტია: არაუმეტეს 100 000 სტრიქონი"));
        }
    }
    let period = child(node, "FrToDt");
    let day = |name: &str| period.and_then(|period| child(period, name)).map(day_of).transpose();
    let dates = || lines.iter().map(|line: &Line| line.date);
    let from = day("FrDtTm")?.or_else(|| dates().min()).unwrap_or(opening.date);
    let to = day("ToDtTm")?.or_else(|| dates().max()).unwrap_or(closing.date).max(closing.date);
    let account = child(node, "Acct").and_then(|account| child(account, "Id"));
    let statement = Statement {
        reference: text(node, &["Id"]).or_else(|| text(node, &["ElctrncSeqNb"])),
        account: account.and_then(account_id),
        currency: currency.to_owned(),
        from: from.min(to),
        to,
        opening_minor: opening.minor,
        closing_minor: closing.minor,
        lines,
    };
    statement.check()?;
    Ok(statement)
}

/// A signed amount of a currency, on a day.
struct Balance<'a> {
    minor: i64,
    currency: &'a str,
    date: NaiveDate,
}

/// The first balance of one of some kinds, the first kind first.
fn balance<'a>(statement: Node<'a, 'a>, kinds: &[&str]) -> Result<Balance<'a>> {
    let of_kind = |kind: &str| {
        children(statement, "Bal").find(|balance| text(*balance, &["Tp", "CdOrPrtry", "Cd"]).as_deref() == Some(kind))
    };
    let Some(node) = kinds.iter().find_map(|kind| of_kind(kind)) else {
        let kinds = kinds.join("/");
        return Err(wrong(
            statement,
            &format!("has no balance (Bal) of kind {kinds}"),
            &format!("ნაშთი (Bal) {kinds} არ ახლავს"),
        ));
    };
    let amount = needed(node, "Amt")?;
    let currency = currency_of(amount)?;
    let minor = sign(node)? * minor(amount, currency)?;
    Ok(Balance { minor, currency, date: date(needed(node, "Dt")?)? })
}

/// Whether the bank has booked an entry: what is pending or only told moves no booked balance.
fn is_booked(entry: Node<'_, '_>) -> bool {
    let status = text(entry, &["Sts", "Cd"]).or_else(|| text(entry, &["Sts"]));
    status.is_none_or(|status| status == "BOOK")
}

/// The lines of an entry: one for each of a batch's transactions, where their amounts make the entry's.
fn entry_lines(entry: Node<'_, '_>, currency: &str) -> Result<Vec<Line>> {
    let amount = needed(entry, "Amt")?;
    let given = currency_of(amount)?;
    if given != currency {
        return Err(wrong(
            amount,
            &format!("is in {given}, and the statement in {currency}"),
            &format!("არის {given} ვალუტაში, ამონაწერი კი – {currency}"),
        ));
    }
    let amount_minor = sign(entry)? * minor(amount, currency)?;
    let mut booked = Line {
        date: date(child(entry, "BookgDt").map_or_else(|| needed(entry, "ValDt"), Ok)?)?,
        value_date: child(entry, "ValDt").map(date).transpose()?,
        amount_minor,
        description: text(entry, &["AddtlNtryInf"]),
        bank_reference: text(entry, &["AcctSvcrRef"]).or_else(|| text(entry, &["NtryRef"])),
        ..Line::default()
    };
    let details: Vec<_> = children(entry, "NtryDtls").flat_map(|details| children(details, "TxDtls")).collect();
    let reversed = text(entry, &["RvslInd"]).is_some_and(|text| matches!(text.as_str(), "true" | "1"));
    match details.as_slice() {
        [] => Ok(vec![booked]),
        [one] => {
            tell(&mut booked, *one, (amount_minor > 0) != reversed);
            Ok(vec![booked])
        }
        many => {
            if let Some(amounts) = batch(many, amount_minor, currency)? {
                return Ok(each(&booked, many, &amounts, reversed));
            }
            booked.description = joined([booked.description, Some(format!("× {}", many.len()))]);
            Ok(vec![booked])
        }
    }
}

fn each(booked: &Line, details: &[Node<'_, '_>], amounts: &[i64], reversed: bool) -> Vec<Line> {
    let place = |(place, (node, amount)): (usize, (&Node<'_, '_>, &i64))| {
        let mut line = Line { amount_minor: *amount, ..booked.clone() };
        tell(&mut line, *node, (*amount > 0) != reversed);
        // The transactions of a batch may share the entry's reference.
        if line.bank_reference == booked.bank_reference {
            line.bank_reference = booked.bank_reference.as_ref().map(|of| format!("{of}/{}", place + 1));
        }
        line
    };
    details.iter().zip(amounts).enumerate().map(place).collect()
}

/// The amounts of a batch's transactions, where each has one in the account's currency and they make the entry's.
fn batch(details: &[Node<'_, '_>], entry_minor: i64, currency: &str) -> Result<Option<Vec<i64>>> {
    let mut amounts = Vec::with_capacity(details.len());
    for details in details {
        let amount = child(*details, "Amt").or_else(|| {
            let amounts = child(*details, "AmtDtls")?;
            child(child(amounts, "TxAmt")?, "Amt")
        });
        let Some(amount) = amount.filter(|amount| amount.attribute("Ccy") == Some(currency)) else { return Ok(None) };
        let sign = if child(*details, "CdtDbtInd").is_some() { sign(*details)? } else { entry_minor.signum() };
        amounts.push(sign * minor(amount, currency)?);
    }
    let sum: i128 = amounts.iter().copied().map(i128::from).sum();
    Ok((sum == i128::from(entry_minor)).then_some(amounts))
}

/// Adds what a transaction tells of itself; `from` says that the other one paid.
fn tell(line: &mut Line, details: Node<'_, '_>, from: bool) {
    let (party, account, ultimate) =
        if from { ("Dbtr", "DbtrAcct", "UltmtDbtr") } else { ("Cdtr", "CdtrAcct", "UltmtCdtr") };
    let parties = child(details, "RltdPties");
    let name = |role: &str| {
        let party = child(parties?, role)?;
        text(party, &["Nm"]).or_else(|| text(party, &["Pty", "Nm"]))
    };
    line.counterparty = name(party).or_else(|| name(ultimate));
    line.iban = parties.and_then(|parties| account_id(child(child(parties, account)?, "Id")?));
    line.tax_number = parties.and_then(|parties| tax_number(child(parties, party)?));
    let refs = child(details, "Refs");
    let reference = |name: &str| text(refs?, &[name]).filter(|text| text != NOT_PROVIDED);
    line.end_to_end_id = reference("EndToEndId");
    line.bank_reference = reference("AcctSvcrRef").or_else(|| line.bank_reference.take());
    let remittance: Vec<_> = children(details, "RmtInf").collect();
    let structured = || remittance.iter().flat_map(|info| children(*info, "Strd"));
    let documents = structured().flat_map(|info| children(info, "RfrdDocInf")).map(|document| text(document, &["Nb"]));
    line.reference = joined(structured().map(|info| text(info, &["CdtrRefInf", "Ref"])).chain(documents));
    let free = remittance.iter().flat_map(|info| children(*info, "Ustrd"));
    let more = structured().flat_map(|info| children(info, "AddtlRmtInf"));
    line.description = joined(free.chain(more).map(|node| words(node.text()?)))
        .or_else(|| text(details, &["AddtlTxInf"]))
        .or_else(|| line.description.take());
}

fn account_id(id: Node<'_, '_>) -> Option<String> {
    text(id, &["IBAN"]).or_else(|| text(id, &["Othr", "Id"]))
}

/// The tax number in a party's identification, for an organisation or a person.
fn tax_number(party: Node<'_, '_>) -> Option<String> {
    let party = child(party, "Pty").unwrap_or(party);
    let id = child(party, "Id")?;
    ["OrgId", "PrvtId"].into_iter().find_map(|kind| text(child(id, kind)?, &["Othr", "Id"]))
}

fn joined(texts: impl IntoIterator<Item = Option<String>>) -> Option<String> {
    let texts: Vec<String> = texts.into_iter().flatten().collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

// --- elements ---

fn children<'a>(node: Node<'a, 'a>, name: &'static str) -> impl Iterator<Item = Node<'a, 'a>> {
    node.children().filter(move |child| child.is_element() && child.tag_name().name() == name)
}

fn child<'a>(node: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    node.children().find(|child| child.is_element() && child.tag_name().name() == name)
}

fn needed<'a>(node: Node<'a, 'a>, name: &str) -> Result<Node<'a, 'a>> {
    let missing = || wrong(node, &format!("has no {name}"), &format!("ელემენტი {name} არ ახლავს"));
    child(node, name).ok_or_else(missing)
}

fn text(node: Node<'_, '_>, path: &[&str]) -> Option<String> {
    let mut node = node;
    for name in path {
        node = child(node, name)?;
    }
    words(node.text()?)
}

/// What is wrong with an element: its line, its name, and what would be right.
fn wrong(node: Node<'_, '_>, en: &str, ka: &str) -> Error {
    let at = node.document().text_pos_at(node.range().start);
    let name = node.tag_name().name();
    refused(format!("Line {}: {name} {en}.", at.row), format!("სტრიქონი {}: {name} – {ka}.", at.row))
}

fn currency_of<'a>(amount: Node<'a, 'a>) -> Result<&'a str> {
    let code = amount.attribute("Ccy").unwrap_or_default();
    money::currency("content", code)
        .map_err(|_| wrong(amount, "has no currency (Ccy) of ISO 4217", "ISO 4217-ის ვალუტა (Ccy) არ ახლავს"))?;
    Ok(code)
}

fn minor(amount: Node<'_, '_>, currency: &str) -> Result<i64> {
    let given = amount.text().unwrap_or_default().trim();
    let parsed = crate::text::decimal(given).filter(|parsed| !parsed.is_sign_negative());
    parsed.and_then(|parsed| money::to_minor("content", parsed, currency).ok()).ok_or_else(|| {
        wrong(
            amount,
            &format!("is {given:?}, not an amount such as 12.50 in {currency}"),
            &format!("არის {given:?} და არა {currency}-ის თანხა, მაგალითად 12.50"),
        )
    })
}

fn sign(node: Node<'_, '_>) -> Result<i64> {
    let indicator = needed(node, "CdtDbtInd")?;
    match indicator.text().map(str::trim) {
        Some("CRDT") => Ok(1),
        Some("DBIT") => Ok(-1),
        _ => Err(wrong(indicator, "is CRDT or DBIT", "არის CRDT ან DBIT")),
    }
}

/// A day, given as one or as an instant of the bank's own day.
fn date(node: Node<'_, '_>) -> Result<NaiveDate> {
    let inner = child(node, "Dt").or_else(|| child(node, "DtTm"));
    day_of(inner.unwrap_or(node))
}

fn day_of(node: Node<'_, '_>) -> Result<NaiveDate> {
    let given = node.text().unwrap_or_default().trim();
    given.get(..10).and_then(crate::text::day).ok_or_else(|| {
        wrong(
            node,
            &format!("is {given:?}, not a day such as 2026-01-31"),
            &format!("არის {given:?} და არა თარიღი, მაგალითად 2026-01-31"),
        )
    })
}

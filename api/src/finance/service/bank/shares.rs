//! Which line of a statement pays which part of what.

use kamara_entities::{SubLedger, bank_account, bank_statement_line};
use rust_decimal::Decimal;

use crate::{
    error::{Error, Result, Text},
    finance::service::payment::{NewAllocation, Party},
    money,
};

/// Who pays or is paid, and in which sub-ledger; the usual one of the party and the direction unless said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Payer {
    pub(super) party: Party,
    pub(super) sub_ledger: Option<SubLedger>,
}

/// What is paid of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    /// Place among what was given.
    pub(super) place: usize,
    pub(super) payer: Payer,
    /// How much of the lines it takes, in their currency.
    pub(super) minor: i64,
    pub(super) allocation: NewAllocation,
}

/// A payment that is to be recorded.
#[derive(Clone, Debug)]
pub(super) struct Share {
    /// Place of the line.
    pub(super) line: usize,
    pub(super) payer: Payer,
    pub(super) amount_minor: i64,
    pub(super) allocations: Vec<NewAllocation>,
}

/// Gives each line what it pays, in the order of both; what no document takes is `rest`'s, or whose all the documents are.
pub(super) fn share_out(
    account: &bank_account::Model,
    lines: &[bank_statement_line::Model],
    parts: Vec<Part>,
    rest: Option<Payer>,
) -> Result<Vec<Share>> {
    let paid = money::sum("lineIds", lines.iter().map(|line| line.amount_minor.abs()))?;
    let taken = money::sum("allocations", parts.iter().map(|part| part.minor))?;
    let only = parts.first().map(|part| part.payer).filter(|only| parts.iter().all(|part| part.payer == *only));
    // The rest of what somebody named pays besides is theirs in the same sub-ledger.
    let rest = match (rest, only) {
        (Some(rest), Some(only)) if rest.party == only.party => Some(only),
        (rest, only) => rest.or(only),
    };
    if taken > paid || (taken < paid && rest.is_none()) {
        return Err(unequal(account, taken, paid));
    }
    let mut parts = parts.into_iter();
    let mut part = parts.next();
    let mut shares: Vec<Share> = Vec::new();
    for (line, row) in lines.iter().enumerate() {
        let (begin, mut left) = (shares.len(), row.amount_minor.abs());
        while let Some(now) = part.filter(|_| left > 0) {
            let minor = now.minor.min(left);
            let allocation = if minor == now.minor { now.allocation } else { split(account, &now, minor)? };
            let share = share_of(&mut shares, begin, line, now.payer);
            share.amount_minor += minor;
            share.allocations.push(allocation);
            left -= minor;
            part = if minor < now.minor { Some(remainder(&now, minor, &allocation)) } else { parts.next() };
        }
        if let Some(rest) = rest.filter(|_| left > 0) {
            share_of(&mut shares, begin, line, rest).amount_minor += left;
        }
    }
    Ok(shares)
}

/// The payment of a line that is somebody's, begun if there is none yet.
fn share_of(shares: &mut Vec<Share>, begin: usize, line: usize, payer: Payer) -> &mut Share {
    let at = (begin..shares.len()).find(|at| shares[*at].payer == payer).unwrap_or(shares.len());
    if at == shares.len() {
        shares.push(Share { line, payer, amount_minor: 0, allocations: Vec::new() });
    }
    &mut shares[at]
}

/// What one line pays of a part that several lines pay. Of a document in another currency nobody could say which line pays how much.
fn split(account: &bank_account::Model, part: &Part, minor: i64) -> Result<NewAllocation> {
    if part.allocation.paid_amount.is_some() {
        let message = Text::fixed(
            "What is in another currency is paid by one line. Confirm the lines one by one.",
            "სხვა ვალუტის დოკუმენტს ერთი სტრიქონი ფარავს. სტრიქონები ცალ-ცალკე დაადასტურეთ.",
        );
        return Err(Error::invalid(format!("allocations.{}.paidAmount", part.place), message));
    }
    Ok(NewAllocation { amount: money::from_minor(minor, &account.currency), ..part.allocation })
}

fn remainder(part: &Part, minor: i64, taken: &NewAllocation) -> Part {
    let amount: Decimal = part.allocation.amount - taken.amount;
    Part { minor: part.minor - minor, allocation: NewAllocation { amount, ..part.allocation }, ..*part }
}

fn unequal(account: &bank_account::Model, taken: i64, paid: i64) -> Error {
    let show = |minor| format!("{} {}", money::from_minor(minor, &account.currency), account.currency);
    let (taken, paid) = (show(taken), show(paid));
    let message = Text::new(
        format!("The parts make {taken}, and the bank says {paid}. Say whose the rest is, or change the parts."),
        format!("ნაწილების ჯამია {taken}, ბანკის თანხა კი {paid}. მიუთითეთ, ვისია დანარჩენი, ან შეცვალეთ ნაწილები."),
    );
    Error::invalid("allocations", message)
}

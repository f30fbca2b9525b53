"""Posts invoices by Tryton 8, for BENCHMARKS.md: `python tryton.py HOST PORT USER COUNT`.

Runs in a Python with trytond, trytond_account_invoice, proteus and psycopg (see tests/scripts/bench), on a database of its own
in the cluster that Kamara is measured on. Each invoice is like Kamara's: one line, one tax. Prints two figures, in invoices a
second: made and posted one by one, each in transactions of its own as a client does it; and made and posted in one batch.
"""
import datetime as dt
import os
import sys
import time
from decimal import Decimal

host, port, user, count = sys.argv[1:]
os.environ["TRYTOND_DATABASE__URI"] = f"postgresql://{user}@{host}:{port}/"
os.environ["DB_NAME"] = "tryton"

from proteus import Model  # noqa: E402
from trytond.config import config  # noqa: E402

config.set("database", "uri", os.environ["TRYTOND_DATABASE__URI"])

from trytond.modules.account.tests.tools import create_chart, create_fiscalyear, create_tax, get_accounts  # noqa: E402
from trytond.modules.account_invoice.tests.tools import (  # noqa: E402
    create_payment_term,
    set_fiscalyear_invoice_sequences,
)
from trytond.modules.company.tests.tools import create_company, get_company  # noqa: E402
from trytond.tests.tools import activate_modules  # noqa: E402

today = dt.date.today()
activate_modules("account_invoice", create_company, create_chart)
company = get_company()
identifier = company.party.identifiers.new()
identifier.type = "eu_vat"
identifier.code = "BE0897290877"
company.party.save()
fiscalyear = set_fiscalyear_invoice_sequences(create_fiscalyear(today=today))
fiscalyear.click("create_period")
accounts = get_accounts()
tax = create_tax(Decimal(".18"))
tax.save()
party = Model.get("party.party")(name="Client")
party.save()
term = create_payment_term()
term.save()
Invoice = Model.get("account.invoice")


def draft():
    invoice = Invoice(type="out")
    invoice.party = party
    invoice.account = accounts["receivable"]
    invoice.payment_term = term
    invoice.invoice_date = today
    line = invoice.lines.new()
    line.account = accounts["revenue"]
    line.description = "Audit"
    line.quantity = 12.5
    line.unit_price = Decimal("180.00")
    line.taxes.append(type(tax)(tax.id))
    return invoice


def rate(number, run):
    began = time.perf_counter()
    run(number)
    return number / (time.perf_counter() - began)


def one_by_one(number):
    for _ in range(number):
        invoice = draft()
        invoice.save()
        invoice.click("post")


def in_a_batch(number):
    invoices = [draft() for _ in range(number)]
    Invoice.save(invoices)
    Invoice.click(invoices, "post")


one_by_one(2)
print(f"{rate(int(count), one_by_one):.2f} {rate(int(count) * 4, in_a_batch):.2f}")

import { useTranslation } from 'react-i18next';
import { ApplyCreditNoteDocument, IssueInvoiceDocument, SetEinvoiceDocument, VoidInvoiceDocument, type InvoiceQuery } from '../gql';
import { useAct } from '../lib/api';
import { isZero } from '../lib/decimal';
import { formatMoney } from '../lib/format';
import { useLang, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { query } from '../ui/entity';
import { LinkButton } from '../ui/Page';
import { Settle } from './allocations';
import { Einvoice } from './einvoice';
import { PayOut } from './payOut';
import { Repeat } from './recurring';
import { WriteOff } from './writeOff';

type Bill = InvoiceQuery['invoice'];

/** What can be done with an invoice or a credit note, as it stands. */
export function Acts({ invoice }: { invoice: Bill }) {
  const { t } = useTranslation();
  const lang = useLang();
  const today = useToday();
  const [issue, cancel] = [useAct(IssueInvoiceDocument), useAct(VoidInvoiceDocument)];
  const total = formatMoney(invoice.total, lang);
  const credit = invoice.kind === 'CREDIT_NOTE';
  if (invoice.status === 'DRAFT') {
    return (
      <>
        <Act
          label={t('invoices.issue')}
          text={t(credit ? 'invoices.creditIssueText' : 'invoices.issueText', { total })}
          run={() => issue.mutateAsync({ input: { id: invoice.id, version: invoice.version } })}
          primary
        />
        <Repeat invoice={invoice} />
      </>
    );
  }
  if (invoice.status === 'VOID') return null;
  return (
    <>
      {credit ? <UseUp note={invoice} /> : <Collect invoice={invoice} />}
      {isZero(invoice.paid.amount) && (invoice.journalEntry || isZero(invoice.total.amount)) ? (
        <Act
          label={t('invoices.void')}
          text={t(credit ? 'invoices.creditVoidText' : 'invoices.voidText', { number: invoice.number, total })}
          fields={[{ name: 'date', label: t('field.date'), kind: 'date' }]}
          defaults={{ date: today }}
          run={(input) => cancel.mutateAsync({ input: { ...input, id: invoice.id } })}
          danger
        />
      ) : null}
      <Einvoice record={invoice} document={SetEinvoiceDocument} />
      <Repeat invoice={invoice} />
    </>
  );
}

/** What is left of a credit note settles other invoices, or is paid back. */
function UseUp({ note }: { note: Bill }) {
  const { t } = useTranslation();
  const lang = useLang();
  const apply = useAct(ApplyCreditNoteDocument);
  const { id, company, due } = note;
  if (isZero(due.amount)) return null;
  return (
    <>
      <Settle
        side={{ partyId: company.id, subLedger: 'RECEIVABLE', direction: 'IN' }}
        party={company.name}
        left={due}
        run={(input) => apply.mutateAsync({ input: { ...input, id } })}
      />
      <PayOut
        label={t('invoices.refund')}
        text={t('invoices.refundText', { company: company.name, due: formatMoney(due, lang) })}
        due={due}
        to={{ companyId: company.id, subLedger: 'RECEIVABLE' }}
        settles={{ invoiceId: id }}
        primary={false}
      />
      <WriteOff of={{ invoiceId: id }} due={due} gain />
    </>
  );
}

/** The ways in which an issued invoice is settled: it is paid, credited or written off. */
function Collect({ invoice }: { invoice: Bill }) {
  const { t } = useTranslation();
  const open = !isZero(invoice.due.amount);
  return (
    <>
      {open ? (
        <LinkButton to={`/finance/payments/new${query({ companyId: invoice.company.id, invoiceId: invoice.id })}`} primary>
          {t('payments.new')}
        </LinkButton>
      ) : null}
      <LinkButton to={`/finance/invoices/${invoice.id}/credit`}>{t('bills.credit')}</LinkButton>
      <WriteOff of={{ invoiceId: invoice.id }} due={invoice.due} />
    </>
  );
}

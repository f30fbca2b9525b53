import { useTranslation } from 'react-i18next';
import type { DealStatus, InvoiceKind, InvoiceStatus, MoneyFieldsFragment, ProjectStatus } from '../gql';
import { isZero } from '../lib/decimal';
import type { Column } from './DataTable';
import { DateText, Money, Quantity, Status } from './values';

interface DealRow {
  name: string;
  status: DealStatus;
  stage: { name: string };
  amount: MoneyFieldsFragment;
}
interface ProjectRow {
  name: string;
  code: string | null;
  status: ProjectStatus;
  hours: string;
}
interface InvoiceRow {
  kind: InvoiceKind;
  number: string | null;
  status: InvoiceStatus;
  overdue: boolean;
  date: string;
  dueDate: string;
  total: MoneyFieldsFragment;
  due: MoneyFieldsFragment;
}

export function useDealColumns(): Column<DealRow>[] {
  const { t } = useTranslation();
  return [
    { key: 'name', label: t('field.name'), cell: (row) => row.name },
    { key: 'stage', label: t('field.stage'), cell: (row) => row.stage.name },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'amount', label: t('field.amount'), cell: (row) => <Money value={row.amount} />, numeric: true },
  ];
}

export function useProjectColumns(): Column<ProjectRow>[] {
  const { t } = useTranslation();
  return [
    { key: 'name', label: t('field.name'), cell: (row) => (row.code ? `${row.code} ${row.name}` : row.name) },
    { key: 'status', label: t('field.status'), cell: (row) => <Status value={row.status} /> },
    { key: 'hours', label: t('projects.hours'), cell: (row) => <Quantity value={row.hours} />, numeric: true },
  ];
}

export function useInvoiceColumns(): Column<InvoiceRow>[] {
  const { t } = useTranslation();
  return [
    { key: 'number', label: t('invoices.number'), cell: (row) => row.number ?? t('invoices.noNumber') },
    { key: 'status', label: t('field.status'), cell: (row) => <InvoiceState row={row} /> },
    { key: 'date', label: t('field.date'), cell: (row) => <DateText value={row.date} /> },
    { key: 'dueDate', label: t('invoices.dueDate'), cell: (row) => <DateText value={row.dueDate} /> },
    { key: 'total', label: t('invoices.total'), cell: (row) => <Money value={row.total} />, numeric: true },
    { key: 'due', label: t('invoices.due'), cell: (row) => <StillOpen value={row.due} />, numeric: true },
  ];
}

/** Nothing open stays blank. */
export function StillOpen({ value }: { value: MoneyFieldsFragment }) {
  return isZero(value.amount) ? null : <Money value={value} />;
}

export function InvoiceState({ row }: { row: { kind: InvoiceKind; status: InvoiceStatus; overdue: boolean } }) {
  return (
    <span className="statuses">
      {row.kind === 'CREDIT_NOTE' ? <Status value="CREDIT_NOTE" /> : null}
      <Status value={row.status} />
      {row.overdue ? <Status value="OVERDUE" /> : null}
    </span>
  );
}

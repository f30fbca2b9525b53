import { useQuery } from '@tanstack/react-query';
import {
  BillsToSettleDocument,
  ExpensesToSettleDocument,
  InvoicesToSettleDocument,
  PaymentsToSettleDocument,
  type PaymentDirection,
  type SubLedger,
} from '../gql';
import { request } from '../lib/api';
import { isZero } from '../lib/decimal';
import type { ApiError } from '../lib/errors';
import { allPages } from '../lib/pages';
import type { OpenItem } from './settling';

/** Whose open items are settled, and by money of which way: a credit note does it as money received, a supplier's as money paid. */
export interface Side {
  /** The company, or the employee where it's what employees are owed. */
  partyId: string;
  subLedger: SubLedger;
  direction: PaymentDirection;
}

/** As many as the API settles at once. */
export const OPEN_MOST = 1000;

/** What can be settled on a side: documents first, the oldest before others. */
export function useOpenItems(side: Side) {
  const enabled = side.partyId !== '';
  const {
    data = [],
    isPending,
    error,
    refetch,
  } = useQuery<OpenItem[], ApiError>({
    queryKey: ['OpenItems', side],
    queryFn: () => openItems(side),
    enabled,
    // What is open is asked anew each time: somebody else may have settled it.
    staleTime: 0,
  });
  return { items: data, loading: enabled && isPending, error, refetch };
}

export type Open = ReturnType<typeof useOpenItems>;

async function openItems(side: Side): Promise<OpenItem[]> {
  const items = [...(await documents(side)), ...(isBack(side) ? await payments(side) : [])];
  return items.filter(({ due }) => !isZero(due.amount)).slice(0, OPEN_MOST);
}

/** Money goes back: what was paid too much, or is credited, comes home to whom it was from. */
const isBack = ({ subLedger, direction }: Side): boolean => (subLedger === 'RECEIVABLE') !== (direction === 'IN');

function documents(side: Side): Promise<OpenItem[]> {
  switch (side.subLedger) {
    case 'RECEIVABLE':
      return invoices(side);
    case 'PAYABLE':
      return bills(side);
    case 'EMPLOYEE':
      return isBack(side) ? Promise.resolve([]) : expenses(side);
  }
}

async function invoices(side: Side): Promise<OpenItem[]> {
  const kind = { eq: isBack(side) ? 'CREDIT_NOTE' : 'INVOICE' } as const;
  const filter = { companyId: { eq: side.partyId }, kind, status: { in: ['ISSUED' as const, 'PARTLY_PAID' as const] } };
  const rows = await allPages(async (after) => (await request(InvoicesToSettleDocument, { after, filter })).invoices, OPEN_MOST);
  return rows.map(({ id, number, dueDate, due }) => ({ id, as: 'invoiceId', name: number, dueDate, due }));
}

async function bills(side: Side): Promise<OpenItem[]> {
  const kind = { eq: isBack(side) ? 'CREDIT_NOTE' : 'BILL' } as const;
  const filter = { companyId: { eq: side.partyId }, kind, status: { in: ['POSTED' as const, 'PARTLY_PAID' as const] } };
  const rows = await allPages(async (after) => (await request(BillsToSettleDocument, { after, filter })).bills, OPEN_MOST);
  return rows.map(({ id, number, supplierNumber, dueDate, due }) => {
    const name = [number, supplierNumber].filter(Boolean).join(' · ');
    return { id, as: 'billId', name, dueDate, due };
  });
}

async function expenses({ partyId }: Side): Promise<OpenItem[]> {
  const filter = { employeeId: { eq: partyId }, paidByEmployee: true, status: { eq: 'POSTED' as const } };
  const rows = await allPages(async (after) => (await request(ExpensesToSettleDocument, { after, filter })).expenses, OPEN_MOST);
  return rows.map(({ id, description, date, due }) => ({ id, as: 'expenseId', name: description, dueDate: date, due }));
}

/** Payments the other way of which something is left, among the latest. */
async function payments({ partyId, subLedger, direction }: Side): Promise<OpenItem[]> {
  const filter = {
    [subLedger === 'EMPLOYEE' ? 'employeeId' : 'companyId']: { eq: partyId },
    direction: { eq: direction === 'IN' ? ('OUT' as const) : ('IN' as const) },
    status: { eq: 'POSTED' as const },
  };
  const read = async (after: string | null) => (await request(PaymentsToSettleDocument, { after, filter })).payments;
  const rows = (await allPages(read, OPEN_MOST)).filter((payment) => payment.subLedger === subLedger);
  return rows.map(({ id, reference, date, unallocated }) => ({ id, as: 'paymentId', name: reference, dueDate: date, due: unallocated }));
}

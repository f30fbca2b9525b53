import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import { isNegative } from '../lib/decimal';
import { formatAmount, formatDate, formatDecimal, formatInstant, formatMoney, formatRate, type MoneyValue } from '../lib/format';
import { useLang, useMe } from '../lib/session';

export function Money({ value, bare = false }: { value: MoneyValue | null | undefined; bare?: boolean }) {
  const lang = useLang();
  if (!value) return <None />;
  return (
    <span className={numberClass(value.amount)}>{bare ? formatAmount(value.amount, value.currency, lang) : formatMoney(value, lang)}</span>
  );
}

/** An amount in the base currency whose code stands once, at the table's head. */
export function Amount({ value, currency }: { value: string; currency: string }) {
  const lang = useLang();
  return <span className={numberClass(value)}>{formatAmount(value, currency, lang)}</span>;
}

const numberClass = (decimal: string): string => (isNegative(decimal) ? 'figure negative' : 'figure');

export function Quantity({ value, digits = 0 }: { value: string; digits?: number }) {
  return <span className={numberClass(value)}>{formatDecimal(value, useLang(), digits)}</span>;
}

export function Rate({ value, digits = 0 }: { value: string | null | undefined; digits?: number }) {
  const lang = useLang();
  return value == null ? <None /> : <span className={numberClass(value)}>{formatRate(value, lang, digits)}</span>;
}

export function DateText({ value }: { value: string | null | undefined }) {
  const lang = useLang();
  return value ? <time dateTime={value}>{formatDate(value, lang)}</time> : <None />;
}

export function Instant({ value }: { value: string }) {
  const lang = useLang();
  const { tenant } = useMe();
  return <time dateTime={value}>{formatInstant(value, lang, tenant.timeZone)}</time>;
}

export function None() {
  const { t } = useTranslation();
  return (
    <span className="none" title={t('ui.notGiven')}>
      –
    </span>
  );
}

export function Text({ value }: { value: string | null | undefined }): ReactNode {
  return value ? value : <None />;
}

type Tone = 'plain' | 'open' | 'good' | 'bad' | 'off';

const tones: Record<string, Tone> = {
  NEW: 'open',
  OPEN: 'open',
  ISSUED: 'open',
  PARTLY_PAID: 'open',
  ACTIVE: 'open',
  PLANNED: 'plain',
  SUBMITTED: 'open',
  REIMBURSED: 'good',
  CREDIT_NOTE: 'plain',
  ADVANCE: 'plain',
  DRAFT: 'plain',
  WON: 'good',
  PAID: 'good',
  CONVERTED: 'good',
  APPROVED: 'good',
  POSTED: 'good',
  DONE: 'good',
  LOST: 'off',
  VOID: 'off',
  REVERSED: 'off',
  PENDING: 'open',
  REFUSED: 'bad',
  WITHDRAWN: 'off',
  CLOSED: 'good',
  LOCKED: 'off',
  OVERDUE: 'bad',
  SUPERSEDED: 'off',
  MATCHED: 'good',
  IGNORED: 'off',
  RECONCILED: 'good',
  ARCHIVED: 'off',
  FINISHED: 'off',
};

export function Status({ value }: { value: string }) {
  const { t } = useTranslation();
  return <span className={`status ${tones[value] ?? 'plain'}`}>{t(`status.${value}`)}</span>;
}

interface Named {
  id: string;
  name: string;
  code?: string | null;
}

/** A record by its name, one click away. */
export function RecordLink({ to, record }: { to: string; record: Named | null | undefined }) {
  if (!record) return <None />;
  return <Link to={`${to}/${record.id}`}>{record.code ? `${record.code} ${record.name}` : record.name}</Link>;
}

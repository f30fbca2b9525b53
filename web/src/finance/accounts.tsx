import { TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useSearchParams } from 'react-router';
import {
  AccountDocument,
  AccountsDocument,
  AddMissingAccountsDocument,
  ArchiveAccountDocument,
  ChartDocument,
  CreateAccountDocument,
  RestoreAccountDocument,
  UpdateAccountDocument,
  type AccountOrderField,
  type AccountRole,
  type AccountType,
  type AccountsQuery,
  type ChartQuery,
} from '../gql';
import { request, useAct } from '../lib/api';
import { fromMicros, negate } from '../lib/decimal';
import type { ApiError } from '../lib/errors';
import { useCan } from '../lib/session';
import { Act } from '../ui/Act';
import { DataTable, type Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { ErrorNote, LinkButton, Page } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { Money, RecordLink, Text } from '../ui/values';
import { branches, type Branch } from './accountTree';

type Row = AccountsQuery['accounts']['nodes'][number];
const types: AccountType[] = ['ASSET', 'LIABILITY', 'EQUITY', 'INCOME', 'EXPENSE'];
export const roles: AccountRole[] = [
  'CASH',
  'BANK',
  'RECEIVABLE',
  'INPUT_TAX',
  'PAYABLE',
  'OUTPUT_TAX',
  'RETAINED_EARNINGS',
  'REVENUE',
  'COST_OF_SALES',
  'EXPENSE',
  'LABOUR',
  'LABOUR_ABSORBED',
  'EXCHANGE_DIFFERENCE',
  'UNREALISED_EXCHANGE',
  'BANK_TRANSIT',
  'CUSTOMER_ADVANCE',
  'SUPPLIER_ADVANCE',
  'EMPLOYEE_PAYABLE',
  'DEFERRED_REVENUE',
  'UNBILLED_REVENUE',
  'WITHHOLDING_TAX',
  'WRITE_OFF',
  'OPENING_BALANCE',
];

/** On the side where such an account usually stands; a minus says that it stands on the other. */
function Balance({ account }: { account: Pick<Row, 'type' | 'balance'> }) {
  const debit = account.type === 'ASSET' || account.type === 'EXPENSE';
  const { amount, currency } = account.balance;
  return <Money value={{ amount: debit ? amount : negate(amount), currency }} />;
}

export function AccountList() {
  const [params] = useSearchParams();
  return params.has('archived') ? <AccountTable /> : <Chart />;
}

type Node = ChartQuery['accounts']['nodes'][number];

async function wholeChart(): Promise<Node[]> {
  const accounts: Node[] = [];
  let after: string | null = null;
  do {
    const page: ChartQuery['accounts'] = (await request(ChartDocument, { after })).accounts;
    accounts.push(...page.nodes);
    after = page.pageInfo.hasNextPage ? (page.pageInfo.endCursor ?? null) : null;
  } while (after !== null);
  return accounts;
}

/** The chart of accounts as a tree; groups have the balance of what they hold. */
function Chart() {
  const { t } = useTranslation();
  const can = useCan();
  const [words, setWords] = useState('');
  const add = useAct(AddMissingAccountsDocument);
  const chart = useQuery<Node[], ApiError>({ queryKey: ['Chart'], queryFn: wholeChart });
  const columns: Column<Branch<Node>>[] = [
    {
      key: 'account',
      label: t('field.account'),
      cell: ({ account, depth }) => (
        <span className={account.isGroup ? 'branch group' : 'branch'} style={{ paddingLeft: depth * 20 }}>
          <Link to={`/finance/accounts/${account.id}`}>
            {account.code} {account.name}
          </Link>
        </span>
      ),
    },
    { key: 'type', label: t('accounts.type'), cell: ({ account }) => t(`accountType.${account.type}`), wide: true },
    { key: 'role', label: t('accounts.role'), cell: ({ account }) => account.role && t(`accountRole.${account.role}`), wide: true },
    {
      key: 'balance',
      label: t('accounts.balance'),
      cell: ({ account, total }) =>
        total === 0n ? null : (
          <span className={account.isGroup ? 'branch group' : ''}>
            <Balance account={{ type: account.type, balance: { ...account.balance, amount: fromMicros(total, 2) } }} />
          </span>
        ),
      numeric: true,
    },
  ];
  const rows = branches(chart.data ?? [], words);
  return (
    <Page
      title={t('nav.accounts')}
      actions={
        can('FINANCE_WRITE') ? (
          <>
            <LinkButton to="/finance/opening-balances">{t('opening.title')}</LinkButton>
            <Act label={t('accounts.addMissing')} text={t('accounts.addMissingText')} run={() => add.mutateAsync({})} />
            <LinkButton to="/finance/accounts/new" primary>
              {t('accounts.new')}
            </LinkButton>
          </>
        ) : null
      }
    >
      <div className="period">
        <TextInput
          type="search"
          aria-label={t('accounts.search')}
          placeholder={t('accounts.search')}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Link to="/finance/accounts?archived=1">{t('accounts.archived')}</Link>
      </div>
      {chart.error ? <ErrorNote error={chart.error} retry={chart.refetch} /> : null}
      {chart.data && rows.length === 0 ? <p className="muted">{t('accounts.empty')}</p> : null}
      {rows.length > 0 ? (
        <DataTable dense label={t('nav.accounts')} columns={columns} rows={rows} rowKey={({ account }) => account.id} />
      ) : null}
    </Page>
  );
}

function AccountTable() {
  const { t } = useTranslation();
  const can = useCan();
  const columns: Column<Row, AccountOrderField>[] = [
    { key: 'code', label: t('field.code'), cell: (row) => row.code, sort: 'CODE' },
    { key: 'name', label: t('field.name'), cell: (row) => row.name },
    { key: 'type', label: t('accounts.type'), cell: (row) => t(`accountType.${row.type}`) },
    { key: 'role', label: t('accounts.role'), cell: (row) => <Text value={row.role && t(`accountRole.${row.role}`)} />, wide: true },
    { key: 'balance', label: t('accounts.balance'), cell: (row) => <Balance account={row} />, numeric: true },
  ];
  return (
    <ListPage
      title={t('nav.accounts')}
      document={AccountsDocument}
      select={(answer) => answer.accounts}
      columns={columns}
      href={(row) => `/finance/accounts/${row.id}`}
      filters={[{ kind: 'enum', param: 'type', options: types, label: t('accounts.type'), optionLabel: 'accountType' }]}
      order={{ field: 'CODE', direction: 'ASC' }}
      searchLabel={t('accounts.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/accounts/new', label: t('accounts.new') } : null}
      empty={{ title: t('accounts.empty'), text: t('accounts.emptyText') }}
    />
  );
}

export function AccountPage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/finance/accounts"
      up={t('nav.accounts')}
      load={AccountDocument}
      select={(answer) => answer.account}
      title={(account) => `${account.code} ${account.name}`}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveAccountDocument, restore: RestoreAccountDocument }}
      actions={(account) =>
        account.isGroup ? null : (
          <>
            <LinkButton to={`/reports/general-ledger${query({ accountId: account.id })}`}>{t('nav.generalLedger')}</LinkButton>
            <LinkButton to={`/finance/ledger${query({ accountId: account.id })}`}>{t('ledger.lines')}</LinkButton>
          </>
        )
      }
    >
      {(account) => (
        <Facts
          facts={[
            account.isGroup ? null : { label: t('accounts.balance'), value: <Balance account={account} />, figure: true },
            account.parent ? { label: t('accounts.parent'), value: <RecordLink to="/finance/accounts" record={account.parent} /> } : null,
            account.isGroup ? { label: t('accounts.isGroup'), value: t('accounts.isGroupText') } : null,
            { label: t('accounts.type'), value: t(`accountType.${account.type}`) },
            { label: t('accounts.role'), value: <Text value={account.role && t(`accountRole.${account.role}`)} /> },
          ]}
        />
      )}
    </RecordPage>
  );
}

export function AccountForm() {
  const { t } = useTranslation();
  const fields: FieldDef[] = [
    { name: 'code', label: t('field.code'), kind: 'text', required: true, half: true },
    { name: 'name', label: t('field.name'), kind: 'text', required: true, half: true },
    { name: 'type', label: t('accounts.type'), kind: 'enum', options: types, optionLabel: 'accountType', required: true, half: true },
    {
      name: 'role',
      label: t('accounts.role'),
      kind: 'enum',
      options: roles,
      optionLabel: 'accountRole',
      half: true,
      hint: t('accounts.roleHint'),
      when: (values) => values.isGroup !== true,
    },
    {
      name: 'parentId',
      label: t('accounts.parent'),
      kind: 'ref',
      ref: 'account',
      base: (values) => ({ isGroup: true, ...(values.type ? { type: { eq: values.type } } : {}) }),
      read: (record: { parent?: { id: string } | null }) => record.parent?.id,
      half: true,
    },
    { name: 'isGroup', label: t('accounts.isGroup'), kind: 'check', hint: t('accounts.isGroupText'), half: true },
  ];
  return (
    <EntityForm
      path="/finance/accounts"
      titles={{ create: t('accounts.new'), edit: t('accounts.edit') }}
      fields={fields}
      load={AccountDocument}
      select={(answer) => answer.account}
      create={CreateAccountDocument}
      created={(answer) => answer.createAccount.account.id}
      update={UpdateAccountDocument}
    />
  );
}

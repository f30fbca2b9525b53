import { useTranslation } from 'react-i18next';
import {
  AccountDocument,
  AccountsDocument,
  ArchiveAccountDocument,
  CreateAccountDocument,
  RestoreAccountDocument,
  UpdateAccountDocument,
  type AccountOrderField,
  type AccountRole,
  type AccountType,
  type AccountsQuery,
} from '../gql';
import { negate } from '../lib/decimal';
import { useCan } from '../lib/session';
import type { Column } from '../ui/DataTable';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import type { FieldDef } from '../ui/fields';
import { ListPage } from '../ui/ListPage';
import { LinkButton } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { Money, Text } from '../ui/values';

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
];

/** On the side where such an account usually stands; a minus says that it stands on the other. */
function Balance({ account }: { account: Pick<Row, 'type' | 'balance'> }) {
  const debit = account.type === 'ASSET' || account.type === 'EXPENSE';
  const { amount, currency } = account.balance;
  return <Money value={{ amount: debit ? amount : negate(amount), currency }} />;
}

export function AccountList() {
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
      actions={(account) => <LinkButton to={`/finance/ledger${query({ accountId: account.id })}`}>{t('ledger.lines')}</LinkButton>}
    >
      {(account) => (
        <Facts
          facts={[
            { label: t('accounts.balance'), value: <Balance account={account} />, figure: true },
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
    },
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

import { useTranslation } from 'react-i18next';
import {
  ArchiveBankAccountDocument,
  BankAccountDocument,
  BankAccountsDocument,
  BankLinesDocument,
  CreateBankAccountDocument,
  RestoreBankAccountDocument,
  TransferMoneyDocument,
  UpdateBankAccountDocument,
  type BankAccountQuery,
  type TransferMoneyInput,
} from '../gql';
import { useAct, useGql } from '../lib/api';
import { useCan, useMe, useToday } from '../lib/session';
import { Act } from '../ui/Act';
import { EntityForm } from '../ui/EntityForm';
import { query } from '../ui/entity';
import { ListPage } from '../ui/ListPage';
import { LinkButton, Section } from '../ui/Page';
import { Facts, RecordPage } from '../ui/RecordPage';
import { DateText, Money, RecordLink, Text } from '../ui/values';
import { OpenBankLines } from './bankProposals';
import { TransfersOf } from './bankTransfers';

type Account = BankAccountQuery['bankAccount'];

export function BankAccountList() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <ListPage
      title={t('nav.bankAccounts')}
      document={BankAccountsDocument}
      select={(answer) => answer.bankAccounts}
      columns={[
        { key: 'name', label: t('field.name'), cell: (row) => row.name, sort: 'NAME' },
        { key: 'bank', label: t('bank.bankName'), cell: (row) => <Text value={row.bankName} />, wide: true },
        { key: 'iban', label: t('bank.iban'), cell: (row) => <Text value={row.iban} />, wide: true },
        { key: 'open', label: t('bank.openLines'), cell: (row) => row.openLineCount, numeric: true },
        { key: 'until', label: t('bank.statedUntil'), cell: (row) => <DateText value={row.lastStatement?.to} /> },
        { key: 'statement', label: t('bank.byBank'), cell: (row) => <Money value={row.lastStatement?.closingBalance} />, numeric: true },
        { key: 'ledger', label: t('bank.byLedger'), cell: (row) => <Money value={row.ledgerBalance} />, numeric: true },
      ]}
      href={(row) => `/finance/bank/${row.id}`}
      order={{ field: 'NAME', direction: 'ASC' }}
      searchLabel={t('bank.search')}
      create={can('FINANCE_WRITE') ? { to: '/finance/bank/new', label: t('bank.new') } : null}
      empty={{ title: t('bank.empty'), text: t('bank.emptyText') }}
    />
  );
}

export function BankAccountPage() {
  const { t } = useTranslation();
  const can = useCan();
  return (
    <RecordPage
      path="/finance/bank"
      up={t('nav.bankAccounts')}
      load={BankAccountDocument}
      select={(answer) => answer.bankAccount}
      title={(account) => account.name}
      mayEdit={can('FINANCE_WRITE')}
      archive={{ archive: ArchiveBankAccountDocument, restore: RestoreBankAccountDocument }}
      actions={(account) => (
        <>
          <LinkButton to={`/finance/bank-reconciliation${query({ id: account.id })}`}>{t('bank.reconcile')}</LinkButton>
          {can('FINANCE_WRITE') ? <Transfer account={account} /> : null}
          {can('FINANCE_WRITE') ? (
            <LinkButton to={`/finance/bank-import${query({ id: account.id })}`} primary>
              {t('bank.import')}
            </LinkButton>
          ) : null}
        </>
      )}
    >
      {(account) => <AccountBody account={account} />}
    </RecordPage>
  );
}

function AccountBody({ account }: { account: Account }) {
  const { t } = useTranslation();
  const filter = { bankAccountId: { eq: account.id }, status: { eq: 'OPEN' as const } };
  const lines = useGql(BankLinesDocument, { first: 50, filter, orderBy: { field: 'DATE', direction: 'ASC' } }, { keep: true });
  return (
    <>
      <Facts
        facts={[
          { label: t('bank.byBank'), value: <Money value={account.lastStatement?.closingBalance} />, figure: true },
          { label: t('bank.byLedger'), value: <Money value={account.ledgerBalance} />, figure: true },
          { label: t('bank.statedUntil'), value: <DateText value={account.lastStatement?.to} /> },
          { label: t('bank.bankName'), value: <Text value={account.bankName} /> },
          { label: t('bank.iban'), value: <Text value={account.iban} /> },
          { label: t('bank.account'), value: <RecordLink to="/finance/accounts" record={account.account} /> },
        ]}
      />
      <Section
        title={t('bank.toMatch', { count: account.openLineCount })}
        aside={<LinkButton to={`/finance/bank-lines${query({ bankAccountId: account.id })}`}>{t('bank.allLines')}</LinkButton>}
      >
        <OpenBankLines lines={lines.data?.bankStatementLines.nodes ?? []} loading={lines.isPending} />
      </Section>
      <TransfersOf bankAccountId={account.id} />
    </>
  );
}

/** Money to another own account; the other side is matched on that account's statement. */
function Transfer({ account }: { account: Account }) {
  const { t } = useTranslation();
  const today = useToday();
  const base = useMe().tenant.baseCurrency;
  const transfer = useAct(TransferMoneyDocument);
  return (
    <Act
      label={t('bank.transfer')}
      text={t('bank.transferText')}
      fields={[
        { name: 'toBankAccountId', label: t('bank.transferTo'), kind: 'ref', ref: 'bankAccount', required: true },
        { name: 'amount', label: t('bank.leaves', { currency: account.currency }), kind: 'decimal', required: true, half: true },
        { name: 'arrived', label: t('bank.arrives'), kind: 'decimal', half: true, hint: t('bank.arrivesHint') },
        { name: 'date', label: t('bank.leavesOn'), kind: 'date', required: true, half: true },
        { name: 'arrivalDate', label: t('bank.arrivesOn'), kind: 'date', half: true },
        ...(account.currency === base
          ? []
          : [{ name: 'rate', label: t('field.rate', { base, currency: account.currency }), kind: 'decimal' as const, half: true }]),
        { name: 'reference', label: t('payments.reference'), kind: 'text' },
      ]}
      defaults={{ date: today }}
      run={(input) => transfer.mutateAsync({ input: { ...input, fromBankAccountId: account.id } as unknown as TransferMoneyInput })}
    />
  );
}

export function BankAccountForm() {
  const { t } = useTranslation();
  const { tenant } = useMe();
  return (
    <EntityForm
      path="/finance/bank"
      titles={{ create: t('bank.new'), edit: t('bank.edit') }}
      fields={[
        { name: 'name', label: t('field.name'), kind: 'text', required: true, half: true },
        { name: 'currency', label: t('field.currency'), kind: 'currency', required: true, half: true },
        { name: 'iban', label: t('bank.iban'), kind: 'text', half: true },
        { name: 'bankName', label: t('bank.bankName'), kind: 'text', half: true },
        { name: 'bic', label: t('bank.bic'), kind: 'text', half: true },
        {
          name: 'accountId',
          label: t('bank.account'),
          kind: 'ref',
          ref: 'account',
          base: () => ({ role: { eq: 'BANK' } }),
          read: (record: Account) => record.account.id,
          half: true,
          hint: t('bank.accountHint'),
        },
      ]}
      defaults={{ currency: tenant.baseCurrency }}
      load={BankAccountDocument}
      select={(answer) => answer.bankAccount}
      create={CreateBankAccountDocument}
      created={(answer) => answer.createBankAccount.bankAccount.id}
      update={UpdateBankAccountDocument}
    />
  );
}

import { Button, Checkbox, FileInput, SimpleGrid, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNavigate, useSearchParams } from 'react-router';
import {
  BankAccountNameDocument,
  BankFilePreviewDocument,
  ImportBankStatementDocument,
  type BankFilePreviewQuery,
  type ImportBankStatementInput,
} from '../gql';
import { request, useAct, useGql } from '../lib/api';
import { ApiError, toApiError } from '../lib/errors';
import { normaliseDecimal } from '../lib/decimal';
import { useLang } from '../lib/session';
import { DataTable, type Column } from '../ui/DataTable';
import { ErrorNote, Page, Section } from '../ui/Page';
import { Facts } from '../ui/RecordPage';
import { DateText, Money, Text } from '../ui/values';

type Preview = BankFilePreviewQuery['bankFilePreview'];
type Line = Preview['lines'][number];

const columnNames = [
  'date',
  'amount',
  'paidOut',
  'paidIn',
  'balance',
  'counterparty',
  'iban',
  'taxNumber',
  'description',
  'reference',
] as const;

/** A bank's file: chosen, looked over, taken in. */
export function BankImportPage() {
  const { t } = useTranslation();
  const lang = useLang();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const id = params.get('id') ?? '';
  const account = useGql(BankAccountNameDocument, { id });
  const take = useAct(ImportBankStatementDocument);
  const [file, setFile] = useState<{ name: string; content: string } | null>(null);
  const [columns, setColumns] = useState<Record<string, string>>({});
  const [comma, setComma] = useState(false);
  const [opening, setOpening] = useState('');
  const [preview, setPreview] = useState<Preview | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const isCsv = file !== null && !file.content.trimStart().startsWith('<');
  const inputOf = (content: string): ImportBankStatementInput => {
    const named = Object.fromEntries(Object.entries(columns).filter(([, name]) => name.trim() !== ''));
    const openingBalance = normaliseDecimal(opening, lang);
    const csv = !content.trimStart().startsWith('<');
    return {
      bankAccountId: id,
      format: csv ? 'CSV' : 'CAMT_053',
      content,
      mapping: csv ? { columns: named, decimalComma: comma, ...(openingBalance === null ? {} : { openingBalance }) } : {},
    };
  };
  const look = async (content: string) => {
    setPreview(null);
    setError(null);
    try {
      setPreview((await request(BankFilePreviewDocument, { input: inputOf(content) })).bankFilePreview);
    } catch (failure) {
      setError(failure instanceof ApiError ? failure : toApiError({ message: String(failure) }));
    }
  };
  const choose = async (chosen: File | null) => {
    const content = chosen ? await chosen.text() : '';
    setFile(chosen ? { name: chosen.name, content } : null);
    if (chosen) await look(content);
  };
  const go = () => {
    if (file) take.mutate({ input: inputOf(file.content) }, { onSuccess: () => void navigate(`/finance/bank/${id}`) });
  };
  return (
    <Page title={t('bank.import')} up={{ to: `/finance/bank/${id}`, label: account.data?.bankAccount.name ?? t('nav.bankAccounts') }}>
      <p className="muted">{t('bank.importText')}</p>
      <FileInput
        label={t('bank.file')}
        accept=".xml,.csv,.txt"
        value={null}
        onChange={(chosen) => void choose(chosen)}
        placeholder={file?.name ?? t('bank.chooseFile')}
      />
      {isCsv ? (
        <Section title={t('bank.mapping')}>
          <p className="muted">{t('bank.mappingText')}</p>
          <SimpleGrid cols={{ base: 2, md: 5 }}>
            {columnNames.map((name) => (
              <TextInput
                key={name}
                label={t(`bank.column.${name}`)}
                value={columns[name] ?? ''}
                onChange={(event) => setColumns({ ...columns, [name]: event.currentTarget.value })}
              />
            ))}
            <TextInput label={t('bank.openingBalance')} value={opening} onChange={(event) => setOpening(event.currentTarget.value)} />
          </SimpleGrid>
          <div className="form-foot">
            <Checkbox label={t('bank.decimalComma')} checked={comma} onChange={(event) => setComma(event.currentTarget.checked)} />
            <Button variant="default" onClick={() => void look(file.content)}>
              {t('bank.look')}
            </Button>
          </div>
        </Section>
      ) : null}
      {error ? <ErrorNote error={error} /> : null}
      {preview ? <Previewed preview={preview} /> : null}
      {take.error ? <ErrorNote error={take.error} /> : null}
      {preview ? (
        <div className="form-foot">
          <Button onClick={go} loading={take.isPending}>
            {t('bank.importLines', { count: preview.lineCount })}
          </Button>
        </div>
      ) : null}
    </Page>
  );
}

function Previewed({ preview }: { preview: Preview }) {
  const { t } = useTranslation();
  const columns: Column<Line>[] = [
    { key: 'date', label: t('field.date'), cell: (line) => <DateText value={line.date} /> },
    { key: 'who', label: t('bank.counterparty'), cell: (line) => <Text value={line.counterparty} /> },
    { key: 'what', label: t('field.description'), cell: (line) => <Text value={line.description ?? line.reference} /> },
    { key: 'amount', label: t('field.amount'), cell: (line) => <Money value={line.amount} />, numeric: true },
  ];
  const [first, last] = [preview.statements[0], preview.statements.at(-1)];
  return (
    <Section title={t('bank.preview')}>
      <Facts
        facts={[
          { label: t('bank.openingBalance'), value: <Money value={first?.openingBalance} />, figure: true },
          { label: t('bank.closingBalance'), value: <Money value={last?.closingBalance} />, figure: true },
          { label: t('bank.newLines'), value: preview.lineCount },
          { label: t('bank.skipped'), value: preview.skippedCount },
        ]}
      />
      <DataTable label={t('bank.preview')} columns={columns} rows={preview.lines} rowKey={(_, index) => String(index)} dense />
    </Section>
  );
}

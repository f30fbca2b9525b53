import { Button, FileButton, Group } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { LetterheadDocument, UpdateLetterheadDocument, type LetterheadQuery } from '../gql';
import { useAct, useGql } from '../lib/api';
import type { ApiError } from '../lib/errors';
import { asApiError, upload } from '../lib/files';
import { ErrorNote, Section } from '../ui/Page';
import { SmallForm } from '../ui/SmallForm';

type Letterhead = LetterheadQuery['letterhead'];

/** What stands at the head and the foot of documents, as they are printed and as it's changed. */
export function LetterheadSection() {
  const { t } = useTranslation();
  const answer = useGql(LetterheadDocument, {});
  const head = answer.data?.letterhead;
  return (
    <Section title={t('letterhead.title')}>
      <p className="muted">{t('letterhead.text')}</p>
      {answer.error ? <ErrorNote error={answer.error} retry={answer.refetch} /> : null}
      {head ? (
        <>
          <Preview head={head} />
          <Logo head={head} />
          <Words head={head} />
        </>
      ) : null}
    </Section>
  );
}

function Preview({ head }: { head: Letterhead }) {
  const { t } = useTranslation();
  const number = head.taxNumber ? `${t('field.taxNumber')}: ${head.taxNumber}` : null;
  return (
    <div className="letterhead" role="img" aria-label={t('letterhead.preview')}>
      {head.logo ? <img src={head.logo.url} alt="" /> : <strong className="letterhead-name">{head.legalName}</strong>}
      <div>
        {head.logo ? <strong>{head.legalName}</strong> : null}
        {[head.address, number, head.phone, head.email, head.website].map((line) => (line ? <span key={line}>{line}</span> : null))}
      </div>
    </div>
  );
}

function Logo({ head }: { head: Letterhead }) {
  const { t } = useTranslation();
  const update = useAct(UpdateLetterheadDocument);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (logo: () => Promise<string | null>) => {
    setFailure(null);
    setBusy(true);
    try {
      await update.mutateAsync({ input: { version: head.version, logoId: await logo() } });
    } catch (error) {
      setFailure(asApiError(error));
    }
    setBusy(false);
  };
  return (
    <>
      <Group mb="md">
        <FileButton
          accept="image/png,image/jpeg"
          onChange={(file) => (file ? void run(() => upload('LETTERHEAD', head.id, file)) : undefined)}
        >
          {(props) => (
            <Button variant="default" loading={busy} {...props}>
              {t(head.logo ? 'letterhead.otherLogo' : 'letterhead.addLogo')}
            </Button>
          )}
        </FileButton>
        {head.logo ? (
          <Button variant="subtle" color="gray" disabled={busy} onClick={() => void run(() => Promise.resolve(null))}>
            {t('letterhead.noLogo')}
          </Button>
        ) : null}
        <span className="muted">{t('letterhead.logoHint')}</span>
      </Group>
      {failure ? <ErrorNote error={failure} /> : null}
    </>
  );
}

function Words({ head }: { head: Letterhead }) {
  const { t } = useTranslation();
  const update = useAct(UpdateLetterheadDocument);
  return (
    <SmallForm
      fields={[
        { name: 'legalName', label: t('letterhead.legalName'), kind: 'text', required: true },
        { name: 'taxNumber', label: t('field.taxNumber'), kind: 'text', half: true },
        { name: 'phone', label: t('field.phone'), kind: 'text', half: true },
        { name: 'email', label: t('field.email'), kind: 'email', half: true },
        { name: 'website', label: t('field.website'), kind: 'text', half: true },
        { name: 'address', label: t('field.address'), kind: 'long' },
        { name: 'footer', label: t('letterhead.footer'), kind: 'long', hint: t('letterhead.footerHint') },
      ]}
      defaults={{
        legalName: head.legalName,
        taxNumber: head.taxNumber ?? '',
        phone: head.phone ?? '',
        email: head.email ?? '',
        website: head.website ?? '',
        address: head.address ?? '',
        footer: head.footer ?? '',
      }}
      submitLabel={t('ui.save')}
      doneText={t('ui.saved')}
      run={(input) => update.mutateAsync({ input: { ...input, version: head.version } })}
    />
  );
}

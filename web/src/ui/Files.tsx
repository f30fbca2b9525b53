import { ActionIcon, FileButton, Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ArchiveFileDocument, type FileFieldsFragment } from '../gql';
import { useAct } from '../lib/api';
import type { ApiError } from '../lib/errors';
import { accepted, asApiError, fileSize, upload, type FileSubject } from '../lib/files';
import { ErrorNote, Section } from './Page';

interface Props {
  title: string;
  subject: FileSubject;
  id: string;
  files: FileFieldsFragment[];
  mayChange: boolean;
}

const shown = ['image/jpeg', 'image/png', 'image/webp'];

/** What hangs on a record: pictures to look at, documents to open. */
export function Files({ title, subject, id, files, mayChange }: Props) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const archive = useAct(ArchiveFileDocument);
  const [failure, setFailure] = useState<ApiError | null>(null);
  const [busy, setBusy] = useState(false);
  const run = async (work: () => Promise<unknown>) => {
    setFailure(null);
    setBusy(true);
    try {
      await work();
    } catch (error) {
      setFailure(asApiError(error));
    }
    setBusy(false);
    await client.invalidateQueries();
  };
  const add = async (chosen: File[]) => {
    for (const file of chosen) await upload(subject, id, file);
  };
  if (files.length === 0 && !mayChange) return null;
  return (
    <Section title={title}>
      <ul className="files">
        {files.map((file) => (
          <li key={file.id}>
            <a href={file.url} target="_blank" rel="noreferrer">
              {shown.includes(file.mediaType) ? <img src={file.url} alt={file.name} loading="lazy" /> : <span className="file-kind">PDF</span>}
              <span className="file-name">{file.name}</span>
            </a>
            <span className="muted">{fileSize(file.size)}</span>
            {mayChange ? (
              <ActionIcon
                variant="subtle"
                color="gray"
                aria-label={t('files.remove', { name: file.name })}
                disabled={busy}
                onClick={() => void run(() => archive.mutateAsync({ input: { id: file.id, version: file.version } }))}
              >
                ×
              </ActionIcon>
            ) : null}
          </li>
        ))}
      </ul>
      {mayChange ? (
        <FileButton accept={accepted} multiple onChange={(chosen) => void run(() => add(chosen))}>
          {(props) => (
            <Button variant="default" loading={busy} {...props}>
              {t('files.add')}
            </Button>
          )}
        </FileButton>
      ) : null}
      {failure ? <ErrorNote error={failure} /> : null}
    </Section>
  );
}

import { ApiError, networkError, toApiError, type ResponseError } from './errors';
import { currentLanguage } from './i18n';

export type FileSubject = 'BILL' | 'EXPENSE' | 'LETTERHEAD';

interface Answer {
  errors?: ResponseError[];
  data?: { uploadFile: { file: { id: string } } } | null;
}

/** What the server takes: pictures, and documents as they are printed. */
export const accepted = 'image/jpeg,image/png,image/webp,image/heic,application/pdf';

/** Adds a file to a record, and gives its id. Fails with an ApiError, whatever went wrong. */
export async function upload(subject: FileSubject, id: string, file: File): Promise<string> {
  const asked = new URLSearchParams({ subjectKind: subject, subjectId: id, name: file.name });
  let response: Response;
  try {
    response = await fetch(`/files?${asked.toString()}`, {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'content-type': 'application/octet-stream',
        'accept-language': currentLanguage(),
        'idempotency-key': crypto.randomUUID(),
      },
      body: file,
    });
  } catch {
    throw networkError();
  }
  const answer = (await response.json().catch(() => null)) as Answer | null;
  const first = answer?.errors?.[0];
  if (first) throw toApiError(first);
  if (!answer?.data) throw networkError(response.status);
  return answer.data.uploadFile.file.id;
}

/** `1.2 MB`, as people speak of it. */
export function fileSize(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} KB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export const asApiError = (error: unknown): ApiError => (error instanceof ApiError ? error : new ApiError('INTERNAL', ''));

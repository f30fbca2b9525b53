import { keepPreviousData, MutationCache, QueryCache, QueryClient, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { TypedDocumentString } from '../gql';
import { ApiError, networkError, toApiError, type ResponseError } from './errors';
import { currentLanguage } from './i18n';
import { setSessionEnded } from './sessionEnded';

interface Answer<T> {
  data?: T | null;
  errors?: ResponseError[];
}

/** One operation to the API. Fails with an ApiError, whatever went wrong. */
export async function request<R, V>(document: TypedDocumentString<R, V>, variables: V): Promise<R> {
  let response: Response;
  try {
    response = await fetch('/graphql', {
      method: 'POST',
      credentials: 'same-origin',
      headers: {
        'content-type': 'application/json',
        accept: 'application/graphql-response+json, application/json',
        'accept-language': currentLanguage(),
      },
      body: JSON.stringify({ query: document.toString(), variables, operationName: operationName(document) }),
    });
  } catch {
    throw networkError();
  }
  const answer = (await response.json().catch(() => null)) as Answer<R> | null;
  const first = answer?.errors?.[0];
  if (first) throw toApiError(first);
  if (!answer?.data) throw networkError(response.status);
  return answer.data;
}

export function operationName(document: { toString(): string }): string {
  return /(?:query|mutation)\s+(\w+)/.exec(document.toString())?.[1] ?? 'Unnamed';
}

const again = new Set(['NETWORK', 'INTERNAL', 'RATE_LIMITED']);

/** Once someone is in, "unauthenticated" means that the session ended; at the gate it's an answer like any other. */
function noticeEnd(error: unknown, client: QueryClient): void {
  if (error instanceof ApiError && error.code === 'UNAUTHENTICATED' && client.getQueryData(['Me', {}]) !== undefined) setSessionEnded(true);
}

export function makeQueryClient(): QueryClient {
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError: (error) => noticeEnd(error, client) }),
    mutationCache: new MutationCache({ onError: (error) => noticeEnd(error, client) }),
    defaultOptions: {
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: (count, error) => count < 1 && error instanceof ApiError && again.has(error.code),
      },
    },
  });
  return client;
}

interface GqlOptions {
  enabled?: boolean;
  /** Keep what was shown while the next answer is under way, so that nothing jumps. */
  keep?: boolean;
}

export function useGql<R, V>(document: TypedDocumentString<R, V>, variables: V, options: GqlOptions = {}) {
  return useQuery<R, ApiError>({
    queryKey: [operationName(document), variables],
    queryFn: () => request(document, variables),
    enabled: options.enabled ?? true,
    ...(options.keep ? { placeholderData: keepPreviousData } : {}),
  });
}

/** A mutation. What is shown afterwards is read anew: records hang together too closely to guess what changed. */
export function useAct<R, V>(document: TypedDocumentString<R, V>) {
  const client = useQueryClient();
  return useMutation<R, ApiError, V>({
    mutationFn: (variables: V) => request(document, variables),
    onSuccess: () => client.invalidateQueries(),
  });
}

import { useSyncExternalStore } from 'react';

/** The session ended under an open page: what was typed stays, and a log-in is asked for on top of it. */
let ended = false;
const listeners = new Set<() => void>();

export function setSessionEnded(next: boolean): void {
  if (ended === next) return;
  ended = next;
  for (const tell of listeners) tell();
}

export const useSessionEnded = (): boolean =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );

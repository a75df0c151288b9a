// The one connection that tells of changes: it has what is shown read again, and says whether it stands.

import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { follow, type Heard, type QueueCounts } from '../api/changes';
import type { Queues } from '../api/queues';

/** Lists and figures are read again at most this often, however much goes on. */
const LISTS_MS = 1_500;
const FIGURES_MS = 4_000;

/** A list of more pages than this stays as it is, since all of them would be read. */
const MOST_PAGES = 3;

let standing = false;
const listeners = new Set<() => void>();

function stand(is: boolean) {
  if (standing === is) return;
  standing = is;
  for (const listener of listeners) listener();
}

export function useIsLive(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => standing,
  );
}

/** Follows the changes for as long as the page is seen: a browser has six connections to a server, all its tabs together. */
export function useChanges() {
  const client = useQueryClient();
  useEffect(() => {
    const reader = readAgain(client);
    let end: AbortController | undefined;
    const turn = () => {
      if (document.hidden) {
        end?.abort();
        end = undefined;
        stand(false);
      } else if (!end) {
        end = new AbortController();
        void follow(reader.heard, end.signal);
      }
    };
    turn();
    document.addEventListener('visibilitychange', turn);
    return () => {
      document.removeEventListener('visibilitychange', turn);
      end?.abort();
      stand(false);
      reader.end();
    };
  }, [client]);
}

/** What is done with what is heard. */
function readAgain(client: QueryClient): { heard: Heard; end: () => void } {
  const lists = atMostEvery(LISTS_MS, () => again(client, ['tasks', 'queues', 'workers', 'bulk']));
  const figures = atMostEvery(FIGURES_MS, () => again(client, ['overview', 'errors', 'costs', 'providers', 'schedules']));
  const plans = atMostEvery(FIGURES_MS, () => again(client, ['weekly-plans', 'workout-plans', 'exercises']));
  const heard: Heard = {
    change: (change) => {
      void client.invalidateQueries({ queryKey: ['task', change.task] });
      lists.soon();
      figures.soon();
      if (change.type === 'succeeded') plans.soon();
    },
    queues: (queues) => {
      count(client, queues);
      void client.invalidateQueries({ queryKey: ['task'], predicate: hasNotEnded });
      lists.soon();
      figures.soon();
    },
    connected: stand,
  };
  return { heard, end: () => [lists, figures, plans].forEach((each) => each.never()) };
}

function again(client: QueryClient, names: string[]) {
  for (const name of names) void client.invalidateQueries({ queryKey: [name], predicate: isShort });
}

function isShort(query: Query): boolean {
  const data = query.state.data as { pages?: unknown[] } | undefined;
  return (data?.pages?.length ?? 0) <= MOST_PAGES;
}

// A claim is told by the counts alone, so a task that waits is looked at again when they change.
function hasNotEnded(query: Query): boolean {
  const data = query.state.data as { ended_at?: string | null } | undefined;
  return data?.ended_at === null;
}

/** Puts the counts that came into what is shown, before it is read anew. */
function count(client: QueryClient, counts: QueueCounts[]) {
  const by = new Map(counts.map((each) => [each.name, each]));
  client.setQueryData<Queues>(['queues'], (known) =>
    known === undefined
      ? undefined
      : {
          ...known,
          data: known.data.map((queue) => {
            const now = by.get(queue.name);
            if (!now) return queue;
            return { ...queue, ready: now.ready, waiting: now.waiting, parked: now.parked, running: now.running };
          }),
        },
  );
}

function atMostEvery(milliseconds: number, act: () => void) {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let last = 0;
  return {
    soon() {
      timer ??= setTimeout(
        () => {
          timer = undefined;
          last = Date.now();
          act();
        },
        Math.max(0, last + milliseconds - Date.now()),
      );
    },
    never: () => clearTimeout(timer),
  };
}

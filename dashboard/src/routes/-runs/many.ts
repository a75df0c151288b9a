// One action on each of several runs, a few at a time, with how far it is.

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { toast } from '../../pieces/toast';

const AT_ONCE = 4;

interface Progress {
  done: number;
  of: number;
}

export function useManyActions(onDone: () => void) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const act = async (verb: string, ids: string[], one: (id: string) => Promise<unknown>) => {
    const left = [...ids];
    const refusals: string[] = [];
    let done = 0;
    setProgress({ done, of: ids.length });
    const hand = async () => {
      for (let id = left.pop(); id !== undefined; id = left.pop()) {
        await one(id).catch((error: Error) => refusals.push(`${id?.slice(0, 8)}: ${error.message}`));
        done += 1;
        setProgress({ done, of: ids.length });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, hand));
    await client.invalidateQueries({ queryKey: ['tasks'] });
    setProgress(null);
    tell(verb, ids.length - refusals.length, refusals);
    onDone();
  };
  return { progress, act };
}

function tell(verb: string, done: number, refusals: string[]) {
  if (refusals.length === 0) return toast(`${done} of ${done}: ${verb} done.`);
  const [first, ...others] = refusals;
  toast(`${verb}: ${done} done, ${refusals.length} not. ${first}${others.length > 0 ? ` And ${others.length} more.` : ''}`, 'bad');
}

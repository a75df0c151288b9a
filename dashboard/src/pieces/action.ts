// Does something through the API, says how it went, and has what it changed read again.

import { useMutation, useQueryClient } from '@tanstack/react-query';
import { toast } from './toast';

interface Doing<Given, Got> {
  act: (given: Given) => Promise<Got>;
  /** What to say once it is done. */
  done: (got: Got, given: Given) => string;
  /** The first words of the query keys that it changes. */
  changes: string[];
  then?: (got: Got, given: Given) => unknown;
}

export function useAction<Given = void, Got = unknown>({ act, done, changes, then }: Doing<Given, Got>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: async (got, given) => {
      toast(done(got, given));
      await Promise.all(changes.map((key) => client.invalidateQueries({ queryKey: [key] })));
      await then?.(got, given);
    },
    onError: (error) => toast(error.message, 'bad'),
  });
}

/** What a screen shows, loaded each time that it comes to the front. */

import { useFocusEffect } from 'expo-router';
import { useCallback, useState } from 'react';

/** `value` is undefined until the first load. */
export interface Loaded<Value> {
  value: Value | undefined;
  /** Whether the last load failed. */
  hasFailed: boolean;
  reload: () => void;
}

/** @param load - The same function while it loads the same: defined outside the component, or by `useCallback`. */
export function useLoaded<Value>(load: () => Promise<Value>): Loaded<Value> {
  const [state, setState] = useState<{ value?: Value; hasFailed: boolean }>({ hasFailed: false });
  const reload = useCallback(() => {
    let isGone = false;
    load().then(
      (value) => !isGone && setState({ value, hasFailed: false }),
      () => !isGone && setState((last) => ({ ...last, hasFailed: true })),
    );
    return () => {
      isGone = true;
    };
  }, [load]);
  useFocusEffect(reload);
  return { value: state.value, hasFailed: state.hasFailed, reload };
}

/** The time since a moment, each second anew. */

import { useEffect, useState } from 'react';
import { timeOf } from './estimate';

/** @returns Milliseconds; 0 before the moment is known, and where this phone's clock is behind the server's. */
export function useElapsed(since: string | undefined): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return since === undefined ? 0 : Math.max(0, now - timeOf(since));
}

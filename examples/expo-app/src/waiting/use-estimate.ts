/** How long this athlete's last plans took, asked for once. */

import { useEffect, useState } from 'react';
import { supabase } from '../supabase';
import { type Ended, estimateOf } from './estimate';

/** @returns Milliseconds, or undefined while or where that is not known. */
export function useEstimate(table: 'plan_generation_jobs' | 'workout_plan_requests'): number | undefined {
  const [estimate, setEstimate] = useState<number>();
  useEffect(() => {
    let isGone = false;
    void supabase
      .from(table)
      .select('created_at, completed_at')
      .eq('status', 'completed')
      .order('created_at', { ascending: false })
      .limit(5)
      .then(({ data }) => {
        if (!isGone && data) {
          setEstimate(estimateOf(data as Ended[]));
        }
      });
    return () => {
      isGone = true;
    };
  }, [table]);
  return estimate;
}

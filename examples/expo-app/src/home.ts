/** What the start screen shows, read at once: what is being made, what there is, what is unread. */

import { getActiveJob, getActiveWorkoutPlanRequest } from '@mesocycle/client';
import { newestBlock } from './block/store';
import { countUnread } from './notifications/store';
import { newestWeek } from './week/store';

export async function readHome() {
  const [job, request, week, block, unread] = await Promise.all([
    getActiveJob(),
    getActiveWorkoutPlanRequest(),
    newestWeek(),
    newestBlock(),
    countUnread(),
  ]);
  return { job, request, week, block, unread };
}

// What can be done with a schedule.

import { useNavigate } from '@tanstack/react-router';
import { pauseSchedule, removeSchedule, resumeSchedule, runSchedule, type Schedule } from '../../api/schedules';
import { useAction } from '../../pieces/action';
import { ConfirmButton } from '../../pieces/confirm';

export function ScheduleActions({ schedule: { name, enabled } }: { schedule: Schedule }) {
  const navigate = useNavigate();
  const changes = ['schedules'];
  const pause = useAction({ act: () => pauseSchedule(name), done: () => `${name} is paused.`, changes });
  const resume = useAction({ act: () => resumeSchedule(name), done: () => `${name} goes on.`, changes });
  const remove = useAction({ act: () => removeSchedule(name), done: () => `${name} is deleted.`, changes });
  const run = useAction({
    act: () => runSchedule(name),
    done: () => `${name} runs now.`,
    changes: ['schedules', 'tasks'],
    then: ({ task }) => navigate({ to: '/runs/$id', params: { id: task } }),
  });
  const turn = enabled ? pause : resume;
  return (
    <span className="row">
      <button type="button" className="button button-small" disabled={run.isPending} onClick={() => run.mutate()}>
        Run now
      </button>
      <button type="button" className="button button-small" disabled={turn.isPending} onClick={() => turn.mutate()}>
        {enabled ? 'Pause' : 'Resume'}
      </button>
      <ConfirmButton label="Delete" danger title={`Delete ${name}?`} confirm="Delete it" onConfirm={() => remove.mutate()}>
        It fires no more. Runs that it started stay.
      </ConfirmButton>
    </span>
  );
}

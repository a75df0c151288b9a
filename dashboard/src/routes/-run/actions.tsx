// What can be done with a run as it stands.

import { useNavigate } from '@tanstack/react-router';
import { cancelTask, ENDED, replayTask, RETRIED, retryTask, type TaskDetail } from '../../api/tasks';
import { useAction } from '../../pieces/action';
import { ConfirmButton } from '../../pieces/confirm';

/** Kinds whose tasks make a plan: they are asked for again by a retry, never replayed. */
const PLANS = ['generate_weekly_plan', 'generate_workout_plan'];

export function Actions({ task }: { task: TaskDetail }) {
  const navigate = useNavigate();
  const changes = ['task', 'tasks', 'queues', 'overview'];
  const follow = ({ task: next }: { task: string }) => next !== task.id && navigate({ to: '/runs/$id', params: { id: next } });
  const cancel = useAction({ act: () => cancelTask(task.id), done: () => 'Cancelled.', changes });
  const retry = useAction({ act: () => retryTask(task.id), done: () => 'It goes on.', changes, then: follow });
  const replay = useAction({ act: () => replayTask(task.id), done: () => 'It runs again.', changes, then: follow });
  const hasEnded = ENDED.includes(task.state);
  return (
    <>
      {RETRIED.includes(task.state) && (
        <button type="button" className="button" disabled={retry.isPending} onClick={() => retry.mutate()}>
          Retry
        </button>
      )}
      {hasEnded && !PLANS.includes(task.kind) && (
        <ConfirmButton label="Replay" title="Run it again?" confirm="Run it again" onConfirm={() => replay.mutate()}>
          A new run begins with the same input. What the first one did outside (a push, a charge) may be done a second time.
        </ConfirmButton>
      )}
      {!hasEnded && (
        <ConfirmButton
          label="Cancel"
          danger
          title="Cancel this run?"
          confirm="Cancel it"
          disabled={cancel.isPending}
          onConfirm={() => cancel.mutate()}
        >
          What it was asked for is not made, and its user is told that it failed. Models that answered are paid for.
        </ConfirmButton>
      )}
    </>
  );
}

// The plan that a run made, at a glance.

import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { WEEKDAYS, weeklyPlanQuery, workoutPlanQuery } from '../../api/plans';
import type { TaskDetail } from '../../api/tasks';
import { Loaded } from '../../pieces/loaded';
import { Panel } from '../../pieces/page';
import { count } from '../../values/number';
import './made.css';

export function Made({ task }: { task: TaskDetail }) {
  const id = (task.output as { plan_id?: string } | null)?.plan_id;
  if (!id) return null;
  if (task.kind === 'generate_weekly_plan') return <Week id={id} />;
  if (task.kind === 'generate_workout_plan') return <Block id={id} />;
  return null;
}

function Week({ id }: { id: string }) {
  const whole = (
    <Link to="/plans/weekly/$id" params={{ id }}>
      The whole plan
    </Link>
  );
  return (
    <Panel title="The week" aside={whole}>
      <Loaded query={useQuery(weeklyPlanQuery(id))}>
        {(plan) => (
          <>
            {plan.review && (
              <p>
                Score <b>{plan.review.score}</b>,{' '}
                {plan.review.findings.length === 0 ? 'no findings' : `findings: ${plan.review.findings.length}`} of {plan.review.rules}{' '}
                rules.
              </p>
            )}
            <ol className="made-week">
              {WEEKDAYS.map((day) => (
                <li key={day}>
                  <b>{day.slice(0, 3)}</b>
                  <span>{plan.days[day]?.workout.focus.join(', ') || '–'}</span>
                  <small>{count(plan.days[day]?.nutrition.total_kcal ?? 0)} kcal</small>
                </li>
              ))}
            </ol>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function Block({ id }: { id: string }) {
  const whole = (
    <Link to="/plans/workout/$id" params={{ id }}>
      The whole plan
    </Link>
  );
  return (
    <Panel title="The eight weeks" aside={whole}>
      <Loaded query={useQuery(workoutPlanQuery(id))}>
        {(plan) => (
          <>
            {plan.summary && <p>{plan.summary}</p>}
            <ol className="made-week">
              {plan.entries
                .filter((entry) => entry.week_number === 1 && entry.position === Math.min(...dayOf(plan.entries, entry.day)))
                .map((entry) => (
                  <li key={entry.day}>
                    <b>{entry.day.slice(0, 3)}</b>
                    <span>{entry.day_name ?? '–'}</span>
                    <small>{dayOf(plan.entries, entry.day).length} exercises</small>
                  </li>
                ))}
            </ol>
          </>
        )}
      </Loaded>
    </Panel>
  );
}

function dayOf(entries: { week_number: number; day: string; position: number }[], day: string): number[] {
  return entries.filter((entry) => entry.week_number === 1 && entry.day === day).map((entry) => entry.position);
}

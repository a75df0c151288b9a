// Playground: write a profile, watch the plan being made, see it and what it cost.

import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { play } from '../api/playground';
import { useAction } from '../pieces/action';
import { Choice } from '../pieces/choice';
import { Page, Panel } from '../pieces/page';
import { Generation } from './-playground/generation';
import type { Starter } from './-playground/submit';
import { WeeklyForm } from './-playground/weekly-form';
import { WorkoutForm } from './-playground/workout-form';
import './-playground/playground.css';

const FLOWS = ['weekly', 'workout'] as const;

interface Search {
  flow?: (typeof FLOWS)[number];
  run?: string;
}

export const Route = createFileRoute('/playground')({
  component: Playground,
  validateSearch: (search: Record<string, unknown>): Search => ({
    flow: FLOWS.find((flow) => flow === search.flow),
    run: typeof search.run === 'string' ? search.run : undefined,
  }),
});

function Playground() {
  const { flow = 'weekly', run } = Route.useSearch();
  const navigate = Route.useNavigate();
  const [user, setUser] = useState('');
  const begin = useAction({
    act: play,
    done: () => 'It is being made.',
    changes: ['tasks', 'queues'],
    then: ({ task }) => navigate({ search: { flow, run: task } }),
  });
  const starter: Starter = {
    start: (wish) => begin.mutate(user.trim() === '' ? wish : { ...wish, user: user.trim() }),
    isStarting: begin.isPending,
    refused: begin.error?.message ?? null,
    user,
    setUser,
  };
  const choose = (next: (typeof FLOWS)[number]) => {
    begin.reset();
    void navigate({ search: { flow: next } });
  };
  return (
    <Page title="Playground" actions={<Choice label="Flow" options={FLOWS} value={flow} onChange={choose} />}>
      <p>
        {flow === 'weekly'
          ? 'A week of training, nutrition and recovery from a structured profile, as create-plan-job makes it.'
          : 'Eight weeks of training from a text, as trigger-workout-plan makes them.'}{' '}
        Limits and caps hold here too.
      </p>
      <Panel title="Profile">{flow === 'weekly' ? <WeeklyForm starter={starter} /> : <WorkoutForm starter={starter} />}</Panel>
      {run && <Generation key={run} id={run} />}
    </Page>
  );
}

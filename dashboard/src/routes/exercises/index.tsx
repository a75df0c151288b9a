// Exercises: what plans are made of, by name.

import { useInfiniteQuery } from '@tanstack/react-query';
import { createFileRoute, Link } from '@tanstack/react-router';
import { useEffect } from 'react';
import { exercisesQuery, type ExerciseRow } from '../../api/plans';
import { Badge } from '../../pieces/badge';
import { Empty } from '../../pieces/empty';
import { Page, Panel } from '../../pieces/page';
import { Pages } from '../../pieces/pages';
import { DataTable, type Column } from '../../pieces/table';

export const Route = createFileRoute('/exercises/')({
  component: Exercises,
  validateSearch: (search: Record<string, unknown>): { text?: string } => ({
    text: typeof search.text === 'string' && search.text !== '' ? search.text : undefined,
  }),
});

const COLUMNS: Column<ExerciseRow>[] = [
  {
    id: 'name',
    header: 'Exercise',
    cell: (exercise) => (
      <Link to="/exercises/$id" params={{ id: exercise.id }} data-row>
        {exercise.name}
      </Link>
    ),
  },
  { id: 'reviewed', header: 'Texts', cell: (exercise) => <Badge state={exercise.reviewed ? 'reviewed' : 'not_reviewed'} /> },
  { id: 'equipment', header: 'Needs', cell: (exercise) => exercise.required_equipment ?? <span className="quiet">–</span> },
  { id: 'location', header: 'Where', cell: (exercise) => exercise.workout_location ?? <span className="quiet">–</span> },
];

function Exercises() {
  const { text = '' } = Route.useSearch();
  const navigate = Route.useNavigate();
  const query = useInfiniteQuery(exercisesQuery());
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = query;
  // The list is filtered here, so all of it must be here first.
  useEffect(() => {
    if (text !== '' && hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [text, hasNextPage, isFetchingNextPage, fetchNextPage]);
  const change = (next: string) => void navigate({ search: { text: next || undefined }, replace: true });
  return (
    <Page title="Exercises">
      <label className="field" style={{ maxWidth: '24rem' }}>
        <span>Name, equipment or place</span>
        <input className="input" type="search" value={text} spellCheck={false} onChange={(event) => change(event.target.value)} />
      </label>
      <Panel title={text === '' ? 'All exercises, by name' : 'Exercises that fit'}>
        <Pages
          query={query}
          empty={
            <Empty title="There is no exercise yet" command="mesocycle migrate">
              The migrations bring those that plans are made of; models may add others, which a person should look over.
            </Empty>
          }
        >
          {(exercises) => <Fitting exercises={exercises.filter((exercise) => fits(exercise, text))} isWhole={!hasNextPage} />}
        </Pages>
      </Panel>
    </Page>
  );
}

function Fitting({ exercises, isWhole }: { exercises: ExerciseRow[]; isWhole: boolean }) {
  if (exercises.length === 0 && !isWhole) return null;
  if (exercises.length === 0) return <Empty title="No exercise fits">Try a part of a name, such as squat, or of what it needs.</Empty>;
  return <DataTable label="Exercises" columns={COLUMNS} rows={exercises} id={(exercise) => exercise.id} />;
}

function fits(exercise: ExerciseRow, text: string): boolean {
  const all = [exercise.name, exercise.slug, exercise.required_equipment, exercise.workout_location].join(' ').toLowerCase();
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

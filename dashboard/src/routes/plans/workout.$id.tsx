import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../pieces/page';

export const Route = createFileRoute('/plans/workout/$id')({ component: WorkoutPlan });

function WorkoutPlan() {
  return <Page title="Workout plan" />;
}

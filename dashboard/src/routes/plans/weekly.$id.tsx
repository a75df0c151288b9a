import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../pieces/page';

export const Route = createFileRoute('/plans/weekly/$id')({ component: WeeklyPlan });

function WeeklyPlan() {
  return <Page title="Weekly plan" />;
}

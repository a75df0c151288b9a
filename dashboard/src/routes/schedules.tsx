import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/schedules')({ component: Schedules });

function Schedules() {
  return <Page title="Schedules" />;
}

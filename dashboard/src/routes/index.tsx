import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/')({ component: Overview });

function Overview() {
  return <Page title="Overview" />;
}

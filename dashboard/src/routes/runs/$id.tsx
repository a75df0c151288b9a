import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../pieces/page';

export const Route = createFileRoute('/runs/$id')({ component: Run });

function Run() {
  return <Page title="Run" />;
}

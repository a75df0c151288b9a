import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../pieces/page';

export const Route = createFileRoute('/exercises/$id')({ component: Exercise });

function Exercise() {
  return <Page title="Exercise" />;
}

import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/queues')({ component: Queues });

function Queues() {
  return <Page title="Queues" />;
}

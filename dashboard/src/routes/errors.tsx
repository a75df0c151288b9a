import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/errors')({ component: Errors });

function Errors() {
  return <Page title="Errors" />;
}

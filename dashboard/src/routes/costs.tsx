import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/costs')({ component: Costs });

function Costs() {
  return <Page title="Costs" />;
}

import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/workers')({ component: Workers });

function Workers() {
  return <Page title="Workers" />;
}

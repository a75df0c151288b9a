import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/playground')({ component: Playground });

function Playground() {
  return <Page title="Playground" />;
}

import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/providers')({ component: Providers });

function Providers() {
  return <Page title="Providers" />;
}

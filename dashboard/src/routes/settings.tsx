import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../pieces/page';

export const Route = createFileRoute('/settings')({ component: Settings });

function Settings() {
  return <Page title="Settings" />;
}

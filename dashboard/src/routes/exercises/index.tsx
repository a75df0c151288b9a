import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../pieces/page';

export const Route = createFileRoute('/exercises/')({ component: Exercises });

function Exercises() {
  return <Page title="Exercises" />;
}

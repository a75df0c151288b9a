import { createFileRoute } from '@tanstack/react-router';
import { Page } from '../../pieces/page';

export const Route = createFileRoute('/plans/')({ component: Plans });

function Plans() {
  return <Page title="Plans" />;
}

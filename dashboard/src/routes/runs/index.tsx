import { createFileRoute } from '@tanstack/react-router';
import { STATES, type State, type TaskFilter } from '../../api/tasks';
import { Page } from '../../pieces/page';

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

export const Route = createFileRoute('/runs/')({
  component: Runs,
  // What an address does not say rightly is left out rather than refused.
  validateSearch: (search: Record<string, unknown>): TaskFilter => ({
    kind: text(search.kind),
    state: STATES.find((state): state is State => state === search.state),
    queue: text(search.queue),
    user: text(search.user),
    since: text(search.since),
    until: text(search.until),
    error_code: text(search.error_code),
    min_cost: typeof search.min_cost === 'number' && search.min_cost > 0 ? Math.round(search.min_cost) : undefined,
    text: text(search.text === undefined ? undefined : String(search.text)),
  }),
});

function Runs() {
  return <Page title="Runs" />;
}

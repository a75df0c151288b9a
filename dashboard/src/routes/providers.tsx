// Providers: who is not asked and why, what all workers share in their use, what was spent today.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { providersQuery } from '../api/queues';
import { Loaded } from '../pieces/loaded';
import { Page } from '../pieces/page';
import { Budgets } from './-providers/budgets';
import { Health } from './-providers/health';
import { SpentToday } from './-providers/spent-today';

export const Route = createFileRoute('/providers')({ component: Providers });

function Providers() {
  return (
    <Page title="Providers">
      <Loaded query={useQuery(providersQuery)}>
        {(providers) => (
          <>
            <Health providers={providers} />
            <SpentToday spent={providers.spent_today} />
            <Budgets budgets={providers.budgets} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

// The pages by their addresses, and what they share: the store of answers.

import { QueryClient } from '@tanstack/react-query';
import { createRouter } from '@tanstack/react-router';
import { Refusal } from './api/ask';
import { Page } from './pieces/page';
import { Refused } from './pieces/loaded';
import { routeTree } from './routeTree.gen';

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The stream of changes says when something is old; this is for what it does not tell.
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && error instanceof Refusal && [0, 503].includes(error.status),
    },
  },
});

export const router = createRouter({
  routeTree,
  basepath: '/dashboard',
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultNotFoundComponent: () => <Page title="There is no such page" />,
  defaultErrorComponent: ({ error, reset }) => (
    <Page title="This page broke">
      <Refused error={error instanceof Error ? error : new Error(String(error))} again={reset} />
    </Page>
  ),
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}

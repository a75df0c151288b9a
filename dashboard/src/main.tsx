// Where the browser begins. The styles of all pages come first, so that a piece's own may differ from them.

import './style/theme.css';
import './style/base.css';
import './style/controls.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { showTheme } from './frame/theme';
import { queryClient, router } from './router';

showTheme();

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </StrictMode>,
  );
}

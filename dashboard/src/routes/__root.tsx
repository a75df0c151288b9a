// Every page stands within the layout, once somebody may see it.

import { useQueryClient } from '@tanstack/react-query';
import { createRootRoute, Outlet } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useAccess } from '../api/access';
import { Layout } from '../frame/layout';
import { SignIn } from '../frame/sign-in';

export const Route = createRootRoute({ component: Root });

function Root() {
  const { token, refused } = useAccess();
  const client = useQueryClient();
  // What one key could see is not shown to the next.
  useEffect(() => {
    if (!token) client.clear();
  }, [token, client]);
  if (!token) return <SignIn refused={refused} />;
  return (
    <Layout>
      <Outlet />
    </Layout>
  );
}

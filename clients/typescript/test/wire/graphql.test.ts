/** `/graphql/v1` as apps ask it: graphql-request, and RTK Query on top of it. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { configureStore } from '@reduxjs/toolkit';
import { createApi } from '@reduxjs/toolkit/query';
import { graphqlRequestBaseQuery } from '@rtk-query/graphql-request-base-query';
import { GraphQLClient, gql } from 'graphql-request';
import { createJob, eventually, Mesocycle, type Supabase, versions } from './support.ts';

const mesocycle = await Mesocycle.start();
const [[, createClient]] = versions as [(typeof versions)[0]];

async function graphql(user: Supabase): Promise<GraphQLClient> {
  const { data } = await user.auth.getSession();
  const headers = {
    apikey: mesocycle.env('SUPABASE_ANON_KEY'),
    authorization: `Bearer ${data.session?.access_token}`,
  };
  return new GraphQLClient(`${mesocycle.url}/graphql/v1`, { headers });
}

const jobQuery = gql`
  query Jobs($status: [plan_job_status!], $first: Int = 5) {
    plan_generation_jobsCollection(
      filter: { status: { in: $status } }
      orderBy: [{ created_at: DescNullsLast }]
      first: $first
    ) {
      edges {
        cursor
        node {
          id
          status
          user_id
          profile_snapshot
          result_plan_id
          created_at
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`;

interface Jobs {
  plan_generation_jobsCollection: {
    edges: {
      node: { id: string; status: string; user_id: string; profile_snapshot: string; result_plan_id: string };
    }[];
    pageInfo: { hasNextPage: boolean };
  };
}

test('graphql-request: a collection with a filter, an order and its page', async () => {
  const [user, other] = [await mesocycle.user(createClient), await mesocycle.user(createClient)];
  const job = await createJob(user);
  await createJob(other);
  const client = await graphql(user);
  const jobs = await eventually('the end', async () => {
    const data = await client.request<Jobs>(jobQuery, { status: ['completed'] });
    const { edges, pageInfo } = data.plan_generation_jobsCollection;
    return edges.length > 0 && { edges, pageInfo };
  });
  assert.deepEqual(
    jobs.edges.map(({ node }) => [node.id, node.user_id]),
    [[job, user.id]],
  );
  assert.equal(JSON.parse(jobs.edges[0]?.node.profile_snapshot ?? '').goal, 'MUSCLE_GAIN');
  assert.equal(jobs.pageInfo.hasNextPage, false);
});

test('graphql-request: the eight weeks with both to-ones, and a change', async () => {
  const user = await mesocycle.user(createClient);
  const { data: asked } = await user.functions.invoke('trigger-workout-plan', {
    body: { userProfile: 'Build muscle, 3 days a week, full gym. Dumbbells at home.' },
  });
  const client = await graphql(user);
  const plan = await eventually('the plan', async () => {
    const data = await client.request<any>(
      gql`
        query Request($id: UUID!) {
          workout_plan_requestsCollection(filter: { request_id: { eq: $id } }) {
            edges {
              node {
                status
                workout_plan_id
              }
            }
          }
        }
      `,
      { id: asked.request_id },
    );
    const { node } = data.workout_plan_requestsCollection.edges[0];
    return node.status === 'completed' && node.workout_plan_id;
  });
  const data = await client.request<any>(
    gql`
      query Plan($id: UUID!) {
        workout_plansCollection(filter: { id: { eq: $id } }) {
          edges {
            node {
              id
              status
              start_date
              workout_entriesCollection(
                first: 30
                filter: { week_number: { eq: 1 } }
                orderBy: [{ date: AscNullsLast }, { position: AscNullsLast }]
              ) {
                edges {
                  node {
                    week_number
                    day
                    sets
                    reps
                    exercises {
                      name
                      slug
                    }
                    streakExercises {
                      name
                    }
                  }
                }
              }
            }
          }
        }
      }
    `,
    { id: plan },
  );
  const { node } = data.workout_plansCollection.edges[0];
  const entries = node.workout_entriesCollection.edges;
  assert.ok(entries.length >= 3 && entries.length <= 30);
  assert.ok(entries.every((entry: any) => entry.node.week_number === 1 && entry.node.exercises.name));

  const changed = await client.request<any>(
    gql`
      mutation Pause($id: UUID!) {
        updateworkout_plansCollection(set: { status: paused }, filter: { id: { eq: $id } }, atMost: 1) {
          affectedCount
          records {
            id
            status
          }
        }
      }
    `,
    { id: plan },
  );
  assert.deepEqual(changed.updateworkout_plansCollection, {
    affectedCount: 1,
    records: [{ id: plan, status: 'paused' }],
  });
});

test('graphql-request: an error is an error, with its message', async () => {
  const client = await graphql(await mesocycle.user(createClient));
  await assert.rejects(
    client.request(gql`
      {
        nothingCollection {
          edges {
            node {
              id
            }
          }
        }
      }
    `),
    /nothingCollection/,
  );
});

test('RTK Query: a collection, transformed, asked again until the job has ended', async () => {
  const user = await mesocycle.user(createClient);
  const api = createApi({
    reducerPath: 'plans',
    baseQuery: graphqlRequestBaseQuery({ client: (await graphql(user)) as any }),
    endpoints: (build) => ({
      jobs: build.query<{ id: string; status: string }[], void>({
        query: () => ({ document: jobQuery, variables: { status: ['pending', 'processing', 'completed'] } }),
        transformResponse: (answer: Jobs) => answer.plan_generation_jobsCollection.edges.map((edge) => edge.node),
      }),
    }),
  });
  const store = configureStore({
    reducer: { [api.reducerPath]: api.reducer },
    middleware: (defaults) => defaults().concat(api.middleware),
  });
  assert.deepEqual((await store.dispatch(api.endpoints.jobs.initiate())).data, []);
  const job = await createJob(user);
  const polled = store.dispatch(
    api.endpoints.jobs.initiate(undefined, { subscriptionOptions: { pollingInterval: 100 } }),
  );
  const seen = await eventually('the end', () => {
    const { data } = api.endpoints.jobs.select()(store.getState());
    return data?.[0]?.status === 'completed' && data;
  });
  polled.unsubscribe();
  assert.deepEqual(
    seen.map(({ id }) => id),
    [job],
  );
  store.dispatch(api.util.resetApiState());
});

/** The start: goes on waiting where a plan is being made since before the app was closed, else shows what there is. */

import { router } from 'expo-router';
import { useEffect, useRef } from 'react';
import { readHome } from '../../src/home';
import { signOut } from '../../src/session';
import { Button } from '../../src/ui/button';
import { Card } from '../../src/ui/card';
import { NotLoaded } from '../../src/ui/not-loaded';
import { Screen } from '../../src/ui/screen';
import { Heading, Words } from '../../src/ui/words';
import { useLoaded } from '../../src/use-loaded';
import { spokenDate } from '../../src/week/weekday';

export default function Home() {
  const { value: home, hasFailed, reload } = useLoaded(readHome);
  const isOpening = useRef(true);

  // Only when the app is opened: who comes back here from the waiting screen wants to be here.
  useEffect(() => {
    if (home && isOpening.current) {
      isOpening.current = false;
      if (home.job) {
        waitForWeek(home.job.id);
      } else if (home.request) {
        waitForBlock(home.request.request_id);
      }
    }
  }, [home]);

  if (!home) {
    return <NotLoaded title="Hello" hasFailed={hasFailed} reload={reload} />;
  }
  const { job, request, week, block, unread } = home;
  return (
    <Screen>
      <Heading level={1}>{week || block ? 'Welcome back' : 'Hello'}</Heading>
      {job && (
        <Card onPress={() => waitForWeek(job.id)}>
          <Words kind="strong">Your week is being made …</Words>
          <Words kind="small">Tap to see how far it is.</Words>
        </Card>
      )}
      {request && (
        <Card onPress={() => waitForBlock(request.request_id)}>
          <Words kind="strong">Your eight weeks are being made …</Words>
          <Words kind="small">Tap to see how far they are.</Words>
        </Card>
      )}

      <Heading>Your week</Heading>
      {week && (
        <Card onPress={() => router.push({ pathname: '/plan-preview', params: { planId: week.id } })}>
          <Words kind="strong">
            {week.weekStartDate ? `The week of ${spokenDate(week.weekStartDate)}` : 'Your newest week'}
          </Words>
          <Words kind="small">{week.generationJobId ? 'Made on the server' : 'Made on this phone'}</Words>
        </Card>
      )}
      {!week && <Words kind="quiet">Training, food and recovery for seven days.</Words>}
      {!job && (
        <Button
          title={week ? 'Make another week' : 'Make my week'}
          kind={week ? 'plain' : 'primary'}
          onPress={() => router.push('/new-week')}
        />
      )}

      <Heading>Your eight weeks</Heading>
      {block && (
        <Card onPress={() => router.push({ pathname: '/workout-plan', params: { workoutPlanId: block.id } })}>
          <Words kind="strong">From {spokenDate(block.start_date)}</Words>
          {block.summary && (
            <Words kind="small" numberOfLines={3}>
              {block.summary}
            </Words>
          )}
        </Card>
      )}
      {!block && <Words kind="quiet">A training block, from a few words about you.</Words>}
      {!request && (
        <Button
          title={block ? 'Make another eight weeks' : 'Make my eight weeks'}
          kind={block ? 'plain' : 'primary'}
          onPress={() => router.push('/new-block')}
        />
      )}

      <Heading>More</Heading>
      <Button
        title={unread > 0 ? `Notifications (${unread} new)` : 'Notifications'}
        kind="plain"
        onPress={() => router.push('/notifications')}
      />
      <Button title="Sign out" kind="plain" onPress={() => void signOut()} />
    </Screen>
  );
}

const waitForWeek = (jobId: string) => router.push({ pathname: '/waiting/week', params: { jobId } });
const waitForBlock = (requestId: string) => router.push({ pathname: '/waiting/block', params: { requestId } });

/** What both waiting screens look like: what is being done, how far it is, and that nobody has to stay. */

import { router } from 'expo-router';
import { NotifyCard } from '../notifications/notify-card';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { ProgressBar } from '../ui/progress-bar';
import { Screen } from '../ui/screen';
import { Heading, Words } from '../ui/words';
import { estimateSentence, spoken } from './estimate';

interface WaitingViewProps {
  title: string;
  /** What is being done now. */
  doing: string;
  /** A line that says more, such as which step of how many. */
  detail?: string | undefined;
  /** 0 to 1, or undefined where nobody knows. */
  fraction: number | undefined;
  /** Both in milliseconds. */
  elapsed: number;
  estimate: number | undefined;
  onCancel: () => void;
  /** Given where the job got stuck: gives it back to the queue. */
  onReset?: (() => void) | undefined;
}

export function WaitingView(props: WaitingViewProps) {
  const { title, doing, detail, fraction, elapsed, estimate, onCancel, onReset } = props;
  return (
    <Screen>
      <Heading level={1}>{title}</Heading>
      <Card>
        <ProgressBar label={title} fraction={fraction} />
        <Words kind="strong" aria-live="polite">
          {doing}
        </Words>
        {detail && <Words kind="quiet">{detail}</Words>}
        <Words kind="small">
          {spoken(elapsed)} so far. {estimateSentence(estimate, elapsed)}
        </Words>
      </Card>
      <Words>You can close the app: the plan is made on the server, and will be here when you come back.</Words>
      <NotifyCard />
      {onReset && <Button title="It seems stuck: try again" onPress={onReset} />}
      <Button title="Back to the start" kind="plain" onPress={() => router.dismissTo('/')} />
      <Button title="Cancel this plan" kind="danger" onPress={onCancel} />
    </Screen>
  );
}

/** How it ended when there is no plan. Cancelling is no error. */
export function NoPlanView({ error, code }: { error: string | undefined; code: string | undefined }) {
  const isCancelled = code === 'USER_CANCELLED';
  return (
    <Screen>
      <Heading level={1}>{isCancelled ? 'Cancelled' : 'No plan this time'}</Heading>
      <Words kind={isCancelled ? 'body' : 'error'}>{error ?? 'The plan could not be made.'}</Words>
      <Button title="Back to the start" onPress={() => router.dismissTo('/')} />
    </Screen>
  );
}

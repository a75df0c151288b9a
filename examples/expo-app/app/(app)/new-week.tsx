/**
 * The questions for a week, and two ways to have it made: on the phone with the server as the fallback, or on the server at once.
 */

import { router } from 'expo-router';
import { useState } from 'react';
import { Button } from '../../src/ui/button';
import { Choices } from '../../src/ui/choices';
import { Dialog } from '../../src/ui/dialog';
import { Field } from '../../src/ui/field';
import { Screen } from '../../src/ui/screen';
import { Heading, Words } from '../../src/ui/words';
import { askServerForWeek } from '../../src/week/ask-server';
import { planOnPhone } from '../../src/week/phone-planner';
import { firstAnswers, GOALS, LEVELS, PLACES, TRAINING_DAYS } from '../../src/week/profile';
import { storeWeek } from '../../src/week/store';

const MAKERS = [
  ['phone', 'This phone first'],
  ['server', 'The server'],
] as const;

export default function NewWeek() {
  const [answers, setAnswers] = useState(firstAnswers);
  const [maker, setMaker] = useState<(typeof MAKERS)[number][0]>('phone');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();
  /** Why the phone could not; the dialog is open while there is a reason. */
  const [refusal, setRefusal] = useState<string>();
  const answer = (change: Partial<typeof answers>) => setAnswers({ ...answers, ...change });

  const run = async (work: () => Promise<string | undefined>) => {
    setIsBusy(true);
    setError(undefined);
    setError(await work());
    setIsBusy(false);
  };
  const onPhone = () =>
    run(async () => {
      const { days, refusal } = planOnPhone(answers);
      if (!days) {
        setRefusal(refusal);
        return undefined;
      }
      try {
        const planId = await storeWeek(days);
        router.replace({ pathname: '/plan-preview', params: { planId } });
        return undefined;
      } catch {
        return 'The week could not be stored. Is there a connection?';
      }
    });
  const onServer = () =>
    run(async () => {
      const failure = await askServerForWeek(answers);
      setRefusal(undefined);
      return failure;
    });

  return (
    <Screen>
      <Heading level={1}>What should your week do?</Heading>
      <Choices label="Goal" options={GOALS} value={answers.goal} onChange={(goal) => answer({ goal })} />
      <Choices
        label="Training days a week"
        options={TRAINING_DAYS}
        value={answers.trainingDays}
        onChange={(trainingDays) => answer({ trainingDays })}
      />
      <Choices label="Experience" options={LEVELS} value={answers.level} onChange={(level) => answer({ level })} />
      <Choices label="Equipment" options={PLACES} value={answers.place} onChange={(place) => answer({ place })} />
      <Field
        label="Injuries or pain"
        hint="Leave it empty if there is none."
        value={answers.injuries}
        onChangeText={(injuries) => answer({ injuries })}
      />
      <Choices label="Who makes it" options={MAKERS} value={maker} onChange={setMaker} />
      <Words kind="small">
        {maker === 'phone'
          ? 'At once, from a simple template. Where that does not do, the server is asked.'
          : 'Takes a little; you can close the app meanwhile.'}
      </Words>
      {error && <Words kind="error">{error}</Words>}
      <Button title="Make my week" isBusy={isBusy} onPress={() => void (maker === 'phone' ? onPhone() : onServer())} />
      {refusal && (
        <Dialog
          title="Generate in background?"
          text={`${refusal} Our server can. It takes a little, and you can close the app meanwhile.`}
          confirm="Generate in background"
          isBusy={isBusy}
          onConfirm={() => void onServer()}
          onDismiss={() => setRefusal(undefined)}
        />
      )}
    </Screen>
  );
}

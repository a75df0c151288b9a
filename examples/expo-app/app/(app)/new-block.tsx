/** Eight weeks from a few sentences, always made on the server. */

import { generateWorkoutPlan } from '@mesocycle/client';
import { router } from 'expo-router';
import { useState } from 'react';
import { Button } from '../../src/ui/button';
import { Field } from '../../src/ui/field';
import { Screen } from '../../src/ui/screen';
import { Heading, Words } from '../../src/ui/words';

export default function NewBlock() {
  const [userProfile, setUserProfile] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  const [error, setError] = useState<string>();

  const ask = async () => {
    setIsBusy(true);
    setError(undefined);
    const { requestId, error } = await generateWorkoutPlan({ userProfile });
    setIsBusy(false);
    if (requestId) {
      router.replace({ pathname: '/waiting/block', params: { requestId } });
    } else {
      setError(error ?? 'The server could not be asked. Please try again.');
    }
  };

  return (
    <Screen>
      <Heading level={1}>Tell your coach about you</Heading>
      <Field
        label="About you"
        hint="Your goal, how many days a week, where and with what you train, your experience, injuries and pain."
        placeholder="I want to build muscle, three days a week, in a gym. I have trained for a year."
        value={userProfile}
        onChangeText={setUserProfile}
        maxLength={20_000}
        multiline
      />
      {error && <Words kind="error">{error}</Words>}
      <Button title="Make my eight weeks" isBusy={isBusy} onPress={() => void ask()} />
      <Words kind="small">Made on the server. It takes a little; you can close the app meanwhile.</Words>
    </Screen>
  );
}

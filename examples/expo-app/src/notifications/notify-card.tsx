/** Asks for notifications where they are of use: a plan is being made, and nobody wants to stay and look. */

import { useEffect, useState } from 'react';
import { Linking } from 'react-native';
import { Button } from '../ui/button';
import { Card } from '../ui/card';
import { Heading, Words } from '../ui/words';
import { askAndRegister, type PushPermission, pushPermission } from './push';

export function NotifyCard() {
  const [permission, setPermission] = useState<PushPermission>();
  const [isAsking, setIsAsking] = useState(false);
  const [error, setError] = useState<string>();
  useEffect(() => {
    void pushPermission().then(setPermission);
  }, []);

  const ask = async () => {
    setIsAsking(true);
    setError(await askAndRegister());
    setPermission(await pushPermission());
    setIsAsking(false);
  };

  if (!permission) {
    return null;
  }
  return (
    <Card>
      <Heading level={3}>Shall we tell you?</Heading>
      {permission.state === 'impossible' && <Words>{permission.reason}</Words>}
      {permission.state === 'granted' && <Words>You will get one notification when the plan is ready.</Words>}
      {permission.state === 'undetermined' && (
        <>
          <Words>One notification when the plan is ready, and nothing else. Your phone asks you next.</Words>
          <Button title="Notify me" kind="plain" isBusy={isAsking} onPress={() => void ask()} />
        </>
      )}
      {permission.state === 'denied' && (
        <>
          <Words>Notifications of this app are turned off.</Words>
          <Button title="Open the settings" kind="plain" onPress={() => void Linking.openSettings()} />
        </>
      )}
      {error && <Words kind="error">{error}</Words>}
    </Card>
  );
}

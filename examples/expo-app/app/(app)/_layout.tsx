/** The screens of somebody who is signed in. */

import { Stack } from 'expo-router';
import { useEffect } from 'react';
import { registerThisPhone } from '../../src/notifications/push';
import { useTappedNotification } from '../../src/notifications/use-tapped';

export const unstable_settings = { initialRouteName: 'index' };

export default function AppLayout() {
  useTappedNotification();
  useEffect(() => {
    void registerThisPhone();
  }, []);
  return (
    <Stack>
      <Stack.Screen name="index" options={{ title: 'Mesocycle' }} />
      <Stack.Screen name="new-week" options={{ title: 'A week' }} />
      <Stack.Screen name="new-block" options={{ title: 'Eight weeks' }} />
      <Stack.Screen name="waiting/week" options={{ title: 'Your week' }} />
      <Stack.Screen name="waiting/block" options={{ title: 'Your eight weeks' }} />
      <Stack.Screen name="plan-preview" options={{ title: 'Your week' }} />
      <Stack.Screen name="workout-plan" options={{ title: 'Your eight weeks' }} />
      <Stack.Screen name="notifications" options={{ title: 'Notifications' }} />
    </Stack>
  );
}

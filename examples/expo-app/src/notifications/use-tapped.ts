/** Opens what a tapped notification is about, also when the tap started the app. */

import { isRunningInExpoGo } from 'expo';
import type { NotificationResponse } from 'expo-notifications';
import { router } from 'expo-router';
import { useEffect } from 'react';
import { targetOf } from './target';

export function useTappedNotification(): void {
  useEffect(() => {
    if (isRunningInExpoGo()) {
      return;
    }
    let remove: (() => void) | undefined;
    let isGone = false;
    void import('expo-notifications').then((notifications) => {
      if (isGone) {
        return;
      }
      // The tap that started the app may be told twice: as the last one, and to the listener.
      let opened: string | undefined;
      const open = ({ notification }: NotificationResponse) => {
        const { identifier, content } = notification.request;
        const target = identifier === opened ? null : targetOf(content.data);
        opened = identifier;
        notifications.clearLastNotificationResponse();
        if (target) {
          router.push(target);
        }
      };
      const last = notifications.getLastNotificationResponse();
      if (last) {
        open(last);
      }
      const subscription = notifications.addNotificationResponseReceivedListener(open);
      remove = () => subscription.remove();
    });
    return () => {
      isGone = true;
      remove?.();
    };
  }, []);
}

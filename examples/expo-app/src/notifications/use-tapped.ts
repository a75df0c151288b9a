/** Opens what a tapped notification is about, also when the tap started the app. */

import { isRunningInExpoGo } from 'expo';
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
      const open = (response: { notification: { request: { content: { data?: unknown } } } }) => {
        const target = targetOf(response.notification.request.content.data);
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

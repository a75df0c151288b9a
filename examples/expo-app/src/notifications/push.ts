/** Pushes on a phone: asking, registering, forgetting. `push.web.ts` stands in for it on the web. */

import Constants from 'expo-constants';
import * as Device from 'expo-device';
import { isRunningInExpoGo } from 'expo';
import { Platform } from 'react-native';
import { supabase } from '../supabase';
import { forgetToken, registerToken } from './register-token';

/** Whether the user may be asked, was asked, or cannot be. */
export type PushPermission = { state: 'granted' | 'undetermined' | 'denied' } | { state: 'impossible'; reason: string };

// Expo Go has no remote pushes of an app's own, and on Android complains at the mere import.
const library = isRunningInExpoGo() ? undefined : import('expo-notifications');

const impossible: PushPermission | undefined = isRunningInExpoGo()
  ? { state: 'impossible', reason: 'Expo Go receives no notifications of this app: use a development build.' }
  : Device.isDevice
    ? undefined
    : { state: 'impossible', reason: 'A simulator receives no notifications: use a real phone.' };

export async function pushPermission(): Promise<PushPermission> {
  if (impossible || !library) {
    return impossible ?? { state: 'denied' };
  }
  const { status, canAskAgain } = await (await library).getPermissionsAsync();
  return { state: status === 'granted' ? 'granted' : canAskAgain ? 'undetermined' : 'denied' };
}

/** Asks, and registers this phone where the answer is yes. Returns a sentence on what went wrong, or undefined. */
export async function askAndRegister(): Promise<string | undefined> {
  const notifications = await library;
  if (!notifications) {
    return undefined;
  }
  if (Platform.OS === 'android') {
    // Android 13 asks only once there is a channel.
    await notifications.setNotificationChannelAsync('default', {
      name: 'Plans',
      importance: notifications.AndroidImportance.DEFAULT,
    });
  }
  const { status } = await notifications.requestPermissionsAsync();
  return status === 'granted' ? registerThisPhone() : undefined;
}

/** Registers this phone where that was allowed already: tokens change now and then. */
export async function registerThisPhone(): Promise<string | undefined> {
  if ((await pushPermission()).state !== 'granted') {
    return undefined;
  }
  const token = await tokenOfThisPhone();
  return token === undefined
    ? 'Expo gave this phone no token. Is there a projectId in app.json, and a connection?'
    : registerToken(supabase, token, { platform: Platform.OS, model: Device.modelName, os: Device.osVersion });
}

/** Called at sign-out, while the session is still there. */
export async function forgetThisPhone(): Promise<void> {
  if ((await pushPermission()).state !== 'granted') {
    return;
  }
  const token = await tokenOfThisPhone();
  if (token !== undefined) {
    await forgetToken(supabase, token);
  }
}

async function tokenOfThisPhone(): Promise<string | undefined> {
  const projectId: unknown = Constants.expoConfig?.extra?.eas?.projectId;
  try {
    const options = typeof projectId === 'string' ? { projectId } : {};
    return (await (await library)?.getExpoPushTokenAsync(options))?.data;
  } catch {
    return undefined; // offline, or the project is not known to Expo; the next start tries again
  }
}

/** Pushes come to phones only; on the web the in-app list is all there is. */

import type * as push from './push';

export const pushPermission: typeof push.pushPermission = async () => ({
  state: 'impossible',
  reason: 'Notifications come to phones only, not to the web. Come back to this page: your plan will be here.',
});

export const askAndRegister: typeof push.askAndRegister = async () => undefined;
export const registerThisPhone: typeof push.registerThisPhone = async () => undefined;
export const forgetThisPhone: typeof push.forgetThisPhone = async () => undefined;

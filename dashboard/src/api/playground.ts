// Asking for a plan, as an app would.

import { act } from './ask';

export interface Wish {
  /** None: the playground's own user. */
  user?: string;
  weekly?: Record<string, unknown>;
  workout?: { text: string; time_zone?: string; system_prompt?: string };
}

/** @throws Refusal when the profile or a limit forbids it */
export const play = (wish: Wish) => act<{ task: string }>('POST', '/playground', wish);

/** There is nothing to tap on the web. */

export function useTappedNotification(): void {}

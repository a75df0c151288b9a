// What an error code means, in one sentence, and what follows (the contract's section 4).

const MEANINGS: Record<string, string> = {
  AI_RATE_LIMIT: 'The provider said to slow down: tried again after the wait that it names, and other runs ask it more slowly too.',
  AI_TIMEOUT: 'No token came for too long: tried again at once, from where it was where the provider can.',
  DEADLINE_EXCEEDED: 'The run took longer than its limit: tried again at once.',
  NETWORK_ERROR: 'The connection failed or was cut, or the provider had a fault of its own: tried again after a delay.',
  QUOTA_EXCEEDED: 'The provider’s account is out of credit: top it up. It is not asked again meanwhile.',
  CONFIG_ERROR: 'A key, a model’s name or a setting is wrong: `mesocycle doctor` says which. It is not tried again.',
  BUDGET_EXCEEDED: 'The call might have passed a spend cap, so it was not made.',
  AI_REFUSED: 'The model refused, or its answer was filtered: it is not asked again for this plan.',
  VALIDATION_FAILED: 'The answer was no sound plan, after the repair round too: that provider is not asked again for it.',
  INVALID_PROFILE: 'No plan can be made from this profile: its user was told what to change.',
  NEEDS_CLEARANCE: 'The profile names something that needs a doctor’s word first: its user was told so.',
  WORKER_LOST: 'Its worker died or lost its lease four times: look at that worker’s log and memory.',
  USER_CANCELLED: 'Its user cancelled it.',
  CANCELLED: 'An operator cancelled it.',
  CLIENT_RESET: 'The app reset a job that it took for stuck: it counts as a retry.',
  MAX_RETRIES_EXCEEDED: 'It was reset more often than it may be tried.',
  TASK_DEADLINE_EXCEEDED: 'It was not done by its deadline, so it was given up.',
  PARENT_ENDED: 'The run that waited for it had ended, so it was no longer needed.',
  UNKNOWN: 'Something failed that has no code of its own: the run’s log has more.',
};

/** None: a code that we do not know, such as an outside worker's own. */
export function meaning(code: string): string | undefined {
  return MEANINGS[code];
}

// A request that is not answered as asked, in words for a person.

export class Refused extends Error {
  constructor(readonly status: number, readonly code: string, sentence: string) {
    super(sentence);
  }
}

export const unauthorized = (sentence: string) => new Refused(401, "UNAUTHORIZED", sentence);

/** A field is not what it should be. */
export const invalidRequest = (sentence: string) => new Refused(400, "INVALID_REQUEST", sentence);

/** The same request may pass in a moment. */
export const unavailable = () => new Refused(503, "UNAVAILABLE", "The service is busy. Try again in a moment.");

/** Nothing more to say outside. */
export const internal = () => new Refused(500, "INTERNAL_ERROR", "Something went wrong here. Try again later.");

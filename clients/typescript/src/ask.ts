/** One question to the backend with an end to it: a phone that slept may never hear of a request that it had sent. */

import { supabase } from './supabase.js';

/** Milliseconds after which a question counts as lost. */
const PATIENCE = 20_000;

interface Answer {
  data: unknown;
  error: unknown;
}

/** The data of an answer. Throws its error, or that none came in time. */
export async function ask<Data>(question: PromiseLike<Answer>): Promise<Data> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('There was no answer. Please check the connection.')), PATIENCE);
  });
  try {
    const { data, error } = await Promise.race([question, silence]);
    if (error) {
      throw error;
    }
    return data as Data;
  } finally {
    clearTimeout(timer);
  }
}

/** The answer of one of the functions. Throws what `ask` throws, and where the answer is not one of ours. */
export async function invoke<Data>(name: string, body: object): Promise<Data> {
  const data = await ask<Data>(supabase().functions.invoke(name, { body }));
  if (typeof Object(data).status !== 'string') {
    throw new Error(`${name} gave no answer that can be read.`);
  }
  return data;
}

/** Whether a function of the database said true; false when it refused or could not be reached. */
export async function agrees(name: string, parameters: object): Promise<boolean> {
  try {
    return (await ask(supabase().rpc(name, parameters))) === true;
  } catch {
    return false;
  }
}

import { answering, withSuccess } from "../_shared/answering.ts";
import { scheduleRegeneration } from "../_shared/schedule_regeneration.ts";

Deno.serve(answering(scheduleRegeneration, withSuccess));

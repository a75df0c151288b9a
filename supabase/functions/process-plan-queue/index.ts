import { answering, withSuccess } from "../_shared/answering.ts";
import { processPlanQueue } from "../_shared/process_plan_queue.ts";

Deno.serve(answering(processPlanQueue, withSuccess));

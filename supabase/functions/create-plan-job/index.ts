import { answering, withSuccess } from "../_shared/answering.ts";
import { createPlanJob } from "../_shared/create_plan_job.ts";

Deno.serve(answering(createPlanJob, withSuccess));

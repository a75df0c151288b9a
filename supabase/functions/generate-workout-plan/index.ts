// The old name of trigger-workout-plan.

import { answering, bare } from "../_shared/answering.ts";
import { triggerWorkoutPlan } from "../_shared/trigger_workout_plan.ts";

Deno.serve(answering(triggerWorkoutPlan, bare));

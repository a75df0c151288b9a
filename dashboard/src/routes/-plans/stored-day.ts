// A day as it is stored, read with care: apps write plans of their own, and what is not of the contract's form is left out.

import type { Day } from '../../api/plans';

type Fields = Record<string, unknown>;

/** None where there is no object at all. */
export function storedDay(stored: unknown): Day | null {
  if (!isObject(stored)) return null;
  const [workout, nutrition, recovery] = [fields(stored.workout), fields(stored.nutrition), fields(stored.recovery)];
  const card = fields(recovery.supplementCard);
  return {
    workout: {
      focus: texts(workout.focus),
      blocks: list(workout.blocks, (block) => ({ name: text(block.name), items: list(block.items, item) })),
      notes: text(workout.notes),
    },
    nutrition: {
      total_kcal: number(nutrition.total_kcal),
      protein_g: number(nutrition.protein_g),
      meals_per_day: number(nutrition.meals_per_day),
      meals: list(nutrition.meals, (meal) => ({ name: text(meal.name), items: list(meal.items, food) })),
      hydration_l: number(nutrition.hydration_l),
    },
    recovery: {
      mobility: texts(recovery.mobility),
      sleep: texts(recovery.sleep),
      supplements: texts(recovery.supplements),
      supplementCard: { current: texts(card.current), addOns: texts(card.addOns) },
    },
    reason: text(stored.reason),
  };
}

function item(of: Fields) {
  return { exercise: text(of.exercise), sets: number(of.sets), reps: text(of.reps), RIR: number(of.RIR) };
}

function food(of: Fields) {
  return { food: text(of.food), qty: text(of.qty) };
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function fields(value: unknown): Fields {
  return isObject(value) ? value : {};
}

function list<T>(value: unknown, read: (of: Fields) => T): T[] {
  return Array.isArray(value) ? value.filter(isObject).map(read) : [];
}

function texts(value: unknown): string[] {
  return (Array.isArray(value) ? value : [value]).map(text).filter((each) => each !== '');
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) || 0 : 0;
}

// One day of a weekly plan: training, nutrition, recovery.

import type { Day, Weekday } from '../../api/plans';
import { count, words } from '../../values/number';
import './day-panel.css';

export function DayPanel({ name, day }: { name: Weekday; day: Day }) {
  return (
    <section className="panel day" id={name} aria-labelledby={`${name}-head`}>
      <header className="panel-head">
        <h2 id={`${name}-head`}>
          {words(name)}: {day.workout.focus.join(', ') || 'rest'}
        </h2>
      </header>
      {day.reason && <p className="quiet">{day.reason}</p>}
      <div className="day-parts">
        <Training workout={day.workout} />
        <Nutrition nutrition={day.nutrition} />
        <Recovery recovery={day.recovery} />
      </div>
    </section>
  );
}

function Training({ workout }: { workout: Day['workout'] }) {
  return (
    <div className="day-part">
      <h3>Training</h3>
      {workout.blocks.length === 0 && <p className="quiet">None.</p>}
      {workout.blocks.map((block, place) => (
        <table key={place} className="day-table">
          <caption>{block.name}</caption>
          <thead className="unseen">
            <tr>
              <th scope="col">Exercise</th>
              <th scope="col">Sets and repetitions</th>
              <th scope="col">Repetitions in reserve</th>
            </tr>
          </thead>
          <tbody>
            {block.items.map((item, at) => (
              <tr key={at}>
                <th scope="row">{item.exercise}</th>
                <td>
                  {item.sets} × {item.reps}
                </td>
                <td title="Repetitions in reserve: how many more one could still do">RIR {item.RIR}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
      {workout.notes && <p className="day-notes">{workout.notes}</p>}
    </div>
  );
}

function Nutrition({ nutrition }: { nutrition: Day['nutrition'] }) {
  return (
    <div className="day-part">
      <h3>Nutrition</h3>
      <p>
        <b>{count(nutrition.total_kcal)} kcal</b>, {count(nutrition.protein_g)} g protein, {nutrition.hydration_l} l water
      </p>
      {nutrition.meals.map((meal, place) => (
        <table key={place} className="day-table">
          <caption>{meal.name}</caption>
          <thead className="unseen">
            <tr>
              <th scope="col">Food</th>
              <th scope="col">How much</th>
            </tr>
          </thead>
          <tbody>
            {meal.items.map((item, at) => (
              <tr key={at}>
                <th scope="row">{item.food}</th>
                <td>{item.qty}</td>
              </tr>
            ))}
          </tbody>
        </table>
      ))}
    </div>
  );
}

function Recovery({ recovery }: { recovery: Day['recovery'] }) {
  return (
    <div className="day-part">
      <h3>Recovery</h3>
      <Said name="Mobility" texts={recovery.mobility} />
      <Said name="Sleep" texts={recovery.sleep} />
      <Said name="Supplements" texts={recovery.supplements} />
      <Said name="Could be added" texts={recovery.supplementCard.addOns} />
    </div>
  );
}

function Said({ name, texts }: { name: string; texts: string[] }) {
  if (texts.length === 0) return null;
  return (
    <div>
      <p className="day-name">{name}</p>
      <ul>
        {texts.map((text, place) => (
          <li key={place}>{text}</li>
        ))}
      </ul>
    </div>
  );
}

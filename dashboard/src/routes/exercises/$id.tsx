// One exercise, with all of its texts in every language that it has.

import { useQuery } from '@tanstack/react-query';
import { createFileRoute } from '@tanstack/react-router';
import { useState } from 'react';
import { exerciseQuery, type Exercise } from '../../api/plans';
import { Badge } from '../../pieces/badge';
import { Choice } from '../../pieces/choice';
import { Copy } from '../../pieces/command';
import { Loaded } from '../../pieces/loaded';
import { Page, Panel } from '../../pieces/page';
import { Texts } from '../-exercises/texts';

export const Route = createFileRoute('/exercises/$id')({ component: ExercisePage });

/** The language of the row itself; which one it is, the operator knows. */
const OWN = 'as stored';

function ExercisePage() {
  const { id } = Route.useParams();
  const query = useQuery(exerciseQuery(id));
  return (
    <Page title={query.data?.name ?? 'Exercise'}>
      <Loaded query={query}>{(exercise) => <Parts exercise={exercise} />}</Loaded>
    </Page>
  );
}

function Parts({ exercise }: { exercise: Exercise }) {
  const [language, setLanguage] = useState(OWN);
  const shown = exercise.translations.find((each) => each.language === language) ?? exercise;
  const languages = [OWN, ...exercise.translations.map((each) => each.language)];
  return (
    <>
      <p className="row">
        <Badge state={shown.reviewed ? 'reviewed' : 'not_reviewed'} />
        {!shown.reviewed && <span>A model wrote these texts, and no person has looked them over.</span>}
        <span className="mono">{exercise.slug}</span>
        <Copy text={exercise.id} what="exercise’s id" />
      </p>
      <Panel
        title="Texts"
        aside={languages.length > 1 && <Choice label="Language" options={languages} value={language} onChange={setLanguage} />}
      >
        <Texts texts={shown} language={language === OWN ? undefined : language} />
        {languages.length === 1 && (
          <p className="quiet">There are no other languages yet: the first plan for an athlete who reads one adds it.</p>
        )}
      </Panel>
    </>
  );
}

-- What notifications say, in the languages there are. A phone shows them on its lock screen, so none tells of the profile.
insert into coach.notification_text (type, code, language, title, body) values
  ('base_plan_ready', '', 'en', 'Your plan is ready', 'Seven days of training, meals and recovery are waiting for you.'),
  ('base_plan_ready', '', 'de', 'Dein Plan ist fertig', 'Sieben Tage Training, Essen und Erholung warten auf dich.'),
  ('base_plan_ready', '', 'fr', 'Ton programme est prêt', 'Sept jours d’entraînement, de repas et de récupération t’attendent.'),
  ('base_plan_ready', '', 'es', 'Tu plan está listo', 'Te esperan siete días de entrenamiento, comidas y recuperación.'),
  ('workout_plan_ready', '', 'en', 'Your workout plan is ready', 'Eight weeks of training are waiting for you.'),
  ('workout_plan_ready', '', 'de', 'Dein Trainingsplan ist fertig', 'Acht Wochen Training warten auf dich.'),
  ('workout_plan_ready', '', 'fr', 'Ton plan d’entraînement est prêt', 'Huit semaines d’entraînement t’attendent.'),
  ('workout_plan_ready', '', 'es', 'Tu plan de entrenamiento está listo', 'Te esperan ocho semanas de entrenamiento.')
on conflict (type, code, language) do update set title = excluded.title, body = excluded.body;

insert into coach.notification_text (type, code, language, title, body)
select f.type, b.code, b.language, f.title, b.body
from (values
  ('base_plan_failed', 'en', 'Your plan could not be made'),
  ('base_plan_failed', 'de', 'Dein Plan konnte nicht erstellt werden'),
  ('base_plan_failed', 'fr', 'Ton programme n’a pas pu être créé'),
  ('base_plan_failed', 'es', 'No se pudo crear tu plan'),
  ('workout_plan_failed', 'en', 'Your workout plan could not be made'),
  ('workout_plan_failed', 'de', 'Dein Trainingsplan konnte nicht erstellt werden'),
  ('workout_plan_failed', 'fr', 'Ton plan d’entraînement n’a pas pu être créé'),
  ('workout_plan_failed', 'es', 'No se pudo crear tu plan de entrenamiento')) f (type, language, title)
join (values
  ('', 'en', 'Something went wrong on our side. Please try again later.'),
  ('', 'de', 'Bei uns ist etwas schiefgegangen. Bitte versuche es später noch einmal.'),
  ('', 'fr', 'Un problème est survenu de notre côté. Réessaie plus tard.'),
  ('', 'es', 'Algo ha fallado por nuestra parte. Inténtalo de nuevo más tarde.'),
  ('INVALID_PROFILE', 'en', 'Something in your profile is missing or cannot be right. Please check it and try again.'),
  ('INVALID_PROFILE', 'de', 'In deinem Profil fehlt etwas oder stimmt etwas nicht. Bitte prüfe es und versuche es noch einmal.'),
  ('INVALID_PROFILE', 'fr', 'Il manque quelque chose dans ton profil, ou une valeur est impossible. Vérifie-le et réessaie.'),
  ('INVALID_PROFILE', 'es', 'Falta algo en tu perfil o hay un dato que no puede ser correcto. Revísalo e inténtalo de nuevo.'),
  ('NEEDS_CLEARANCE', 'en', 'There is something to settle first. Open the app to read more.'),
  ('NEEDS_CLEARANCE', 'de', 'Vorher ist noch etwas zu klären. Öffne die App, um mehr zu erfahren.'),
  ('NEEDS_CLEARANCE', 'fr', 'Il reste un point à régler d’abord. Ouvre l’application pour en savoir plus.'),
  ('NEEDS_CLEARANCE', 'es', 'Antes hay algo que aclarar. Abre la aplicación para saber más.'),
  ('AI_REFUSED', 'en', 'No plan could be made from this profile. Please check what you wrote in it and try again.'),
  ('AI_REFUSED', 'de', 'Aus diesem Profil konnte kein Plan erstellt werden. Bitte prüfe deine Angaben und versuche es noch einmal.'),
  ('AI_REFUSED', 'fr', 'Aucun plan n’a pu être créé à partir de ce profil. Vérifie ce que tu as écrit et réessaie.'),
  ('AI_REFUSED', 'es', 'No se pudo crear ningún plan con este perfil. Revisa lo que escribiste e inténtalo de nuevo.'),
  ('BUDGET_EXCEEDED', 'en', 'No more plans can be made today. Please try again tomorrow.'),
  ('BUDGET_EXCEEDED', 'de', 'Heute können keine weiteren Pläne erstellt werden. Bitte versuche es morgen noch einmal.'),
  ('BUDGET_EXCEEDED', 'fr', 'Plus aucun plan ne peut être créé aujourd’hui. Réessaie demain.'),
  ('BUDGET_EXCEEDED', 'es', 'Hoy no se pueden crear más planes. Inténtalo de nuevo mañana.')) b (code, language, body)
  on b.language = f.language
on conflict (type, code, language) do update set title = excluded.title, body = excluded.body;

//! What is said to an athlete for whom no plan is made before a doctor's word.

use super::{Flag, Language};

impl Flag {
    /// A kind sentence for the athlete, where the flag needs clearance: what to do, and that a plan is made afterwards.
    pub fn sentence(self, language: Language) -> Option<&'static str> {
        let sentences = match self {
            Self::Pregnancy => PREGNANCY,
            Self::Under18 => UNDER_18,
            Self::ChestPain => CHEST_PAIN,
            Self::Fainting => FAINTING,
            Self::HeartCondition => HEART_CONDITION,
            _ => return None,
        };
        let [en, de, fr, es] = sentences;
        Some(match language {
            Language::En => en,
            Language::De => de,
            Language::Fr => fr,
            Language::Es => es,
        })
    }
}

const PREGNANCY: [&str; 4] = [
    "Congratulations on your pregnancy! Training can do you both good, but please talk to your doctor or midwife first and let them plan it with you.",
    "Herzlichen Glückwunsch zur Schwangerschaft! Training kann euch beiden guttun, sprich aber bitte zuerst mit deiner Ärztin oder Hebamme und plane es mit ihr.",
    "Félicitations pour votre grossesse ! L'entraînement peut vous faire du bien à tous les deux, mais parlez-en d'abord à votre médecin ou à votre sage-femme.",
    "¡Enhorabuena por tu embarazo! Entrenar puede haceros bien a los dos, pero habla antes con tu médica o matrona y planifícalo con ella.",
];
const UNDER_18: [&str; 4] = [
    "Great that you want to train! Under 18 we do not make plans on our own: please ask a parent and a coach or your doctor to plan it with you.",
    "Schön, dass du trainieren willst! Unter 18 erstellen wir allein keinen Plan: Bitte deine Eltern und einen Trainer oder deine Ärztin, ihn mit dir zu machen.",
    "C'est super de vouloir t'entraîner ! Avant 18 ans, nous ne faisons pas de programme seuls : demande à tes parents et à un entraîneur ou à ton médecin de le préparer avec toi.",
    "¡Qué bien que quieras entrenar! Con menos de 18 años no hacemos planes por nuestra cuenta: pide a tus padres y a un entrenador o a tu médico que lo preparen contigo.",
];
const CHEST_PAIN: [&str; 4] = [
    "Please have your chest pain checked by a doctor before you train, and call emergency services if it is strong or does not stop. We will gladly make your plan afterwards.",
    "Lass deine Brustschmerzen bitte ärztlich abklären, bevor du trainierst, und ruf den Notruf, wenn sie stark sind oder nicht aufhören. Danach machen wir gern deinen Plan.",
    "Faites examiner votre douleur à la poitrine par un médecin avant de vous entraîner, et appelez les urgences si elle est forte ou ne cesse pas. Nous ferons volontiers votre programme ensuite.",
    "Consulta a un médico por tu dolor en el pecho antes de entrenar, y llama a emergencias si es fuerte o no cesa. Después haremos tu plan con mucho gusto.",
];
const FAINTING: [&str; 4] = [
    "Please have a doctor find out why you fainted before you train. We will gladly make your plan afterwards.",
    "Lass bitte ärztlich abklären, warum du ohnmächtig wurdest, bevor du trainierst. Danach machen wir gern deinen Plan.",
    "Demandez à un médecin pourquoi vous avez perdu connaissance avant de vous entraîner. Nous ferons volontiers votre programme ensuite.",
    "Pide a un médico que averigüe por qué te desmayaste antes de entrenar. Después haremos tu plan con mucho gusto.",
];
const HEART_CONDITION: [&str; 4] = [
    "With a heart condition, please ask your doctor first which training is right for you. We will gladly make your plan afterwards.",
    "Frag bei einer Herzerkrankung bitte zuerst deine Ärztin oder deinen Arzt, welches Training richtig für dich ist. Danach machen wir gern deinen Plan.",
    "Avec un problème cardiaque, demandez d'abord à votre médecin quel entraînement vous convient. Nous ferons volontiers votre programme ensuite.",
    "Con un problema de corazón, pregunta antes a tu médico qué entrenamiento te conviene. Después haremos tu plan con mucho gusto.",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_flag_that_needs_clearance_has_its_sentence_and_no_other() {
        for flag in Flag::ALL {
            for language in Language::ALL {
                assert_eq!(
                    flag.sentence(*language).is_some(),
                    flag.needs_clearance(),
                    "{flag} {language}"
                );
            }
        }
    }
}

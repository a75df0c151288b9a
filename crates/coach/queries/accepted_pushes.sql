select push_token as "push_token!", sends as "sends!", receipt_id as "receipt_id!", age_seconds as "age_seconds!"
from coach.accepted_pushes($1)

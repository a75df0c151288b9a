select push_token as "push_token!", token as "token!", sends as "sends!", perhaps_sent as "perhaps_sent!", title, body,
       data as "data: Json<Map<String, Value>>"
from coach.begin_push($1)

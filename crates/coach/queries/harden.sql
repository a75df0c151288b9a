select harden as "statement!" from coach.harden()

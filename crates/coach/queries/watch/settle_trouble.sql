select coach.settle_trouble($1)

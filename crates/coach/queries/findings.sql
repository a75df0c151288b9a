select object as "object!", problem as "problem!", cure as "cure!" from coach.findings()

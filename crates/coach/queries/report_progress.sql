select coach.report_progress($1, $2, $3, $4, $5) as "written!"

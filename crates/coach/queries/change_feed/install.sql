select 1 as "done!" from coach.install_change_feed()

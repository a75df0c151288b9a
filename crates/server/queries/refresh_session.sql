-- The newest token moves the session on. The one before it gets the newest again: its bearer never saw the answer. So does any
-- older one for a moment: several tabs refresh at once.
update auth.session set
  refreshes = case when refreshes = $2 then refreshes + 1 else refreshes end,
  refreshed_at = case when refreshes = $2 then now() else refreshed_at end
where id = $1 and ($2 >= refreshes - 1 or refreshed_at > now() - interval '10 seconds')
returning id, account_id, method, refreshes, extract(epoch from created_at)::bigint as "began!"

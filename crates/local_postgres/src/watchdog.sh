# Ends the shared test server of this folder once no process registered in users/ has been alive for five minutes.
in_use() {
  for user in users/*; do
    [ -e "$user" ] || continue
    kill -0 "${user##*/}" && return 0
    rm -f "$user"
  done
  return 1
}

idle=0
while server=$(head -n 1 postgres/postmaster.pid) && kill -0 "$server"; do
  if in_use; then idle=0; else idle=$((idle + 1)); fi
  if [ "$idle" -ge 60 ]; then
    # The mark first, then a last look: a test process registers first, then looks for the mark.
    mkdir -p stopping
    if ! in_use; then
      kill -INT "$server"
      while kill -0 "$server"; do sleep 1; done
    fi
    rmdir stopping
    idle=0
  fi
  sleep 5
done

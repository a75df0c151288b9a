select floor(extract(epoch from clock_timestamp()))::bigint as "now!"

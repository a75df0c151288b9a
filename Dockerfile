# An image of the one binary. `docker build -t mesocycle .`; `compose.yaml` runs it beside a PostgreSQL.
FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
RUN apt-get update \
  && apt-get install --yes --no-install-recommends lld \
  && rm -rf /var/lib/apt/lists/*
COPY . .
# The caches keep the dependencies between builds; the binary is copied out of them.
RUN --mount=type=cache,target=/usr/local/cargo/registry \
  --mount=type=cache,target=/source/target \
  cargo build --release --locked --bin mesocycle \
  && cp target/release/mesocycle /usr/local/bin/mesocycle

FROM debian:bookworm-slim
RUN apt-get update \
  && apt-get install --yes --no-install-recommends ca-certificates \
  && rm -rf /var/lib/apt/lists/* \
  && useradd --system --uid 10001 --home-dir /nonexistent mesocycle
COPY --from=build /usr/local/bin/mesocycle /usr/local/bin/mesocycle
USER mesocycle
ENV MESOCYCLE_HOST=0.0.0.0 MESOCYCLE_LOG_FORMAT=json
EXPOSE 54321
# Workers finish what they can within `drain_seconds`; give the container ten seconds more.
STOPSIGNAL SIGTERM
ENTRYPOINT ["mesocycle"]
CMD ["serve"]

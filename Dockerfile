# An image of the one binary. `docker build -t mesocycle .`; `compose.yaml` runs it beside a PostgreSQL.
FROM node:22-slim AS dashboard
WORKDIR /dashboard
COPY dashboard/package.json dashboard/package-lock.json dashboard/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY dashboard .
RUN npm run build

FROM rust:1.95-slim-bookworm AS build
WORKDIR /source
RUN apt-get update \
  && apt-get install --yes --no-install-recommends lld \
  && rm -rf /var/lib/apt/lists/*
COPY . .
COPY --from=dashboard /dashboard/dist dashboard/dist
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

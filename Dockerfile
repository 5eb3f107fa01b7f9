# syntax=docker/dockerfile:1

# Images are named by version here. To pin one for good, put its digest behind the tag:
#   docker buildx imagetools inspect rust:1.95-bookworm --format '{{ .Manifest.Digest }}'
#   FROM rust:1.95-bookworm@sha256:…
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/build/target \
    cargo build --release --locked \
    && mkdir -p /out/data \
    && cp target/release/millwright /out/millwright

# No shell and no package manager; glibc, libgcc and an unprivileged user (65532) are all there is.
FROM gcr.io/distroless/cc-debian12:nonroot
LABEL org.opencontainers.image.title="Millwright" \
      org.opencontainers.image.description="A GitHub App that carries an idea from issue to release" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --from=build /out/millwright /usr/local/bin/millwright
COPY --from=build --chown=65532:65532 /out/data /data
USER 65532:65532
# SQLite writes below /data and nowhere else, so the rest of the file system can be read-only.
ENV HOST=0.0.0.0 PORT=3000 DATABASE_URL=sqlite:///data/millwright.db LOG_FORMAT=json
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
ENTRYPOINT ["/usr/local/bin/millwright"]
CMD ["serve"]

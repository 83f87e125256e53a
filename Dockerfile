# The images to build with and to run on. A release passes both pinned by digest (.github/workflows/release.yml), so
# that what was released can be built again; the tags stand here so that a plain build works wherever these images are.
ARG GO_IMAGE=golang:1.26-bookworm
ARG BASE_IMAGE=gcr.io/distroless/static-debian12:latest

FROM ${GO_IMAGE} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY main.go ./
COPY internal ./internal
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w" -o /kpi-gate .

# No USER: an action's container runs as root, or it could not write to the runner's files. No WORKDIR: the runner sets
# it.
# https://docs.github.com/en/actions/reference/workflows-and-actions/dockerfile-support
FROM ${BASE_IMAGE}
COPY --from=build /kpi-gate /kpi-gate
ENTRYPOINT ["/kpi-gate"]

# docker build -t kstream .
# docker run -e KSTREAM_STREAM=logs -e AWS_REGION=eu-west-1 kstream

FROM golang:1.26 AS build
WORKDIR /src
# The modules are a layer of their own: they change less often than the code.
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG VERSION=""
RUN CGO_ENABLED=0 go build -trimpath -tags timetzdata,grpcnotrace -ldflags "-s -w -X main.version=$VERSION" -o /out/kstream ./cmd/kstream
# What an image from scratch lacks: a user with a name, the folders that it owns, and somewhere for temporary files.
RUN mkdir -p /root-fs/etc/ssl/certs /root-fs/var/lib/kstream /root-fs/data /root-fs/tmp \
 && echo 'kstream:x:65532:65532:kstream:/var/lib/kstream:/kstream' > /root-fs/etc/passwd \
 && echo 'kstream:x:65532:' > /root-fs/etc/group \
 && cp /etc/ssl/certs/ca-certificates.crt /root-fs/etc/ssl/certs/ \
 && cp /out/kstream /root-fs/kstream \
 && chown -R 65532:65532 /root-fs/var/lib/kstream /root-fs/data \
 && chmod 1777 /root-fs/tmp

# docker-compose's profile "test": the tests of the binary from end to end, against KSTREAM_TEST_ENDPOINT.
FROM build AS test
RUN CGO_ENABLED=0 go test -trimpath -tags timetzdata,grpcnotrace -c -o /out/endtoend ./test/endtoend
WORKDIR /src/test/endtoend
ENV KSTREAM_TEST_BINARY=/out/kstream
CMD ["/out/endtoend", "-test.v"]

# The zones are in the binary.
FROM scratch
COPY --from=build /root-fs /
USER 65532:65532
ENV KSTREAM_STATE_DIR=/var/lib/kstream KSTREAM_HTTP_ADDR=:8080
VOLUME ["/var/lib/kstream"]
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=10s CMD ["/kstream", "health"]
ENTRYPOINT ["/kstream"]
CMD ["run"]

# syntax=docker/dockerfile:1
# The program in a small image of its own:
#   docker build --tag saddlefarm .
#   docker run --rm --volume "$PWD:/farm" saddlefarm run my-experiment.conf

FROM maven:3.9-eclipse-temurin-17 AS build
WORKDIR /build
COPY pom.xml .
COPY .mvn .mvn
COPY src/main src/main
RUN --mount=type=cache,target=/root/.m2 \
    mvn -q -B package -Dmaven.test.skip=true -Dspotless.check.skip=true
# A Java runtime with what the program uses, the processor's vectors among it; not all runtimes that are packed have those.
# Without the flight recorder (jfr) no node of a cluster starts.
RUN jlink --output /runtime --strip-debug --no-header-files --no-man-pages \
    --add-modules java.se,jdk.crypto.ec,jdk.incubator.vector,jdk.jfr,jdk.management,jdk.unsupported,jdk.zipfs

FROM debian:12-slim
COPY --from=build /runtime /opt/java
COPY --from=build /build/target/lib /opt/saddlefarm/target/lib
COPY --from=build /build/target/saddlefarm.jar /opt/saddlefarm/target/
COPY saddlefarm LICENSE NOTICE /opt/saddlefarm/
COPY config /opt/saddlefarm/config
RUN ln -s /opt/saddlefarm/saddlefarm /usr/local/bin/saddlefarm \
    && useradd --uid 10001 --no-create-home --home-dir /farm farm \
    && install --directory --owner farm /farm
# No more heap than the container's memory allows, and an end rather than a farm that limps.
ENV JAVA_HOME=/opt/java \
    SADDLEFARM_JAVA_OPTIONS="-XX:MaxRAMPercentage=70 -XX:+ExitOnOutOfMemoryError"
USER 10001
WORKDIR /farm
# HTTP; between nodes, management and Artery.
EXPOSE 8080 7626 25520
# The launcher leaves its process to Java, which hears SIGTERM and commits.
ENTRYPOINT ["saddlefarm"]
CMD ["--help"]

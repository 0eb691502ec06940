package saddlefarm.cli;

import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import saddlefarm.cluster.ClusterSettings;
import saddlefarm.http.FarmServer;
import saddlefarm.store.PostgresDatabase;
import saddlefarm.store.ResultsPlace;

/** A farm that waits for work. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "A farm that waits for work and shows itself: submit, pause, resume and cancel talk to it, and whoever speaks"
                    + " HTTP (docs/API.md). It goes on with every run of its directory that has neither ended nor been"
                    + " paused. Ctrl-C or SIGTERM commits everything; the same command goes on from there.",
            "",
            "For example: saddlefarm serve --out farm-out --port 8080"
        })
final class ServeCommand implements Callable<Integer> {

    @Mixin
    private final OutputOption out = new OutputOption();

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "8080",
            description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description =
                    "Address to listen on (default: http.host, 127.0.0.1). On any but a loopback address clients have"
                            + " to show a token: http.token-file, or SADDLEFARM_HTTP_TOKEN in the environment.")
    private @Nullable String host;

    @Mixin
    private final FarmOptions farm = new FarmOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public Integer call() {
        var warmUp = FarmProcess.warmUp();
        ProcessSettings given = farm.over(out.settings());
        ProcessSettings settings = host == null ? given : given.withHost(host);
        requirePort();
        if (settings.api().token() == null && !FarmServer.isLoopback(settings.host())) {
            throw new Misuse(
                    "on %s others reach this farm, so it needs a token: SADDLEFARM_HTTP_TOKEN in the environment, or"
                                    .formatted(settings.host())
                            + " http.token-file in the file of --config");
        }
        FarmProcess.requireFree(settings.host(), port);
        @Nullable ClusterSettings cluster = settings.cluster();
        if (cluster == null) {
            try (var session = session(out.place(), settings)) {
                session.serve(port, warmUp);
            }
        } else {
            FarmProcess.requireFree(cluster.host(), cluster.port());
            FarmProcess.requireFree(cluster.host(), cluster.managementPort());
            PostgresDatabase database = out.sharedDatabase();
            try (var session = session(database, settings)) {
                session.serveAsNode(cluster, database, port, warmUp);
            }
        }
        return ExitCode.OK;
    }

    private FarmSession session(ResultsPlace place, ProcessSettings settings) {
        return new FarmSession(
                place, settings, farm.progress(), null, spec.commandLine().getErr(), GivenCommand.of(spec));
    }

    private void requirePort() {
        if (port < 0 || port > 65_535) {
            throw new Misuse("--port must be from 0 to 65535 but was " + port);
        }
    }
}

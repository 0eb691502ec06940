package saddlefarm.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import saddlefarm.http.Token;

/** The options of commands that talk to a farm elsewhere. */
final class ClientOptions {

    @Option(
            names = "--to",
            paramLabel = "URL",
            required = true,
            description = "Where the farm listens, as serve says it, such as http://127.0.0.1:8080.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String url;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "File with the farm's token (default: SADDLEFARM_HTTP_TOKEN in the environment, if it has one).")
    private @Nullable String tokenFile;

    FarmClient client() {
        @Nullable
        Token token = tokenFile == null
                ? ProcessSettings.token("", ProcessSettings.TOKEN, System.getenv())
                : ProcessSettings.token(tokenFile, ProcessSettings.TOKEN, Map.of());
        return FarmClient.to(url, token);
    }
}

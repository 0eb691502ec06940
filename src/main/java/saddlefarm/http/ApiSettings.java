package saddlefarm.http;

import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import saddlefarm.experiment.InputFiles;

/**
 * What clients of the API may do.
 *
 * @param maxBody bytes of a request's body at most
 * @param maxRuns of one submission at most
 * @param maxStreams clients of the event stream at a time
 * @param webhookHosts that experiments may notify
 * @param dataDirectory whose files experiments may use; null for none
 * @param token that clients have to show; null for none, which opens the API to loopback addresses alone
 */
public record ApiSettings(
        int maxBody,
        int maxRuns,
        int maxStreams,
        Set<String> webhookHosts,
        @Nullable Path dataDirectory,
        @Nullable Token token) {

    InputFiles files() {
        return dataDirectory == null ? InputFiles.none() : InputFiles.within(dataDirectory);
    }
}

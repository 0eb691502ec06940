package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;
import saddlefarm.store.OutputDirectory;

/** Which runs a client means, of a thousand. */
class LookupTest {

    @Test
    void aBeginningThatManyIdsHaveIsAnsweredWithAHundredOfThem(@TempDir Path directory) {
        try (var output = OutputDirectory.open(directory);
                var store = output.openStore()) {
            store.register(TestRuns.specs(3000));
            String id = store.runs().get(0).id();

            var ambiguous = catchThrowableOfType(ApiException.class, () -> Lookup.run(store, id.substring(0, 1)));

            assertThat(ambiguous.problem().status()).isEqualTo(409);
            assertThat(ambiguous.problem().candidates())
                    .hasSize(100)
                    .allMatch(candidate -> candidate.startsWith(id.substring(0, 1)));
            assertThat(Lookup.run(store, id).id()).isEqualTo(id);
        }
    }

    @Test
    void noBeginningIsNoRunsThoughThereIsOne(@TempDir Path directory) {
        try (var output = OutputDirectory.open(directory);
                var store = output.openStore()) {
            RunSpec run = TestRuns.specs(1).get(0);
            store.register(TestRuns.specs(1));

            assertThat(Lookup.run(store, run.id().substring(0, 1)).id()).isEqualTo(run.id());
            assertThatThrownBy(() -> Lookup.run(store, "")).hasMessage("no run's id begins with ");
            assertThatThrownBy(() -> Lookup.run(store, run.id() + "0"))
                    .hasMessage("no run's id begins with " + run.id() + "0");
        }
    }
}

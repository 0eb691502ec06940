package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import saddlefarm.CommitDraft;
import saddlefarm.TestRuns;
import saddlefarm.experiment.RunSpec;
import saddlefarm.store.OutputDirectory;

/** What {@code report} writes, and what it says when it cannot. */
class ReportCommandTest {

    private final List<RunSpec> runs = TestRuns.specs(2);

    @TempDir
    private Path directory;

    private Path out;

    @BeforeEach
    void storeRuns() throws IOException {
        out = directory.resolve("out");
        Files.createFile(directory.resolve("file"));
        Files.createDirectory(directory.resolve("there"));
        try (var output = OutputDirectory.open(out);
                var store = output.openStore()) {
            store.register(runs);
            for (RunSpec run : runs) {
                long epoch = store.claim(run).epoch();
                store.commit(List.of(new CommitDraft(run, epoch, 100)
                        .rows(TestRuns.row(0), TestRuns.row(50), TestRuns.row(100))
                        .commit()));
            }
        }
    }

    @Test
    void aPageIsWrittenWhileAFarmWorksOnTheRuns() throws IOException {
        try (var lock = OutputDirectory.open(out)) {
            assertThat(lock).isNotNull();
            Path page = directory.resolve("page.html");
            var result = Cli.run("report", "--out", out, "--to", page);
            assertThat(result.exitCode()).as(result.err()).isZero();
            assertThat(result.err()).isEqualTo("2 runs reported in %s%n".formatted(page));
            assertThat(Files.readString(page))
                    .contains(runs.get(0).id(), runs.get(1).id());
            assertThat(names(directory)).contains("page.html").noneMatch(name -> name.endsWith(".unfinished"));
        }
    }

    @Test
    void oneRunCanBeChosenAndFiguresAreMadeWhereTheyAreWanted() throws IOException {
        Path page = directory.resolve("page.html");
        Path figures = directory.resolve("new/figures");
        String id = runs.get(1).id();
        var result = Cli.run("report", "--out", out, "--to", page, "--run", id.substring(0, 8), "--figures", figures);
        assertThat(result.exitCode()).as(result.err()).isZero();
        assertThat(Files.readString(page))
                .contains(id)
                .doesNotContain(runs.get(0).id());
        assertThat(names(figures))
                .contains(id + ".loss.step.svg", id + ".loss.step.csv")
                .allMatch(name -> name.startsWith(id));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--to missing/page.html | there is no directory",
                "--to there | is a directory; a page is a file, such as",
                "--to file/page.html | there is no directory",
                "--to page.html --figures file | is a file, not a directory",
                "--to page.html --figures file/figures | cannot write",
                "--to page.html --run zzz | no run's id begins with zzz",
                "--to page.html --experiment nothing | no experiment is called nothing; there is made-up",
                "'' | Missing required option: '--to=FILE'",
            })
    void whatCannotBeIsToldAndNothingIsWritten(String options, String message) throws IOException {
        List<String> before = names(directory);
        String[] words = ("report --out out " + options).trim().split(" ", -1);
        for (int i = 1; i < words.length; i++) {
            boolean path = List.of("--out", "--to", "--figures").contains(words[i - 1]);
            words[i] = path ? directory.resolve(words[i]).toString() : words[i];
        }
        var result = Cli.run((Object[]) words);
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains(message);
        assertThat(names(directory)).isEqualTo(before);
    }

    @Test
    void withoutRunsThereIsNothingToReport() throws IOException {
        Path empty = directory.resolve("empty");
        try (var output = OutputDirectory.open(empty);
                var store = output.openStore()) {
            assertThat(store.runs()).isEmpty();
        }
        var result = Cli.run("report", "--out", empty, "--to", directory.resolve("page.html"));
        assertThat(result.exitCode()).isEqualTo(2);
        assertThat(result.err()).contains("there are no runs in " + empty);
        assertThat(directory.resolve("page.html")).doesNotExist();
    }

    private static List<String> names(Path directory) throws IOException {
        try (var paths = Files.list(directory)) {
            return paths.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }
}

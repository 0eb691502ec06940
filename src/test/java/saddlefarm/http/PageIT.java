package saddlefarm.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;
import saddlefarm.run.RunStatus;

/** The built-in page in a real browser, of a farm that trains. */
@DisabledIfSystemProperty(named = "saddlefarm.without", matches = ".*\\bchromium\\b.*")
class PageIT {

    /** Four modes, learned one after the other, over two scales and some seeds. */
    private static final String LADDERS = """
            name = ladders
            network { widths = [10, 20, 20, 10], activation = linear }
            data { source = linear-teacher }
            descent { learning-rate = 0.01 }
            stop { max-steps = 20000, loss = 1e-6 }
            observe { every-steps = 5 }
            checkpoint { every = 200ms }
            sweep { initialization.scale = [0.02, 0.05], initialization.seed = "range(0, %d)" }
            """;

    /** Leaves its origin after a few seconds, and lasts. */
    private static final String SLOW = """
            name = "%s"
            network { widths = [10, 20, 10], activation = linear }
            data { source = linear-teacher }
            initialization { scale = 1e-6 }
            descent { learning-rate = 1e-4 }
            stop { max-steps = 100000000 }
            observe { every-steps = 50 }
            checkpoint { every = 500ms }
            """;

    /** From here on the page hears what a test tells it, and reads what it says of a run, instead of its farm. */
    private static final String TOLD_BY_THE_TEST = """
            const fetched = window.fetch;
            const listen = { start: controller => { window.stream = controller; } };
            window.fetch = async (path, ...more) => {
              const [, run] = /runs\\/([^/]+)\\/snapshots/.exec(path) ?? [];
              if (run) return new Response(JSON.stringify(await window.rows(run)));
              return path.startsWith("api/v1/events") ? new Response(new ReadableStream(listen)) : fetched(path, ...more);
            };
            window.tell = (name, data, id = "") => stream.enqueue(
              new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\nid: ${id}\n\n`));
            location.hash = "#run=another";
            """;

    private static final String RUNS = "#table tr.run";

    @TempDir
    private Path directory;

    private ServedFarm farm;
    private Browser browser;

    @BeforeEach
    void begin() throws Exception {
        farm = new ServedFarm(directory.resolve("out"), ServedFarm.OPEN, true);
        browser = new Browser(Files.createDirectory(directory.resolve("profile")));
    }

    @AfterEach
    void end() {
        browser.close();
        farm.close();
    }

    @Test
    void runsAndTheirTransitionsAppearAsTheyHappen() throws Exception {
        browser.open(farm.url("/"));
        assertThat(browser.count(RUNS)).isZero();

        String run = submit(SLOW.formatted("slow"));

        browser.until(() -> browser.count(RUNS) == 1);
        browser.click(RUNS);
        browser.until(() -> browser.text("#table td.status").equals("running"));
        browser.until(() -> browser.count("#transitions li") > 0);
        assertThat(browser.text("#transitions li:last-child")).contains("rank 0 →", run.substring(0, 8));
        browser.until(() -> browser.count("#transitions li") > 1);
        assertThat(browser.text("#table td.transitions")).matches("[234]");
        browser.until(() -> browser.text(".saddles tbody tr").startsWith("0\t0\t0 –"));
        browser.until(() -> browser.count("#plots canvas") == 4);
        assertNothingWrong();
    }

    @Test
    void axesSwitchAndTheAddressSaysWhatIsShown() throws Exception {
        List<String> runs = trained(2);
        browser.open(farm.url("/#run=" + runs.get(0)));
        browser.until(() -> browser.count(".saddles tbody tr") > 2);
        browser.until(() -> browser.count("#plots canvas") == 5);
        String before = settled();

        browser.press("x");
        browser.until(() -> !browser.drawn().equals(before));
        assertThat(browser.address()).endsWith("#run=" + runs.get(0) + "&x=time");
        String overTime = settled();
        browser.click("[name=x][value=log-time]");
        browser.until(() -> !browser.drawn().equals(overTime));
        String overLogTime = settled();
        browser.press("l");
        browser.until(() -> !browser.drawn().equals(overLogTime));
        assertThat(browser.address()).endsWith("&x=log-time&log=no");
        browser.screenshot("log-time");

        // Whoever is sent the address sees the same.
        String address = browser.address();
        String shown = settled();
        browser.open(address);
        browser.until(() -> browser.drawn().equals(shown));
        assertNothingWrong();
    }

    @Test
    void theTableIsFilteredAndSorted() throws Exception {
        trained(3);
        browser.open(farm.url("/"));
        browser.until(() -> browser.count(RUNS) == 6);

        browser.type("#filter", "scale<0.03 seed>=1");
        browser.until(() -> browser.count(RUNS) == 2);
        assertThat(browser.text("#shown")).isEqualTo("2 of 6 runs");
        assertThat(browser.texts("#table td:nth-child(8)")).containsOnly("0.02");
        browser.clear("#filter");
        browser.type("#filter", "status=failed");
        browser.until(() -> browser.count(RUNS) == 0);
        browser.clear("#filter");
        browser.until(() -> browser.count(RUNS) == 6);

        browser.click("#table th[title=loss] button");
        browser.until(() -> browser.count("#table th[title=loss][aria-sort=ascending]") == 1);
        List<String> ascending = losses();
        assertThat(ascending)
                .isSortedAccordingTo((a, b) -> Double.compare(Double.parseDouble(a), Double.parseDouble(b)));
        browser.click("#table th[title=loss] button");
        browser.until(() -> browser.count("#table th[title=loss][aria-sort=descending]") == 1);
        browser.until(() -> losses().get(0).equals(ascending.get(5)));
        assertNothingWrong();
    }

    @Test
    void severalRunsAreLaidOverEachOtherOrSideBySideOrCountTogether() throws Exception {
        trained(3);
        browser.open(farm.url("/"));
        browser.until(() -> browser.count(RUNS) == 6);

        browser.press("a");
        browser.until(() -> browser.count("#table tr.chosen") == 6);
        browser.until(() -> browser.count(".legend span") == 6);
        browser.screenshot("overlay");
        browser.press("v");
        browser.until(() -> browser.count(".multiples canvas") == 6);
        browser.screenshot("multiples");
        browser.press("v");
        browser.until(() -> browser.texts(".legend span").stream()
                .sorted()
                .toList()
                .equals(List.of("ladders, scale 0.02 (3)", "ladders, scale 0.05 (3)")));
        browser.screenshot("seeds");
        browser.press(Keys.ESCAPE);
        browser.until(() -> browser.count("#table tr.chosen") == 0);
        assertNothingWrong();
    }

    /**
     * Losses 1, 2 and 4, of which the second falls to 0.02 between x = 10 and 20, and the third run ends at x = 10. One
     * that is paused at x = 0 has not come further.
     */
    @Test
    void quartilesAreThoseOfTheRunsAtThatX() throws Exception {
        browser.open(farm.url("/"));

        Object numbers = browser.scriptAsync("""
                const { Trajectory } = await import("/trajectory.js");
                const { quartiles } = await import("/seeds.js");
                const run = (time, loss) =>
                  Object.assign(new Trajectory("a run"), { step: time, time, loss, rank: loss.map(() => 0) });
                const members = [
                  { trajectory: run([0, 20], [1, 1]), run: { status: "running" } },
                  { trajectory: run([0, 10, 20], [2, 2, 0.02]), run: { status: "running" } },
                  { trajectory: run([0, 10], [4, 4]), run: { status: "completed" } },
                  { trajectory: run([0, 0], [9, 9]), run: { status: "paused" } },
                ];
                const { xs, lower, median, upper } = quartiles(members, "time");
                const at = x => xs.findIndex(each => Math.abs(each - x) < 1e-9);
                return [15, 20].map(x => [lower, median, upper].map(of => of[at(x)].toFixed(6)).join(" ")).join("; ");
                """);

        // On a logarithmic axis the second is at 0.2 halfway. The third counts with its last loss.
        assertThat(numbers).isEqualTo("0.600000 1.000000 2.500000; 0.510000 1.000000 2.500000");
    }

    /** The losses of the runs of a scale are apart, so that the median of some of them is another one. */
    @Test
    void theMedianIsOfEachScalesRunsHoweverTheTableIsSorted() {
        beToldByTheTest();
        browser.script("""
                const loss = run => 10 ** (-Number(run.slice(1)) / 300);
                window.read = new Set();
                window.rows = run => {
                  read.add(run);
                  return { step: [0, 9], flow_time: [0, 9], loss: [loss(run), loss(run)], rank: [0, 0] };
                };
                for (let i = 0; i < 1200; i++) {
                  const run = `r${String((i * 7) % 1200).padStart(4, "0")}`;
                  const swept = { scale: i % 4 ? 0.02 : 0.005, seed: i };
                  tell("status", { run, experiment: "many", status: "completed", steps: 9, loss: loss(run), swept });
                }
                tell("live", {}, "farm.0");
                """);
        browser.until(() -> browser.count(RUNS) == 1200);

        browser.click("[name=view][value=seeds]");

        List<String> legend = List.of("many, scale 0.005 (300)", "many, scale 0.02 (700 of 900)");
        browser.until(() -> browser.texts(".legend span").equals(legend));
        assertThat(browser.text(".note")).startsWith("1,000 of 1,200 runs count");
        assertThat(browser.script("return [read.has('r0001'), read.has('r1199')].join()"))
                .as("whether that of the greatest loss is read, and of the least: ids decide")
                .isEqualTo("true,false");
        String shown = settled();
        browser.click("#table th[title=loss] button");
        browser.until(() -> browser.text("#table td.id").equals("r1199"));
        browser.press("xx"); // there and back again: everything is drawn anew
        browser.press("x");
        browser.until(() -> browser.drawn().equals(shown));
        assertThat(browser.texts(".legend span")).isEqualTo(legend);
    }

    @Test
    void theMedianSaysHowManyOfItsRunsAreRead() {
        beToldByTheTest();
        browser.script("""
                const slow = new Promise(done => { window.answer = done; });
                const rows = () => ({ step: [0, 9], flow_time: [0, 9], loss: [1, 1], rank: [0, 0] });
                const none = { step: [], flow_time: [], loss: [], rank: [] };
                window.rows = async run => run === "slow" ? slow.then(rows) : run === "queued" ? none : rows();
                for (const run of ["slow", "fast", "queued"]) {
                  tell("status", { run, experiment: "few", status: "running", swept: {} });
                }
                tell("live", {}, "farm.0");
                """);
        browser.until(() -> browser.count(RUNS) == 3);

        browser.click("[name=view][value=seeds]");

        browser.until(() -> browser.text(".note").startsWith("So far 2 of 3 runs are read. 1 has no rows yet."));
        assertThat(browser.texts(".legend span")).containsExactly("few (1 of 3)");
        browser.script("answer()");
        browser.until(() -> browser.text(".note").startsWith("1 has no rows yet. Median"));
        assertThat(browser.texts(".legend span")).containsExactly("few (2 of 3)");
    }

    @Test
    void aTransitionsRankIsShownWhenItIsKnownThoughOthersCameMeanwhile() {
        beToldByTheTest();
        browser.script("""
                const transition = { finding: "transition", transition: 1, step: 7, flow_time: 1, rank_before: 0 };
                tell("finding", { run: "first", ...transition });
                tell("finding", { run: "second", ...transition });
                """);
        browser.until(() -> browser.count("#transitions li") == 2);

        browser.script("""
                tell("finding", { run: "first", finding: "transition", transition: 1, rank_before: 0, rank_after: 2 });
                """);

        browser.until(() -> browser.text("#transitions li:last-child").contains("rank 0 → 2"));
    }

    @Test
    void whatWasSaidOfARunHoldsNoLongerThanItsStatus() {
        beToldByTheTest();
        browser.script("""
                tell("status", { run: "resumed", status: "failed", cause: "a disk" });
                tell("status", { run: "completed", status: "completed", cause: null });
                tell("snapshot", { run: "completed", step: 9, loss: 0.5, plateau_since: 5 });
                """);
        browser.until(() -> browser.count("#table td.status[title='a disk']") == 1);
        browser.until(() -> browser.texts("#table td.loss").contains("0.5"));
        assertThat(browser.texts("#table td.plateau_since")).containsOnly("");

        browser.script("tell('status', { run: 'resumed', status: 'running', cause: null })");

        browser.until(() -> browser.texts("#table td.status").contains("running"));
        assertThat(browser.count("#table td.status[title='a disk']")).isZero();
    }

    @Test
    void aSweptLossIsShownBesideTheLoss() {
        beToldByTheTest();
        browser.script("""
                tell("status", { run: "a", status: "running", loss: 0.5, swept: { loss: "mse" } });
                tell("status", { run: "b", status: "running", loss: 0.7, swept: { loss: "cross-entropy" } });
                """);
        browser.until(() -> browser.count(RUNS) == 2);
        assertThat(browser.texts("#table tr:first-child td")).contains("mse", "0.5");
        assertThat(browser.count("#table th")).isEqualTo(browser.count("#table tr:first-child td"));

        browser.type("#filter", "sweep.loss=mse");

        browser.until(() -> browser.count(RUNS) == 1);
    }

    @Test
    void runsThatTheFarmHasNoMoreAreShownNoMoreThoughItHasNoOthers() {
        beToldByTheTest();
        browser.script("""
                tell("live", {}, "farm.0");
                tell("status", { run: "gone", status: "completed" }, "farm.1");
                tell("finding", { run: "gone", finding: "transition", transition: 1, rank_before: 0 }, "farm.2");
                """);
        browser.until(() -> browser.count("#transitions li") == 1);

        browser.script("stream.close(); window.stream = null;");
        browser.until(() -> Boolean.TRUE.equals(browser.script("return window.stream !== null")));
        browser.script("tell('live', {}, 'farm.2')");
        browser.until(() -> browser.text("#connection").equals("live"));
        assertThat(browser.count(RUNS)).isEqualTo(1);

        browser.script("stream.close(); window.stream = null;");
        browser.until(() -> Boolean.TRUE.equals(browser.script("return window.stream !== null")));
        browser.script("tell('live', {}, 'another.0')");
        browser.until(() -> browser.count(RUNS) == 0);
        assertThat(browser.count("#transitions li")).isZero();
    }

    private void beToldByTheTest() {
        browser.open(farm.url("/"));
        browser.script(TOLD_BY_THE_TEST);
        browser.until(() -> Boolean.TRUE.equals(browser.script("return (window.stream ?? null) !== null")));
    }

    /** As of a run that is shown beside others, which have come further. */
    @Test
    void aPlateauThatWasNotLeftEndsWithTheLastRow() {
        browser.open(farm.url("/"));

        Object areas = browser.scriptAsync("""
                const { stretches } = await import("/trajectory.js");
                const plateaus = [
                  { plateau: 0, rank: 0, start_step: 0, end_step: 10, start_time: 0, end_time: 0.5 },
                  { plateau: 1, rank: 1, start_step: 20, end_step: null, start_time: 1, end_time: null },
                ];
                const run = { steps: 40, flow_time: 2, plateaus_found: new Map(plateaus.map(each => [each.plateau, each])) };
                return ["step", "time"].map(axis => stretches(run, axis).map(({ from, to }) => `${from}-${to}`).join(" ")).join("; ");
                """);

        assertThat(areas).isEqualTo("0-10 20-40; 0-0.5 1-2");
    }

    @Test
    void aPlateauBeyondThePlotIsShadedToItsEdge() {
        browser.open(farm.url("/"));

        Object ink = browser.scriptAsync("""
                const { Chart } = await import("/chart.js");
                const host = document.createElement("div");
                document.body.append(host);
                new Chart(host).show({
                  x: { label: "", log: false }, y: { label: "", log: false }, height: 300,
                  lines: [{ name: "a", color: "#f00", xs: [0, 1], ys: [0, 1] }],
                  areas: [{ from: 0.5, to: 9, label: "" }],
                });
                await new Promise(done => setTimeout(done, 0));
                const canvas = host.querySelector("canvas");
                const isShaded = share => canvas.getContext("2d").getImageData(share * canvas.width, 30, 9, 9)
                  .data.every((value, i) => i % 4 < 3 || value > 0);
                return [isShaded(0.3), isShaded(0.9)].join();
                """);

        assertThat(ink).isEqualTo("false,true");
    }

    /** As of a run that has just begun. */
    @Test
    void rowsThatAreToldBeforeAnyIsStoredAreDrawn() throws Exception {
        browser.open(farm.url("/"));

        Object plots = browser.scriptAsync("""
                const { Detail } = await import("/detail.js");
                const row = step => ({ step, flow_time: step, singular_values: [[2, 1], [4, 1]] });
                let stored = { step: [], flow_time: [], layers: [] };
                const fetched = window.fetch;
                window.fetch = async (path, ...more) => !path.includes("runs/begun") ? fetched(path, ...more)
                  : new Response(JSON.stringify(path.includes("singular-values") ? stored : {}));
                const host = document.createElement("div");
                document.body.append(host);
                const detail = new Detail(host);
                detail.begin({ run: "begun", plateaus_found: new Map() });
                await detail.load();
                detail.add(row(1));
                await detail.load();
                detail.add(row(2));
                stored = { step: [1], flow_time: [1], layers: [{ layer: 1, values: [[2, 1]] }, { layer: 2, values: [[4, 1]] }] };
                await detail.load();
                detail.show("step", true);
                return host.querySelectorAll("canvas").length;
                """);

        assertThat(plots).isEqualTo(3L);
    }

    /** As names of properties that every object has, and the beginning of an id. */
    @Test
    void aLinkFindsItsRunAmongThoseThatAreNotHere() throws Exception {
        String run = trained(1).get(0);

        browser.open(farm.url("/#run=__proto__,constructor," + run.substring(0, 8)));

        assertThat(browser.text("#unknown")).isEqualTo("No run's id begins with __proto__ or constructor.");
        browser.until(() -> browser.count(".saddles tbody tr") > 2);
        browser.until(() -> browser.count("#plots canvas") == 5);
        assertThat(browser.text("#run-head code")).isEqualTo(run);
        assertThat(browser.text(".note")).isEqualTo("Shaded: plateaus. Dots: confirmed escapes.");
        String withOthers = settled();
        browser.open(farm.url("/#run=" + run));
        browser.until(() -> browser.drawn().equals(withOthers));
        assertThat(browser.text("#unknown")).isEmpty();
        assertNothingWrong();
    }

    @Test
    void aLinkWaitsForItsRunUnlessItMeansSeveral() {
        beToldByTheTest();
        browser.script("tell('live', {}, 'farm.0')");
        browser.until(() -> browser.text("#unknown").equals("No run's id begins with another."));

        browser.script("tell('status', { run: 'another-1', status: 'queued', swept: {} }, 'farm.1')");
        browser.until(() -> browser.count("#table tr.chosen") == 1);
        assertThat(browser.text("#unknown")).isEmpty();
        browser.script("tell('status', { run: 'another-2', status: 'queued', swept: {} }, 'farm.2')");
        browser.until(() -> browser.count(RUNS) == 2);
        assertThat(browser.count("#table tr.chosen")).isEqualTo(1);

        browser.script("location.hash = '#run=anoth,another-2'");
        browser.until(() -> browser.text("#unknown").equals("The ids of several runs begin with anoth."));
        assertThat(browser.text("#table tr.chosen td.id")).isEqualTo("another-2");
    }

    @Test
    void aFilterKnowsNoColumnsButThoseOfRuns() {
        beToldByTheTest();
        browser.script("tell('status', { run: 'a', status: 'running', swept: {} })");
        browser.until(() -> browser.count(RUNS) == 1);

        browser.type("#filter", "constructor!=1");

        browser.until(() -> browser.count(RUNS) == 0);
    }

    @Test
    void theKeyboardReachesEverything() throws Exception {
        trained(2);
        browser.open(farm.url("/"));
        browser.until(() -> browser.count(RUNS) == 4);

        browser.press("j");
        browser.press("j");
        browser.press(Keys.ENTER);
        browser.until(() -> browser.count("#table tr.chosen") == 1);
        assertThat(browser.script("return document.querySelector('tr.chosen').rowIndex"))
                .isEqualTo(2L);
        browser.press("j");
        browser.press(Keys.SPACE);
        browser.until(() -> browser.count("#table tr.chosen") == 2);
        browser.press("/");
        browser.press("seed=1");
        browser.until(() -> browser.count(RUNS) == 2);
        browser.press(Keys.ESCAPE);
        browser.press("?");
        browser.until(() -> browser.count("#help[open]") == 1);
        browser.press(Keys.ESCAPE);
        browser.until(() -> browser.count("#help[open]") == 0);
        assertNothingWrong();
    }

    @Test
    void aFarmThatIsStartedAgainGoesOnBeingShown() throws Exception {
        List<String> before = trained(1);
        browser.open(farm.url("/#run=" + before.get(0)));
        browser.until(() -> browser.count(RUNS) == 2);
        int port = farm.port();

        farm.close();
        browser.until(() -> browser.text("#connection").contains("does not answer"));
        assertThat(browser.count(RUNS)).isEqualTo(2);
        farm = new ServedFarm(directory.resolve("out"), ServedFarm.OPEN, true, port);

        browser.until(() -> browser.text("#connection").equals("live"));
        String run = submit(SLOW.formatted("later"));
        browser.until(() -> browser.count(RUNS) == 3);
        browser.until(
                () -> browser.texts("#transitions li").stream().anyMatch(line -> line.contains(run.substring(0, 8))));
        assertNothingWrong();
    }

    /** Whoever may submit may choose names; they must not become elements of others' pages. */
    @Test
    void aHostileNameIsShownAsText() throws Exception {
        String name = "<img src=x onerror=alert(1)><b>bold</b>";
        String run = submit(SLOW.formatted(name));
        submit(SLOW.formatted("another"));
        browser.open(farm.url("/#run=" + run));

        browser.until(() -> browser.texts("#table td.experiment").contains(name));
        browser.until(() -> browser.text("#run-head h2").equals(name));
        assertThat(browser.count("img, b")).isZero();
        assertNothingWrong();
    }

    @Test
    void aFarmWithATokenAsksForIt() throws Exception {
        farm.close();
        farm = new ServedFarm(
                directory.resolve("out"),
                new ApiSettings(1 << 20, 100, 10, Set.of(), null, Token.of("correct-horse-battery")),
                true);
        browser.openClosed(farm.url("/"));

        browser.until(() -> browser.count("#token-dialog[open]") == 1);
        browser.type("#token", "wrong-horse-battery", Keys.ENTER);
        browser.until(() -> browser.count("#token-dialog[open] #token-refused:not([hidden])") == 1);
        browser.clear("#token");
        browser.type("#token", "correct-horse-battery", Keys.ENTER);

        browser.until(() -> browser.text("#connection").equals("live"));
    }

    @Test
    void aThousandRunsAreShown() throws Exception {
        submit(SLOW.formatted("many") + "sweep { initialization.seed = \"range(0, 1000)\" }");
        browser.open(farm.url("/"));

        browser.until(() -> browser.count(RUNS) == 1000);
        browser.until(() -> browser.text("#counts").contains("running"));
        browser.type("#filter", "seed=999");
        browser.until(() -> browser.count(RUNS) == 1);
        browser.clear("#filter");
        browser.until(() -> browser.count(RUNS) == 1000);
        browser.press(Keys.ESCAPE);
        browser.press("a");
        browser.until(() -> browser.count("#table tr.chosen") == 40);
        browser.until(() -> browser.text(".note").startsWith("The first 40 of 1,000 chosen runs."));
        browser.screenshot("thousand");
        browser.press("v");
        browser.until(() -> browser.count(".multiples figure") == 40);
        assertThat(browser.text(".note")).startsWith("The first 40 of 1,000 chosen runs.");

        String last = browser.text("#table tr:last-child td.id");
        browser.open(farm.url("/#run=" + last));
        assertThat(browser.script("""
                const [table, row] = ["#table", "tr.chosen"].map(each => document.querySelector(each).getBoundingClientRect());
                return table.top < row.top && row.bottom < table.bottom;
                """)).isEqualTo(true);
        assertNothingWrong();
    }

    @Test
    void aTableWithTwoSweptKeysFitsALaptop() throws Exception {
        trained(1);
        browser.size(1400, 900);
        browser.open(farm.url("/"));
        browser.until(() -> browser.count(RUNS) == 2);

        assertThat(browser.texts("#table th"))
                .containsExactly("run", "status", "rank", "plateau since", "loss", "steps", "escapes", "scale", "seed");
        assertThat(browser.script("const table = document.querySelector('#table');"
                        + "return table.scrollWidth <= table.clientWidth"))
                .isEqualTo(true);
    }

    @Test
    void itIsLaidOutForAPhoneToo() throws Exception {
        List<String> runs = trained(1);
        browser.size(390, 844);
        browser.open(farm.url("/#run=" + runs.get(0)));
        browser.until(() -> browser.count("#plots canvas") == 5);
        browser.screenshot("narrow");

        assertThat(browser.script("return document.documentElement.scrollWidth <= innerWidth"))
                .isEqualTo(true);
        assertThat(browser.count("#transitions .what")).isPositive();
        assertThat(browser.script("return [...document.querySelectorAll('#transitions .what')]"
                        + ".every(text => text.scrollWidth <= text.clientWidth)"))
                .isEqualTo(true);
    }

    private List<String> losses() {
        return browser.texts("#table td.loss");
    }

    /** The plots once they change no more. */
    private String settled() {
        String[] last = {""};
        browser.until(() -> {
            String now = browser.drawn();
            boolean same = now.equals(last[0]);
            last[0] = now;
            return same;
        });
        return last[0];
    }

    private void assertNothingWrong() {
        assertThat(browser.complaints()).isEmpty();
    }

    private List<String> trained(int seeds) throws Exception {
        var answer = farm.post("/experiments", "application/hocon", LADDERS.formatted(seeds));
        List<String> runs = Stream.iterate(0, i -> i + 1)
                .limit(2L * seeds)
                .map(i -> json(answer.body(), "/runs/" + i + "/run"))
                .toList();
        runs.forEach(run -> farm.until(run, RunStatus.COMPLETED));
        return runs;
    }

    private String submit(String experiment) throws Exception {
        return json(farm.post("/experiments", "application/hocon", experiment).body(), "/runs/0/run");
    }

    private static String json(String document, String pointer) {
        try {
            return new com.fasterxml.jackson.databind.ObjectMapper()
                    .readTree(document)
                    .at(pointer)
                    .asText();
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}

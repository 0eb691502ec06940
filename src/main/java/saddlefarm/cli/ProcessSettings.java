package saddlefarm.cli;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import saddlefarm.cluster.ClusterSettings;
import saddlefarm.experiment.OwnReference;
import saddlefarm.experiment.Spelling;
import saddlefarm.farm.FarmSettings;
import saddlefarm.http.ApiSettings;
import saddlefarm.http.Token;
import saddlefarm.store.PostgresDatabase;

/**
 * Settings of this process, which no result depends on: {@code reference.conf}, over it the file of {@code --config},
 * over it the environment.
 *
 * @param farm how the farm works
 * @param host address to listen on
 * @param metricsSeries series of runs that a scrape holds at most; singular values that do not fit are left out
 * @param api what clients of the API may do
 * @param webhookSecret that notifications are signed with; null for none
 * @param database where results are, unless a directory is named; null for none
 * @param cluster where this node of a farm of many is; null for a farm of one
 */
record ProcessSettings(
        FarmSettings farm,
        String host,
        int metricsSeries,
        ApiSettings api,
        @Nullable Token webhookSecret,
        @Nullable PostgresDatabase database,
        @Nullable ClusterSettings cluster) {

    /** The rest is for tasks, workspaces and everything else. */
    private static final double HEAP_FOR_RUNS = 0.6;

    private static final String ENVIRONMENT = "SADDLEFARM_";

    /** Not a key, so that no file of settings holds a password. */
    private static final String PASSWORD = ENVIRONMENT + "STORE_PASSWORD";
    /** A secret, and so no setting like the others: it stands in no file of settings, and no message tells it. */
    static final String TOKEN = ENVIRONMENT + "HTTP_TOKEN";

    private static final String WEBHOOK_SECRET = ENVIRONMENT + "WEBHOOK_SECRET";

    /**
     * Reads the settings.
     *
     * @param file of {@code --config}; null for none
     * @param environment the variables of the process
     * @throws Misuse if a key is unknown or a value out of bounds
     */
    static ProcessSettings read(@Nullable Path file, Map<String, String> environment) {
        Config defaults = OwnReference.config();
        Config known = defaults.withOnlyPath("farm")
                .withFallback(defaults.withOnlyPath("store"))
                .withFallback(defaults.withOnlyPath("cluster"))
                .withFallback(defaults.withOnlyPath("http"));
        Map<String, String> names = new TreeMap<>();
        known.entrySet().forEach(entry -> names.put(variable(entry.getKey()), entry.getKey()));
        try {
            Config given = fromEnvironment(environment, names).withFallback(fromFile(file));
            given.entrySet().forEach(entry -> requireKnown(entry.getKey(), entry.getValue(), known));
            return read(given.withFallback(known), environment);
        } catch (ConfigException e) {
            throw new Misuse(String.valueOf(e.getMessage()));
        }
    }

    /** The same settings but for one. */
    ProcessSettings withParallel(int trainings) {
        return new ProcessSettings(
                farm.withParallel(trainings), host, metricsSeries, api, webhookSecret, database, cluster);
    }

    /** The same settings but for one. */
    ProcessSettings withHost(String address) {
        return new ProcessSettings(farm, address, metricsSeries, api, webhookSecret, database, cluster);
    }

    private static ProcessSettings read(Config config, Map<String, String> environment) {
        int parallel = whole(config, "farm.parallel", 0, 1024);
        var farm = new FarmSettings(
                parallel == 0 ? Runtime.getRuntime().availableProcessors() : parallel,
                whole(config, "farm.max-active-runs", 1, 1_000_000),
                maxMemory(config),
                duration(config, "farm.slice", Duration.ofNanos(100_000), Duration.ofSeconds(1)),
                whole(config, "farm.max-restarts", 0, 1_000_000),
                duration(config, "farm.min-backoff", Duration.ofMillis(1), Duration.ofHours(1)),
                duration(config, "farm.max-backoff", Duration.ofMillis(1), Duration.ofHours(24)),
                duration(config, "store.patience", Duration.ZERO, Duration.ofDays(10)));
        var api = new ApiSettings(
                Math.toIntExact(bytes(config, "http.max-body", 1, 256L << 20)),
                whole(config, "http.max-runs", 1, 100_000),
                whole(config, "http.max-streams", 1, 10_000),
                hosts(config.getString("http.webhook-hosts")),
                directory(config, "http.data-directory"),
                token(config.getString("http.token-file"), TOKEN, environment));
        return new ProcessSettings(
                farm,
                config.getString("http.host"),
                whole(config, "http.metrics-series", 0, 10_000_000),
                api,
                token(config.getString("http.webhook-secret-file"), WEBHOOK_SECRET, environment),
                database(config, environment.get(PASSWORD)),
                cluster(config));
    }

    private static @Nullable ClusterSettings cluster(Config config) {
        if (choice(config, "farm.mode", "single", "cluster").equals("single")) {
            return null;
        }
        if (config.getString("store.url").isEmpty()) {
            throw new Misuse("farm.mode = cluster needs a database that all nodes share: store.url");
        }
        List<String> seeds = words(config.getString("cluster.seeds"));
        boolean pods =
                choice(config, "cluster.discovery", "seeds", "kubernetes").equals("kubernetes");
        if (pods != seeds.isEmpty()) {
            throw new Misuse(
                    pods
                            ? "cluster.seeds is not used with cluster.discovery = kubernetes"
                            : "cluster.discovery = seeds needs cluster.seeds, as host:port, separated by commas");
        }
        for (String seed : seeds) {
            if (!seed.matches("[^:@/]+:[0-9]{1,5}")) {
                throw new Misuse("cluster.seeds must be host:port, separated by commas, but has " + seed);
            }
        }
        String host = config.getString("cluster.host");
        return new ClusterSettings(
                host.isEmpty() ? "127.0.0.1" : host,
                whole(config, "cluster.port", 1, 65_535),
                whole(config, "cluster.management-port", 0, 65_535),
                seeds,
                whole(config, "cluster.nodes", 1, 1000),
                directory(config, "cluster.tls-directory"));
    }

    private static String choice(Config config, String key, String... values) {
        String value = config.getString(key);
        if (!List.of(values).contains(value)) {
            throw new Misuse("%s must be %s but was %s (%s)"
                    .formatted(
                            key,
                            String.join(" or ", values),
                            value,
                            place(config.getValue(key).origin())));
        }
        return value;
    }

    private static Set<String> hosts(String list) {
        return words(list).stream().map(host -> host.toLowerCase(Locale.ROOT)).collect(Collectors.toUnmodifiableSet());
    }

    private static List<String> words(String list) {
        return Stream.of(list.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toList();
    }

    private static @Nullable PostgresDatabase database(Config config, @Nullable String password) {
        String url = config.getString("store.url");
        if (url.isEmpty()) {
            return null;
        }
        String file = config.getString("store.password-file");
        try {
            return new PostgresDatabase(
                    url,
                    config.getString("store.user"),
                    password != null ? password : file.isEmpty() ? "" : password(Path.of(file)));
        } catch (IllegalArgumentException e) {
            throw new Misuse("store.url %s (%s)"
                    .formatted(
                            e.getMessage(), place(config.getValue("store.url").origin())));
        }
    }

    private static String password(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new Misuse("store.password-file cannot be read: " + e);
        }
    }

    private static @Nullable Path directory(Config config, String key) {
        String name = config.getString(key);
        if (name.isEmpty()) {
            return null;
        }
        Path directory = Path.of(name);
        if (!Files.isDirectory(directory)) {
            throw new Misuse("%s: no such directory: %s (%s)"
                    .formatted(key, name, place(config.getValue(key).origin())));
        }
        return directory;
    }

    /**
     * The token of the environment, or of a file; null for none.
     *
     * @param file empty for none
     * @param variable name of the one in the environment, which wins
     * @throws Misuse if the file cannot be read, or this is no token; the message does not tell it
     */
    static @Nullable Token token(String file, String variable, Map<String, String> environment) {
        @Nullable String given = environment.get(variable);
        try {
            if (given != null) {
                return token(given, variable + " in the environment");
            }
            return file.isEmpty() ? null : token(Files.readString(Path.of(file)).strip(), file);
        } catch (IOException e) {
            throw new Misuse("the token cannot be read from %s (%s)"
                    .formatted(file, e.getClass().getSimpleName()));
        }
    }

    private static Token token(String text, String place) {
        try {
            return Token.of(text);
        } catch (IllegalArgumentException e) {
            throw new Misuse("%s (%s)".formatted(e.getMessage(), place));
        }
    }

    private static long bytes(Config config, String key, long least, long greatest) {
        long value = config.getBytes(key);
        if (value < least || value > greatest) {
            throw outOfBounds(config, key, String.valueOf(least), String.valueOf(greatest));
        }
        return value;
    }

    private static long maxMemory(Config config) {
        long bytes = config.getBytes("farm.max-memory");
        if (bytes < 0) {
            throw new Misuse("farm.max-memory must be at least 0 but was " + bytes);
        }
        return bytes == 0 ? (long) (HEAP_FOR_RUNS * Runtime.getRuntime().maxMemory()) : bytes;
    }

    private static Config fromFile(@Nullable Path file) {
        if (file == null) {
            return ConfigFactory.empty();
        }
        if (!Files.isRegularFile(file)) {
            throw new Misuse("no such file: " + file);
        }
        return ConfigFactory.parseFile(
                        file.toFile(), ConfigParseOptions.defaults().setSyntax(ConfigSyntax.CONF))
                .resolve();
    }

    private static Config fromEnvironment(Map<String, String> environment, Map<String, String> names) {
        Config config = ConfigFactory.empty();
        for (var variable : new TreeMap<>(environment).entrySet()) {
            if (variable.getKey().matches(ENVIRONMENT + "(FARM|STORE|HTTP|CLUSTER)_.*")
                    && !variable.getKey().equals(PASSWORD)
                    && !variable.getKey().equals(TOKEN)) {
                String key = names.get(variable.getKey());
                if (key == null) {
                    throw new Misuse("%s in the environment is no setting%s"
                            .formatted(variable.getKey(), Spelling.suggestion(variable.getKey(), names.keySet())));
                }
                config = config.withValue(
                        key, ConfigValueFactory.fromAnyRef(variable.getValue(), "environment " + variable.getKey()));
            }
        }
        return config;
    }

    private static String variable(String key) {
        return ENVIRONMENT + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    private static void requireKnown(String key, ConfigValue value, Config known) {
        if (!known.hasPath(key)) {
            var keys = new java.util.TreeSet<String>();
            known.entrySet().forEach(entry -> keys.add(entry.getKey()));
            throw new Misuse("%s is not a setting of the process%s (%s)"
                    .formatted(key, Spelling.suggestion(key, keys), place(value.origin())));
        }
    }

    private static int whole(Config config, String key, int least, int greatest) {
        int value = config.getInt(key);
        if (value < least || value > greatest) {
            throw outOfBounds(config, key, String.valueOf(least), String.valueOf(greatest));
        }
        return value;
    }

    private static Duration duration(Config config, String key, Duration least, Duration greatest) {
        Duration value = config.getDuration(key);
        if (value.compareTo(least) < 0 || value.compareTo(greatest) > 0) {
            throw outOfBounds(config, key, least.toNanos() / 1e6 + "ms", greatest.toSeconds() + "s");
        }
        return value;
    }

    private static Misuse outOfBounds(Config config, String key, String least, String greatest) {
        ConfigValue value = config.getValue(key);
        return new Misuse("%s must be from %s to %s but was %s (%s)"
                .formatted(key, least, greatest, value.unwrapped(), place(value.origin())));
    }

    private static String place(ConfigOrigin origin) {
        return origin.description();
    }
}

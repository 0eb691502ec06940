package saddlefarm.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import saddlefarm.analysis.Finding;
import saddlefarm.experiment.Json;
import saddlefarm.experiment.NotifySettings;
import saddlefarm.experiment.NotifySettings.Event;
import saddlefarm.experiment.RunSpec;
import saddlefarm.farm.FarmListener;
import saddlefarm.farm.PassingListener;
import saddlefarm.run.Progress;
import saddlefarm.run.RunDocument;
import saddlefarm.run.RunStatus;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredFinding;
import saddlefarm.run.StoredTransition;

/**
 * Calls the addresses that experiments notify, and passes everything on to another listener. What is not taken is sent
 * again, after waits that double; what is refused, or not taken ten times, is logged and left. After a crash a run
 * finds again what its last commit does not hold, and tells it again under the same delivery id.
 */
public final class Webhooks extends PassingListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Webhooks.class);

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int MOST_ATTEMPTS = 10;
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

    /** Deliveries that may be under way; those beyond are logged and left. */
    private static final int MOST_UNDER_WAY = 1000;

    private static final Duration PATIENCE_AT_END = Duration.ofSeconds(5);

    private final @Nullable Token secret;
    private final Duration firstWait;
    private final Semaphore free = new Semaphore(MOST_UNDER_WAY);
    // Made for the first delivery: it takes time and a thread, and most farms notify nobody.
    private @Nullable HttpClient client;

    /** @param secret that deliveries are signed with; null for none */
    public Webhooks(@Nullable Token secret, FarmListener next) {
        this(secret, next, Duration.ofSeconds(1));
    }

    Webhooks(@Nullable Token secret, FarmListener next, Duration firstWait) {
        super(next);
        this.secret = secret;
        this.firstWait = firstWait;
    }

    @Override
    public void found(RunSpec run, Finding finding) {
        super.found(run, finding);
        if (finding instanceof Finding.Transition transition) {
            var stored = new StoredTransition(transition, null);
            notify(run, Event.TRANSITION, StoredFinding.id(run.id(), stored), RunDocument.transition(stored));
        }
    }

    @Override
    public void changed(RunSpec run, RunStatus status, @Nullable Progress progress, @Nullable String cause) {
        super.changed(run, status, progress, cause);
        @Nullable Event event = event(status);
        if (event != null) {
            Map<String, @Nullable Object> document = RunDocument.summary(RunSummary.of(run, status, progress, cause));
            notify(run, event, id(run, status), document);
        }
    }

    /** A run ends once in each way, but may fail again when it was resumed. */
    private static String id(RunSpec run, RunStatus status) {
        String id = "%s:%s".formatted(run.id(), status.label());
        return status == RunStatus.FAILED ? "%s:%s".formatted(id, UUID.randomUUID()) : id;
    }

    private static @Nullable Event event(RunStatus status) {
        return switch (status) {
            case COMPLETED -> Event.COMPLETION;
            case DIVERGED -> Event.DIVERGENCE;
            case FAILED -> Event.FAILURE;
            default -> null;
        };
    }

    private void notify(RunSpec run, Event event, String id, Map<String, @Nullable Object> details) {
        @Nullable NotifySettings wanted = run.notifies();
        if (wanted == null || !wanted.events().contains(event)) {
            return;
        }
        var document = new LinkedHashMap<String, @Nullable Object>();
        document.put("event", event.label());
        document.put("delivery", id);
        document.put("run", run.id());
        document.put("experiment", run.experiment());
        document.put("swept", RunDocument.swept(run.swept()));
        details.forEach(document::putIfAbsent);
        if (free.tryAcquire()) {
            send(new Delivery(wanted, event.label(), id, Json.text(document)), 1);
        } else {
            LOG.warn("{} of run {} is not told: {} deliveries are under way", event.label(), run.id(), MOST_UNDER_WAY);
        }
    }

    // --- deliveries ---

    private record Delivery(NotifySettings to, String event, String id, String body) {}

    private void send(Delivery delivery, int attempt) {
        // The request's own timeout ends when the answer begins.
        var unused = client().sendAsync(request(delivery), BodyHandlers.discarding())
                .orTimeout(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                .handle((response, failure) -> failure == null ? response.statusCode() : 0)
                .thenAccept(status -> {
                    if (status >= 200 && status < 300) {
                        free.release();
                    } else if (attempt == MOST_ATTEMPTS || !worthAnother(status)) {
                        free.release();
                        LOG.warn(
                                "{} of run {} was not taken: {} after {} attempts",
                                delivery.event,
                                delivery.id,
                                status == 0 ? "no answer" : "status " + status,
                                attempt);
                    } else {
                        later(attempt).execute(() -> send(delivery, attempt + 1));
                    }
                });
    }

    private synchronized HttpClient client() {
        if (client == null) {
            client = HttpClient.newBuilder()
                    .connectTimeout(TIMEOUT)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .build();
        }
        return client;
    }

    /** The host is part of what an experiment says; its other parts may hold secrets, and are in no log. */
    private HttpRequest request(Delivery delivery) {
        String time = Long.toString(Instant.now().getEpochSecond());
        HttpRequest.Builder request = HttpRequest.newBuilder(delivery.to.url())
                .timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .header("User-Agent", "saddlefarm")
                .header("Saddlefarm-Event", delivery.event)
                .header("Saddlefarm-Delivery", delivery.id)
                .header("Saddlefarm-Timestamp", time)
                .POST(BodyPublishers.ofString(delivery.body));
        if (secret != null) {
            request.header("Saddlefarm-Signature", "sha256=" + signature(secret, time + "." + delivery.body));
        }
        return request.build();
    }

    /**
     * HMAC-SHA256 (RFC 2104) of the time, a dot and the body, so that no delivery can be made up or sent again later.
     */
    private static String signature(Token secret, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret.bytes(), "HmacSHA256"));
            return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    private static boolean worthAnother(int status) {
        return status == 0 || status == 408 || status == 429 || status >= 500;
    }

    private Executor later(int attempt) {
        Duration wait = firstWait.multipliedBy(1L << Math.min(attempt - 1, 20));
        long millis = Math.min(wait.toMillis(), LONGEST_WAIT.toMillis());
        return CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS);
    }

    /** Waits a little for what is under way. */
    public void settle() {
        try {
            if (free.tryAcquire(MOST_UNDER_WAY, PATIENCE_AT_END.toMillis(), TimeUnit.MILLISECONDS)) {
                free.release(MOST_UNDER_WAY);
            } else {
                LOG.warn("{} notifications were not taken before the end", MOST_UNDER_WAY - free.availablePermits());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        settle();
    }
}

package saddlefarm.http;

import akka.NotUsed;
import akka.actor.typed.ActorSystem;
import akka.dispatch.Dispatchers;
import akka.http.javadsl.model.ContentType;
import akka.http.javadsl.model.ContentTypes;
import akka.http.javadsl.model.HttpEntities;
import akka.http.javadsl.model.HttpResponse;
import akka.http.javadsl.model.MediaTypes;
import akka.http.javadsl.model.StatusCodes;
import akka.http.javadsl.model.headers.CacheControl;
import akka.http.javadsl.model.headers.CacheDirectives;
import akka.japi.Pair;
import akka.pattern.Patterns;
import akka.stream.ActorAttributes;
import akka.stream.Attributes;
import akka.stream.javadsl.Source;
import akka.util.ByteString;
import akka.util.ByteStringBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import saddlefarm.run.RunStore;
import saddlefarm.run.RunSummary;
import saddlefarm.run.StoredFinding;

/**
 * The event stream as each client gets it: what is stored, then what has happened since and happens. A client that
 * comes back says up to where it had read, and gets what came after it.
 */
final class EventStream {

    /** How long a client waits for what has just happened. */
    private static final Duration PERIOD = Duration.ofMillis(250);

    /** Silence after which a client, and what is between, is told that the farm is there. */
    private static final int QUIET_PERIODS = 40;

    /** Of what goes out at once; more waits until that has gone. */
    private static final int CHUNK_BYTES = 64 << 10;

    /** Runs or findings that are read at once. */
    private static final int CHUNK = 200;

    private static final ByteString GREETING = ByteString.fromString("retry: 1000\n\n");
    private static final ByteString STILL_HERE = ByteString.fromString(":\n\n");
    private static final ContentType TYPE = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);

    /** Which runs a client wants to hear of. */
    private record Interest(Set<String> runs, Optional<String> experiment, Set<String> detailed) {
        boolean includes(String run, String ofExperiment) {
            return (runs.isEmpty() || runs.contains(run))
                    && experiment.map(ofExperiment::equals).orElse(true);
        }
    }

    private final ActorSystem<?> system;
    private final EventFeed feed;
    private final Reading reading;
    private final int most;

    /** @param most clients at a time */
    EventStream(ActorSystem<?> system, EventFeed feed, Reading reading, int most) {
        this.system = system;
        this.feed = feed;
        this.reading = reading;
        this.most = most;
    }

    /**
     * The stream that a client asks for: of all runs or of some, from where the client had read up to, in
     * {@code Last-Event-ID} or {@code after}, or from the beginning.
     */
    HttpResponse answer(Call call) {
        Interest interest = interest(call);
        Optional<Long> read = call.lastEventId().or(() -> call.one("after")).flatMap(this::number);
        if (feed.followers() >= most) {
            throw ApiException.of(
                    StatusCodes.SERVICE_UNAVAILABLE,
                    "%d clients read the event stream, and no more may (http.max-streams)".formatted(most));
        }
        // What is forgotten while the history is read, of runs that had ended before, is in the history.
        long told = read.orElseGet(feed::last);
        long start = read.orElseGet(feed::forgotten);
        Source<ByteString, NotUsed> past = read.isPresent() ? Source.empty() : history(interest);
        ByteString live = ByteString.fromString("event: live\ndata: {}\n").concat(end(start));
        Source<ByteString, NotUsed> all =
                Source.single(GREETING).concat(past).concat(Source.single(live)).concat(live(interest, start, told));
        return HttpResponse.create()
                .withHeaders(List.of(CacheControl.create(CacheDirectives.NO_STORE)))
                .withEntity(HttpEntities.create(TYPE, counted(interest, all)));
    }

    private Interest interest(Call call) {
        List<String> wanted = call.query().getOrDefault("run", List.of());
        List<String> detailed = call.query().getOrDefault("spectra", List.of());
        List<RunSummary> all = wanted.isEmpty() && detailed.isEmpty() ? List.of() : reading.with(RunStore::runs);
        return new Interest(
                wanted.stream().map(run -> Lookup.run(all, run).id()).collect(Collectors.toSet()),
                call.one("experiment"),
                // Details of a run that is deleted may be missing, and all else is told.
                detailed.stream()
                        .flatMap(run -> Lookup.find(all, run).stream())
                        .map(RunSummary::id)
                        .collect(Collectors.toSet()));
    }

    /** The number of an event that this farm has told, unless what came after it was forgotten. */
    private Optional<Long> number(String id) {
        String prefix = feed.name() + ".";
        if (!id.startsWith(prefix) || !id.substring(prefix.length()).matches("[0-9]{1,18}")) {
            return Optional.empty();
        }
        long number = Long.parseLong(id.substring(prefix.length()));
        return number >= feed.forgotten() && number <= feed.last() ? Optional.of(number) : Optional.empty();
    }

    private ByteString end(long number) {
        return ByteString.fromString("id: %s.%d\n\n".formatted(feed.name(), number));
    }

    /** Nothing waits for a client but the chunk that is on its way to it. */
    private Source<ByteString, NotUsed> counted(Interest interest, Source<ByteString, NotUsed> source) {
        return Source.fromMaterializer((materializer, attributes) -> {
                    feed.followed(interest.detailed);
                    return source.watchTermination((before, done) -> {
                        done.whenComplete((end, failure) -> feed.left(interest.detailed));
                        return before;
                    });
                })
                .mapMaterializedValue(later -> NotUsed.getInstance())
                .withAttributes(Attributes.inputBuffer(1, 1));
    }

    // --- the past ---

    /** Read piece by piece, each of the moment at which the client is ready for it. */
    private Source<ByteString, NotUsed> history(Interest interest) {
        Source<ByteString, NotUsed> statuses = Source.lazySingle(() -> reading.with(RunStore::runs))
                .mapConcat(EventStream::chunks)
                .map(runs -> statuses(interest, runs));
        Source<ByteString, NotUsed> findings = Source.unfold(0L, after -> findings(interest, after));
        return statuses.concat(findings)
                .filter(text -> !text.isEmpty())
                .withAttributes(ActorAttributes.dispatcher(Dispatchers.DefaultBlockingDispatcherId())
                        .and(Attributes.inputBuffer(1, 1)))
                .async();
    }

    private static List<List<RunSummary>> chunks(List<RunSummary> runs) {
        var chunks = new ArrayList<List<RunSummary>>();
        for (int i = 0; i < runs.size(); i += CHUNK) {
            chunks.add(runs.subList(i, Math.min(i + CHUNK, runs.size())));
        }
        return chunks;
    }

    private static ByteString statuses(Interest interest, List<RunSummary> runs) {
        var text = new ByteStringBuilder();
        runs.stream()
                .filter(run -> interest.includes(run.id(), run.experiment()))
                .forEach(run -> add(text, EventFeed.status(run)));
        return text.result();
    }

    private Optional<Pair<Long, ByteString>> findings(Interest interest, long after) {
        List<StoredFinding> page = reading.with(store -> store.findings(after, CHUNK));
        var text = new ByteStringBuilder();
        page.stream()
                .filter(each -> interest.includes(each.run(), each.experiment()))
                .forEach(each -> add(text, EventFeed.finding(each.run(), each.experiment(), each.found())));
        return page.isEmpty()
                ? Optional.empty()
                : Optional.of(Pair.create(page.get(page.size() - 1).sequence(), text.result()));
    }

    private static void add(ByteStringBuilder text, Event event) {
        text.append(event.text(false)).putByte((byte) '\n');
    }

    // --- the present ---

    /**
     * Where a client is.
     *
     * @param number of the last event it was asked whether it wants
     * @param more whether there was more than fits a chunk
     * @param quiet periods since something went out
     */
    private record Position(long number, boolean more, int quiet) {}

    private Source<ByteString, NotUsed> live(Interest interest, long start, long told) {
        return Source.unfoldAsync(
                        new Position(start, true, 0),
                        position -> Patterns.after(
                                position.more ? Duration.ZERO : PERIOD,
                                system.classicSystem(),
                                () -> CompletableFuture.completedStage(next(interest, position, told))))
                .filter(text -> !text.isEmpty());
    }

    /**
     * What has happened since; empty, which ends the stream, where a part of that is forgotten.
     *
     * @param told number of the last event that the client needs not be told
     */
    private Optional<Pair<Position, ByteString>> next(Interest interest, Position position, long told) {
        var text = new ByteStringBuilder();
        long number = position.number;
        boolean more = false;
        for (EventFeed.Entry entry : feed.after(number)) {
            more = text.length() >= CHUNK_BYTES;
            if (more) {
                break;
            }
            number = entry.number();
            EventFeed.Told each = entry.told();
            if (interest.includes(each.run(), each.experiment())) {
                text.append(each.event().text(interest.detailed.contains(each.run())))
                        .append(end(number));
            }
        }
        if (Math.max(position.number, told) < feed.forgotten()) {
            return Optional.empty();
        }
        int quiet = text.length() > 0 ? 0 : position.quiet + 1;
        if (quiet == QUIET_PERIODS) {
            text.append(STILL_HERE);
            quiet = 0;
        }
        return Optional.of(Pair.create(new Position(number, more, quiet), text.result()));
    }
}

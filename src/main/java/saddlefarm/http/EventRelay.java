package saddlefarm.http;

import akka.actor.typed.ActorRef;
import akka.actor.typed.Behavior;
import akka.actor.typed.javadsl.AbstractBehavior;
import akka.actor.typed.javadsl.ActorContext;
import akka.actor.typed.javadsl.Behaviors;
import akka.actor.typed.javadsl.Receive;
import akka.actor.typed.javadsl.TimerScheduler;
import akka.actor.typed.receptionist.Receptionist;
import akka.actor.typed.receptionist.ServiceKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What happens on the other nodes of a farm, for the clients of this one: while there are any, it asks each other relay
 * again and again for what came after the last event that it was told. As with clients, whoever asks is a number up to
 * which it has read, so a slow node costs the others nothing, and only sees fewer rows.
 */
public final class EventRelay extends AbstractBehavior<EventRelay.Command> {

    static final ServiceKey<Command> KEY = ServiceKey.create(Command.class, "events");

    static final Duration PERIOD = Duration.ofMillis(250);

    /** Ticks after which an answer is given up, for the other node may be gone. */
    private static final int PATIENCE_TICKS = 20;

    /** Of an answer, below what a message between nodes may have. */
    private static final int BATCH_BYTES = 100_000;

    /**
     * Details that are longer are left out: with them a batch would not fit into one of Akka's messages, of 256 KiB.
     */
    private static final int MOST_DETAILS = 100_000;

    /** What relays tell each other. */
    public sealed interface Command {}

    /**
     * Tell what has happened on your node.
     *
     * @param feed name of the log that was read before; empty for none
     * @param after number of its event that was read last
     * @param detailed ids of runs whose details are wanted
     */
    record Pull(String feed, long after, Set<String> detailed, ActorRef<Command> replyTo) implements Command {}

    /**
     * What has happened.
     *
     * @param feed name of the log
     * @param upTo number up to which it is told
     * @param more whether there is more to be told at once
     * @param missed whether a part of what was asked for is forgotten
     */
    record Batch(ActorRef<Command> from, String feed, long upTo, boolean more, boolean missed, List<Item> items)
            implements Command {}

    /** An event as {@link EventFeed.Told} has it. */
    record Item(
            String run,
            String experiment,
            String what,
            long time,
            boolean ended,
            String text,
            @Nullable String detailed) {}

    private record Peers(Set<ActorRef<Command>> relays) implements Command {}

    private enum Tick implements Command {
        TICK
    }

    /** Up to where another relay has told. */
    private static final class Peer {

        private String feed = "";
        private long number;
        private int ticksAsked;

        private boolean asked() {
            return ticksAsked > 0;
        }
    }

    private final EventFeed feed;
    private final Map<ActorRef<Command>, Peer> peers = new HashMap<>();

    /** @param feed of this node */
    public static Behavior<Command> create(EventFeed feed) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers -> new EventRelay(context, timers, feed)));
    }

    private EventRelay(ActorContext<Command> context, TimerScheduler<Command> timers, EventFeed feed) {
        super(context);
        this.feed = feed;
        var receptionist = context.getSystem().receptionist();
        receptionist.tell(Receptionist.register(KEY, context.getSelf()));
        receptionist.tell(Receptionist.subscribe(
                KEY,
                context.messageAdapter(
                        Receptionist.Listing.class, listing -> new Peers(listing.getServiceInstances(KEY)))));
        timers.startTimerWithFixedDelay(Tick.TICK, PERIOD);
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Peers.class, this::onPeers)
                .onMessageEquals(Tick.TICK, this::onTick)
                .onMessage(Pull.class, this::onPull)
                .onMessage(Batch.class, this::onBatch)
                .build();
    }

    private Behavior<Command> onPeers(Peers message) {
        peers.keySet().retainAll(message.relays);
        message.relays.stream()
                .filter(relay -> !relay.equals(getContext().getSelf()))
                .forEach(relay -> peers.computeIfAbsent(relay, each -> new Peer()));
        return this;
    }

    private Behavior<Command> onTick() {
        peers.forEach((relay, peer) -> {
            if (peer.asked() && peer.ticksAsked < PATIENCE_TICKS) {
                peer.ticksAsked++;
            } else if (feed.followers() > 0) {
                pull(relay, peer);
            }
        });
        return this;
    }

    private void pull(ActorRef<Command> relay, Peer peer) {
        peer.ticksAsked = 1;
        relay.tell(
                new Pull(peer.feed, peer.number, feed.detailed(), getContext().getSelf()));
    }

    private Behavior<Command> onPull(Pull message) {
        boolean known = message.feed.equals(feed.name());
        long number = known ? message.after : 0;
        boolean missed = known && number < feed.forgotten();
        List<Item> items = new ArrayList<>();
        int bytes = 0;
        boolean more = false;
        for (EventFeed.Entry entry : feed.after(number)) {
            more = bytes >= BATCH_BYTES;
            if (more) {
                break;
            }
            number = entry.number();
            if (entry.ours()) {
                Item item = item(entry.told(), message.detailed);
                items.add(item);
                bytes += item.text.length() + (item.detailed == null ? 0 : item.detailed.length());
            }
        }
        message.replyTo.tell(new Batch(getContext().getSelf(), feed.name(), number, more, missed, items));
        return this;
    }

    private static Item item(EventFeed.Told told, Set<String> detailed) {
        @Nullable
        String details = detailed.contains(told.run()) ? told.event().text(true).utf8String() : null;
        return new Item(
                told.run(),
                told.experiment(),
                told.what(),
                told.time(),
                told.ended(),
                told.event().text(false).utf8String(),
                details != null && details.length() <= MOST_DETAILS ? details : null);
    }

    private Behavior<Command> onBatch(Batch message) {
        @Nullable Peer peer = peers.get(message.from);
        if (peer == null) {
            return this;
        }
        if (message.missed) {
            feed.missSome();
        }
        for (Item item : message.items) {
            feed.hear(new EventFeed.Told(
                    item.run, item.experiment, item.what, item.time, item.ended, Event.of(item.text, item.detailed)));
        }
        peer.feed = message.feed;
        peer.number = message.upTo;
        peer.ticksAsked = 0;
        if (message.more) {
            pull(message.from, peer);
        }
        return this;
    }
}

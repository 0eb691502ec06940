package saddlefarm.farm;

import akka.actor.testkit.typed.javadsl.ActorTestKit;
import akka.actor.testkit.typed.javadsl.ManualTime;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives the tests of a class one actor system, whose timers run only when a test lets {@link ManualTime} pass. */
final class ActorSystems implements BeforeAllCallback, AfterAllCallback, ParameterResolver {

    private @Nullable ActorTestKit kit;

    @Override
    public void beforeAll(ExtensionContext context) {
        kit = ActorTestKit.create(ManualTime.config().withFallback(ActorTestKit.applicationTestConfig()));
    }

    @Override
    public void afterAll(ExtensionContext context) {
        kit().shutdownTestKit();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == ActorTestKit.class || type == ManualTime.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        boolean time = parameter.getParameter().getType() == ManualTime.class;
        return time ? ManualTime.get(kit().system()) : kit();
    }

    private ActorTestKit kit() {
        if (kit == null) {
            throw new IllegalStateException("no test of this class has begun");
        }
        return kit;
    }
}

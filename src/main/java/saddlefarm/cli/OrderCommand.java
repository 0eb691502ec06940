package saddlefarm.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Gives a farm elsewhere an order about runs that it has. */
abstract class OrderCommand implements Callable<Integer> {

    private final String order;

    @Parameters(paramLabel = "RUN|EXPERIMENT", description = "Name of an experiment, or the beginning of a run's id.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String what;

    @Mixin
    private final ClientOptions to = new ClientOptions();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    OrderCommand(String order) {
        this.order = order;
    }

    @Override
    public Integer call() {
        FarmClient farm = to.client();
        FarmAnswer.print(farm.order(order, what), "to %s at %s".formatted(order, farm.url()), json, spec.commandLine());
        return ExitCode.OK;
    }
}

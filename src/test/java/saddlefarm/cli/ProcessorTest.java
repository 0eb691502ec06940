package saddlefarm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Lines as Linux writes them into /proc/cpuinfo. */
class ProcessorTest {

    @Test
    void theNameIsThatOfTheFirstProcessor() {
        var lines = Stream.of("processor\t: 0", "model\t\t: 17", "model name\t: AMD EPYC: 7R13", "model name\t: other");
        assertThat(Processor.nameIn(lines)).isEqualTo("AMD EPYC: 7R13");
    }

    /** On arm64 there are numbers only. */
    @Test
    void whereThereIsNoNameItIsTheArchitecture() {
        assertThat(Processor.nameIn(Stream.of("processor\t: 0", "CPU part\t: 0xd0c")))
                .isEqualTo(System.getProperty("os.arch"));
    }
}

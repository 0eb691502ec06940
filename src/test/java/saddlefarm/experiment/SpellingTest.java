package saddlefarm.experiment;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SpellingTest {

    /** The classical examples of V. Levenshtein's distance. */
    @Test
    void theDistanceCountsInsertionsDeletionsAndReplacements() {
        assertThat(Spelling.distance("kitten", "sitting")).isEqualTo(3);
        assertThat(Spelling.distance("saturday", "sunday")).isEqualTo(3);
        assertThat(Spelling.distance("", "abc")).isEqualTo(3);
        assertThat(Spelling.distance("same", "same")).isZero();
    }

    @Test
    void onlyAWordThatIsNearIsSuggested() {
        assertThat(Spelling.nearest("reluu", List.of("relu", "linear"))).contains("relu");
        assertThat(Spelling.nearest("sigmoid", List.of("relu", "linear"))).isEmpty();
    }
}

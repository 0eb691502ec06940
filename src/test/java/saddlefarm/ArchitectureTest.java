package saddlefarm;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Which package may use which: the table is the drawing in ARCHITECTURE.md. */
@AnalyzeClasses(packages = "saddlefarm", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final Map<String, List<String>> MAY_USE = Map.ofEntries(
            Map.entry("linalg", List.of()),
            Map.entry("network", List.of("linalg")),
            Map.entry("data", List.of("linalg")),
            Map.entry("descent", List.of("linalg", "network", "data")),
            Map.entry("analysis", List.of("linalg", "network", "descent")),
            Map.entry("theory", List.of("linalg", "network")),
            Map.entry("statistics", List.of("linalg")),
            Map.entry("experiment", List.of("linalg", "network", "data", "descent", "analysis")),
            Map.entry("run", List.of("experiment", "analysis", "network", "descent", "theory")),
            Map.entry(
                    "farm", List.of("run", "experiment", "linalg", "network", "data", "descent", "analysis", "theory")),
            Map.entry("cluster", List.of("farm", "run", "experiment", "store")),
            Map.entry("store", List.of("run", "experiment", "analysis", "network", "descent", "theory")),
            Map.entry("metrics", List.of("run", "experiment", "analysis", "linalg")),
            Map.entry("http", List.of("run", "experiment", "analysis", "store", "metrics", "farm")),
            Map.entry("report", List.of("run", "experiment", "analysis", "store", "theory", "statistics")));

    private static final List<String> PURE =
            List.of("linalg", "network", "data", "descent", "analysis", "theory", "statistics");

    @ArchTest
    static void arrowsPointAsDrawn(JavaClasses code) {
        MAY_USE.forEach((name, used) -> {
            var allowed = new ArrayList<String>(List.of("saddlefarm." + name));
            used.forEach(other -> allowed.add("saddlefarm." + other));
            classes()
                    .that()
                    .resideInAPackage("saddlefarm." + name)
                    .should()
                    .onlyDependOnClassesThat(JavaClass.Predicates.resideInAnyPackage(allowed.toArray(String[]::new))
                            .or(JavaClass.Predicates.resideOutsideOfPackage("saddlefarm..")))
                    .because("the table of this test is the drawing")
                    .check(code);
        });
    }

    @ArchTest
    static void onlyTheActorsAndTheirDoorsKnowAkka(JavaClasses code) {
        noClasses()
                .that()
                .resideOutsideOfPackages("saddlefarm.farm", "saddlefarm.cluster", "saddlefarm.http", "saddlefarm.cli")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("akka..")
                .check(code);
    }

    @ArchTest
    static void theScienceKnowsNoClockThreadPathOrLogger(JavaClasses code) {
        String[] pure = PURE.stream().map(name -> "saddlefarm." + name).toArray(String[]::new);
        noClasses()
                .that()
                .resideInAnyPackage(pure)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.file", "java.time", "java.util.concurrent..", "org.slf4j..")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.util.Random")
                .orShould()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.lang.Thread")
                .check(code);
    }
}

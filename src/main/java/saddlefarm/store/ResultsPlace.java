package saddlefarm.store;

/** Where a farm's results are; its text is how the user named it. */
public sealed interface ResultsPlace permits ResultsDirectory, PostgresDatabase {

    /**
     * Opens the store for a farm, the only one there until it is closed; makes or upgrades its tables where that is
     * needed.
     *
     * @throws ResultsPlaceException if another farm works there, or none can
     */
    SqlRunStore open();

    /**
     * Opens the store for reading, whoever works there.
     *
     * @throws ResultsPlaceException if no farm has ever worked there
     */
    SqlRunStore openReadOnly();
}

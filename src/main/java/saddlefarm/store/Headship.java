package saddlefarm.store;

/** The right to be the head of a farm of many nodes. */
public interface Headship extends AutoCloseable {

    /** Whether it has not been lost. May wait for the store to answer. */
    boolean lasts();

    /** Gives it up. */
    @Override
    void close();
}

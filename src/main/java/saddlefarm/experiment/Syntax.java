package saddlefarm.experiment;

/** How the text of an experiment is written. */
public enum Syntax {
    /** With JSON in it. */
    HOCON,

    /** To the letter: no comments, no key twice. */
    JSON
}

package saddlefarm.report;

/**
 * A drawing that can go into a paper, with the numbers behind it.
 *
 * @param name file name without ending: lower-case letters, digits, dots and dashes, and no other figure's of the page
 * @param title in a few words
 * @param caption what is drawn, in sentences, for a reader who has only the figure
 * @param svg the drawing: a document by itself
 * @param csv the numbers that are drawn, with a header; what is drawn thinned is here in full or says so in its caption
 */
public record Figure(String name, String title, String caption, String svg, String csv) {

    public Figure {
        if (!name.matches("[a-z0-9][a-z0-9.-]*")) {
            throw new IllegalArgumentException("no name of a figure: " + name);
        }
    }
}

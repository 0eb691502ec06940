package saddlefarm.report;

import java.util.List;

/**
 * A table for people, whether they read it on a terminal or on a page.
 *
 * @param rows each with a cell for each column
 */
public record Listing(List<String> header, List<List<String>> rows) {

    public Listing {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
    }
}
